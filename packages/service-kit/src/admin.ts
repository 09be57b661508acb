import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Component } from './component.js';

/** What the probes ask. */
export interface Health {
  /** Every part has started once, and the process is not draining. Dependencies never take it back. */
  readonly isReady: () => boolean;
  /** What it waits for, for people who look. */
  readonly waitsFor: () => string;
}

/** The one admin port of a service: `/live`, `/ready`, `/metrics`. Listens on all addresses of both families. */
export function adminServer(
  port: number,
  health: Health,
  metrics: Registry,
): Component & { readonly port: () => number } {
  const server = createServer((request, response) => {
    switch (request.url) {
      case '/live':
        answer(response, 200, 'the event loop turns\n');
        break;
      case '/ready':
        if (health.isReady()) answer(response, 200, 'ready\n');
        else answer(response, 503, `not ready: ${health.waitsFor()}\n`);
        break;
      case '/metrics':
        metrics.metrics().then(
          (text) => {
            response.setHeader('content-type', metrics.contentType);
            answer(response, 200, text);
          },
          (error: unknown) => {
            answer(response, 500, `${String(error)}\n`);
          },
        );
        break;
      default:
        answer(response, 404, 'one of /live, /ready, /metrics\n');
    }
  });
  return {
    name: 'admin',
    port: () => (server.address() as AddressInfo).port,
    async start() {
      server.listen(port, '::');
      await once(server, 'listening');
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(text);
}
