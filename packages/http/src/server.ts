import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Component } from '@switchboard/service-kit';
import type { Express } from 'express';

export interface HttpServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly app: Express;
  /** How long requests under way may go on when the server stops. */
  readonly drainMs?: number;
}

export interface HttpServer extends Component {
  readonly port: () => number;
}

/** Longer than balancers keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_MS = 65_000;

/**
 * An Express app on all addresses of both families. Requests and responses are born with Express's prototypes: swapping
 * them later, as Express does, makes Node's own HTTP code slow.
 */
export function httpServer({ port, app, drainMs = 10_000 }: HttpServerOptions): HttpServer {
  const server = createServer(bornWith(app), app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  return {
    name: 'http',
    port: () => (server.address() as AddressInfo).port,
    async start() {
      server.listen(port, '::');
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, drainMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function bornWith(app: Express): { IncomingMessage: typeof IncomingMessage; ServerResponse: typeof ServerResponse } {
  function Request(...args: unknown[]): object {
    return Reflect.construct(IncomingMessage, args, Request) as object;
  }
  function Response(...args: unknown[]): object {
    return Reflect.construct(ServerResponse, args, Response) as object;
  }
  Request.prototype = app.request;
  Response.prototype = app.response;
  return {
    IncomingMessage: Request as unknown as typeof IncomingMessage,
    ServerResponse: Response as unknown as typeof ServerResponse,
  };
}
