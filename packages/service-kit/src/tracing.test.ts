import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { startTracing, traceParent, withSpan } from './index.js';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: unknown };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

describe('traces', () => {
  it('cost nothing and say nothing without a place to go', async () => {
    const stop = await startTracing('example', 'example-0', undefined);

    expect(await withSpan('work', { parent, kind: 'server' }, () => Promise.resolve(traceParent()))).toBeUndefined();
    await stop();
  });

  it('go on with the trace that came by a header, and reach the collector before the process ends', async () => {
    const collector = await openCollector();
    const stop = await startTracing('example', 'example-0', `${collector.url}/v1/traces`);

    const inside = await withSpan('outer', { parent, kind: 'consumer' }, () =>
      withSpan('inner', {}, () => Promise.resolve(traceParent())),
    );
    await withSpan('broken', { parent }, () => Promise.reject(new TypeError('private words'))).catch(() => undefined);
    await stop();

    expect(inside).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    const spans = collector.spans();
    expect(spans.map(({ name }) => name).sort()).toEqual(['broken', 'inner', 'outer']);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(spans.find(({ name }) => name === 'outer')).toMatchObject({ kind: 5, parentSpanId: 'b7ad6b7169203331' });
    expect(spans.find(({ name }) => name === 'broken')?.status).toEqual({ code: 2, message: 'TypeError' });
    expect(JSON.stringify(collector.exports)).toContain('"example"');
    collector.close();
  });
});

async function openCollector() {
  const exports: Export[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      if (request.url === '/v1/traces') exports.push(body as Export);
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    spans: () =>
      exports.flatMap((each) => each.resourceSpans).flatMap((each) => each.scopeSpans.flatMap((s) => s.spans)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
