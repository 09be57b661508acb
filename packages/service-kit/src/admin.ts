import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gauge, Registry } from 'prom-client';
import type { Component } from './component.js';

/** What the probes ask. */
export interface Health {
  /** Every part has started once, and the process is not draining. Dependencies never take it back. */
  readonly isReady: () => boolean;
  /** What it waits for, for people who look. */
  readonly waitsFor: () => string;
}

/**
 * The one admin port of a service: `/live`, `/ready`, `/metrics`. Listens on all addresses of both families. What is
 * away stands in the body of `/ready` (every gauge named `…degraded` that is not 0) and never in its status: it would
 * withdraw all pods at once.
 */
export function adminServer(
  port: number,
  health: Health,
  metrics: Registry,
): Component & { readonly port: () => number } {
  const server = createServer((request, response) => {
    answer(request.url?.split('?', 1)[0], response).catch((error: unknown) => {
      say(response, 500, `${String(error)}\n`);
    });
  });

  async function answer(path: string | undefined, response: ServerResponse): Promise<void> {
    switch (path) {
      case '/live':
        say(response, 200, 'the event loop turns\n');
        break;
      case '/ready':
        if (health.isReady()) say(response, 200, ['ready', ...(await degraded(metrics)), ''].join('\n'));
        else say(response, 503, `not ready: ${health.waitsFor()}\n`);
        break;
      case '/metrics':
        say(response, 200, await metrics.metrics(), metrics.contentType);
        break;
      default:
        say(response, 404, 'one of /live, /ready, /metrics\n');
    }
  }

  return {
    name: 'admin',
    port: () => (server.address() as AddressInfo).port,
    async start() {
      server.listen(port, '::');
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** `degraded: kafka producer`: one line per gauge and label that says something is away. */
async function degraded(metrics: Registry): Promise<string[]> {
  const names = metrics
    .getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => name.endsWith('degraded'));
  const gauges = await Promise.all(
    names.map(async (name) => ({ name, values: (await (metrics.getSingleMetric(name) as Gauge).get()).values })),
  );
  return gauges.flatMap(({ name, values }) =>
    values
      .filter(({ value }) => value > 0)
      .map(({ labels }) => `degraded: ${[name.replace(/_?degraded$/, ''), ...Object.values(labels)].join(' ')}`),
  );
}

function say(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(text);
}
