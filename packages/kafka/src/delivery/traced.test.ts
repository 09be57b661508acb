import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { startTracing } from '@switchboard/service-kit';
import { type Chunk, type HandleChunk } from '../group/types.js';
import { placeOf } from './place.js';
import { traced } from './traced.js';

const trace = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const context = { signal: new AbortController().signal };
const chunkOf = (...headers: Record<string, string>[]): Chunk => ({
  topic: 'whatsapp.messages',
  code: 'm1',
  partition: 3,
  records: headers.map((each, offset) => ({ offset, key: 'k', value: null, headers: each, timestamp: 0 })),
});

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

describe('the place of a record', () => {
  it.each([
    [{ traceparent: trace('1') }, trace('1')],
    [{ traceparent: 'anything' }, undefined],
    [{}, undefined],
  ])('holds its trace, where it has one: %j', (headers, traceparent) => {
    const chunk = chunkOf(headers);

    expect(placeOf(chunk, chunk.records[0]!)).toEqual({ code: 'm1', partition: 3, offset: 0, traceparent });
  });
});

describe('handling records', () => {
  it('is left alone where no traces are collected', () => {
    const handle: HandleChunk = () => Promise.resolve({ done: Promise.resolve() });

    expect(traced('routing', handle)).toBe(handle);
  });

  it('is a span of each record’s own trace until what it caused is done', async () => {
    const collector = await openCollector();
    const stop = await startTracing('routing', 'routing-0', collector.url);
    const gone = Object.assign(new Error('gone'), { name: 'Gone' });
    const good = traced('routing', () => Promise.resolve({ done: Promise.resolve() }));
    const undone = traced('routing', () => Promise.resolve({ done: Promise.reject(gone) }));
    const broken = traced('routing', () => Promise.reject(gone));

    await (
      await good(chunkOf({ traceparent: trace('1') }, {}, { traceparent: trace('2') }), context)
    ).done;
    await (await undone(chunkOf({ traceparent: trace('3') }), context)).done.catch(() => undefined);
    await expect(broken(chunkOf({ traceparent: trace('4') }), context)).rejects.toThrow('gone');
    await stop();

    expect(collector.spans().map(({ name, traceId, status }) => [name, traceId[0], status.message])).toEqual([
      ['process whatsapp.messages', '1', undefined],
      ['process whatsapp.messages', '2', undefined],
      ['process whatsapp.messages', '3', 'Gone'],
      ['process whatsapp.messages', '4', 'Gone'],
    ]);
    collector.close();
  });
});

async function openCollector() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans)));
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans: () => spans,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
