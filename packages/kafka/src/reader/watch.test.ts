import { type SubscribeOptions, type TailEvent } from './tail.js';
import { malformedCursor } from './cursor.js';
import { watch, watchProblems } from './watch.js';

const events: TailEvent<number>[] = [
  { kind: 'reset', cursor: 'a' },
  { kind: 'item', item: 1, cursor: 'b' },
  { kind: 'idle', cursor: 'c' },
  { kind: 'item', item: 2, cursor: 'd' },
];

describe('watching a tail', () => {
  it('gives a change, a sign of life or a reset, each with the cursor to go on from', async () => {
    const { responses } = await watched({ cursor: '', heartbeatMs: 0 });

    expect(responses).toMatchObject([
      { cursor: 'a', change: { $case: 'reset', value: { reason: expect.stringContaining('lists') } } },
      { cursor: 'b', change: 'change 1' },
      { cursor: 'c', change: undefined },
      { cursor: 'd', change: 'change 2' },
    ]);
  });

  it('begins now without a cursor, and beats every 15 seconds unless asked for another time', async () => {
    expect((await watched({ cursor: '', heartbeatMs: 0 })).asked).toMatchObject({ from: 'latest', idleMs: 15_000 });
    expect((await watched({ cursor: 'x', heartbeatMs: 1_000 })).asked).toMatchObject({ from: 'x', idleMs: 1_000 });
  });

  it.each([
    ['a cursor too long', { cursor: 'x'.repeat(8_193), heartbeatMs: 0 }, ['cursor']],
    ['a heartbeat too quick', { cursor: '', heartbeatMs: 999 }, ['heartbeat_ms']],
    ['a heartbeat too slow', { cursor: '', heartbeatMs: 60_001 }, ['heartbeat_ms']],
    ['nothing unusual', { cursor: 'x'.repeat(8_192), heartbeatMs: 60_000 }, []],
  ])('says what is wrong with %s', (_what, request, fields) => {
    expect(watchProblems(request).map(({ field }) => field)).toEqual(fields);
  });

  it('refuses what is no cursor under the code of its service, and names the field', async () => {
    const changes = watch(
      { subscribe: () => refused() },
      { cursor: 'x', heartbeatMs: 0 },
      { filter: () => true, changeOf: String, signal: new AbortController().signal, refusalCode: 'x.y' },
    );

    await expect(changes.next()).rejects.toMatchObject({
      kind: 'invalid',
      code: 'x.y',
      violations: [{ field: 'cursor' }],
    });
  });
});

async function* refused(): AsyncGenerator<TailEvent<number>> {
  yield await Promise.reject<TailEvent<number>>(malformedCursor());
}

async function watched(request: { cursor: string; heartbeatMs: number }) {
  const asked: SubscribeOptions<number>[] = [];
  async function* subscribe(options: SubscribeOptions<number>) {
    asked.push(options);
    for (const event of events) yield await Promise.resolve(event);
  }
  const { signal } = new AbortController();
  const changes = watch({ subscribe }, request, {
    filter: () => true,
    changeOf: (item) => `change ${item}`,
    signal,
    refusalCode: 'x.y',
  });
  const responses = [];
  for await (const response of changes) responses.push(response);
  return { asked: asked[0], responses };
}
