import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type Clock, systemClock } from './clock.js';
import { createControl } from './control/control.js';
import { controlRouter } from './control/router.js';
import { createEngine } from './engine.js';
import type { Faults } from './faults.js';
import { graphRouter } from './graph/router.js';
import type { Limits } from './limits.js';
import { type Callback, createReceiver } from './webhooks/callback.js';
import type { BusinessNumber } from './world.js';

export interface SimulatorOptions {
  /** 0 or nothing: a free one. */
  readonly port?: number;
  readonly host?: string;
  /** How others reach us, where that is not the address we listen on. */
  readonly publicUrl?: string;
  /** Same seed, same clock, same calls: same webhooks. */
  readonly seed?: string;
  readonly numbers?: readonly (Omit<BusinessNumber, 'verified_name'> & { readonly verified_name?: string })[];
  readonly webhook?: Callback;
  /** Empty: any token is good. */
  readonly accessTokens?: readonly string[];
  readonly faults?: Partial<Faults>;
  readonly limits?: Partial<Limits>;
  readonly payloadVersion?: 'v23' | 'v24';
  readonly clock?: Clock;
  readonly retryGapsMs?: readonly number[];
  /** How long a receiver may take, in real time. */
  readonly webhookTimeoutMs?: number;
  /** Posts on their way at the same time. */
  readonly webhookConnections?: number;
  readonly keepMessages?: number;
}

export const demoNumber: BusinessNumber = {
  phone_number_id: '341280095512345',
  waba_id: '215589313241560',
  display_phone_number: '15550140077',
  verified_name: 'Demo',
};

const PORTFOLIO_ID = '506914307656634';

export type Simulator = ReturnType<typeof createSimulator>;

/** A Meta of one's own: Graph API, webhooks, control API and a page, in one HTTP server. */
export function createSimulator(options: SimulatorOptions = {}) {
  const clock = options.clock ?? systemClock({ onError: report });
  const receiver = createReceiver({
    timeoutMs: options.webhookTimeoutMs ?? 10_000,
    connections: options.webhookConnections ?? 64,
  });
  const engine = createEngine({
    clock,
    receiver,
    seed: options.seed ?? 'switchboard',
    numbers: (options.numbers ?? [demoNumber]).map((number) => ({ verified_name: 'Demo', ...number })),
    portfolioId: PORTFOLIO_ID,
    faults: options.faults ?? {},
    limits: options.limits ?? {},
    payloadVersion: options.payloadVersion ?? 'v24',
    retryGapsMs: options.retryGapsMs,
    keepMessages: options.keepMessages ?? 100_000,
  });
  const control = createControl(engine);
  const app = express().disable('x-powered-by').disable('etag');
  app.get('/', async (_request, response) => {
    response.type('html').send(await readFile(new URL('../page/index.html', import.meta.url)));
  });
  app.get('/ready', (_request, response) => {
    response.json({ ready: true, webhook: control.state().webhook });
  });
  app.use('/control', controlRouter(control, engine.watch));
  app.use(graphRouter(engine, options.accessTokens ?? []));
  const server = createServer(app);

  return {
    clock,
    control,
    /** Listens, and verifies the callback address once; an address that is not up yet is tried again and again. */
    async start(): Promise<{ url: string; port: number }> {
      server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const host = options.host === undefined || options.host === '0.0.0.0' ? '127.0.0.1' : options.host;
      const url = `http://${host}:${port}`;
      engine.baseUrl = options.publicUrl ?? url;
      if (options.webhook) await engine.addresses.set(options.webhook);
      return { url, port };
    },
    /** Cuts whatever hangs; webhooks that were not delivered are forgotten. */
    stop: async (): Promise<void> => {
      clock.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await receiver.close();
    },
  };
}

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
