import { Failure } from '@switchboard/errors';
import { createTestClock, type TestClock } from '@switchboard/testing';
import {
  createAggregates,
  createMemoryStore,
  type AggregateDefinition,
  type AggregateStore,
  type EncodedEvent,
  type LogInput,
  type MemoryStore,
} from './index.js';

interface Counter {
  readonly total: number;
  readonly lastBy?: string;
}
interface Add {
  readonly by: number;
  readonly who?: string;
}
type Said = { readonly kind: 'added'; readonly by: number } | { readonly kind: 'alarm' };

const codec = new TextEncoder();

const counter: AggregateDefinition<Counter, Add, Said, number> = {
  name: 'counters',
  topic: 'counter.events',
  empty: () => ({ total: 0 }),
  fold(state, { by, who }) {
    if (by === 0) throw new Failure('invalid', 'counter.nothing', 'nothing to add');
    const total = state.total + by;
    const events: Said[] = [{ kind: 'added', by }];
    if (total > 100) events.push({ kind: 'alarm' });
    return { state: { ...state, total, ...(who === undefined ? {} : { lastBy: who }) }, events, result: total };
  },
  encode: (said, { aggregateId, sequence, index }) => ({
    topic: said.kind === 'added' ? 'counter.events' : 'alarms',
    key: aggregateId,
    type: said.kind,
    id: `${aggregateId}:${sequence}:${index}`,
    time: new Date(0),
    headers: {},
    value: said.kind === 'added' && said.by === BIG ? new Uint8Array(400_000) : codec.encode(JSON.stringify(said)),
  }),
  isOwn: ({ kind }) => kind === 'added',
  setAside: ({ aggregateId, position, reason }) => ({
    topic: 'counter.set-aside',
    key: aggregateId,
    type: 'SetAside',
    id: `${position.code}:${position.partition}:${position.offset}`,
    time: new Date(0),
    headers: { reason },
    value: new Uint8Array(),
  }),
};

const never = new AbortController().signal;

const BIG = 50;
const away = () => new Failure('unavailable', 'kafka.unreachable', 'nobody answers');

function counters(
  options: {
    publish?: (events: readonly EncodedEvent[]) => Promise<void>;
    store?: MemoryStore;
    change?: (store: AggregateStore) => AggregateStore;
    clock?: TestClock;
  } = {},
) {
  const store = options.store ?? createMemoryStore();
  const { clock } = options;
  const published: EncodedEvent[] = [];
  const projected: string[] = [];
  const sends: number[] = [];
  const aggregates = createAggregates({
    definition: counter,
    store: options.change?.(store) ?? store,
    ...(clock ? { clock: { now: () => clock.now().getTime(), after: clock.after } } : {}),
    random: () => 0.5,
    publish: (events) => {
      published.push(...events);
      sends.push(events.reduce((sum, { value }) => sum + value.length, 0));
      return options.publish?.(events) ?? Promise.resolve();
    },
    project: (written) => {
      for (const { aggregateId, entries } of written) {
        for (const { sequence, own } of entries) if (own) projected.push(`${aggregateId}:${sequence}`);
      }
      return Promise.resolve();
    },
  });
  aggregates.assigned(0, new Map());
  return { aggregates, store, published, projected, sends };
}

const input = (offset: number, aggregateId: string, by: number): LogInput<Add> => ({
  aggregateId,
  position: { code: 'm1', partition: 0, offset },
  input: { by },
});

describe('aggregates', () => {
  it('apply the inputs of a log in order, publish and project what they cause', async () => {
    const { aggregates, published, projected } = counters();

    const { done } = await aggregates.apply([input(0, 'a', 1), input(1, 'b', 5), input(2, 'a', 2)], never);
    await done;

    expect((await aggregates.read('a'))?.state).toEqual({ total: 3 });
    expect(published.map(({ id }) => id)).toEqual(['a:1:0', 'a:2:0', 'b:1:0']);
    expect(projected).toEqual(['a:1', 'a:2', 'b:1']);
  });

  it('drop an input that comes again', async () => {
    const { aggregates, published } = counters();

    await (
      await aggregates.apply([input(0, 'a', 1)], never)
    ).done;
    await (
      await aggregates.apply([input(0, 'a', 1), input(1, 'a', 1)], never)
    ).done;

    expect(await aggregates.read('a')).toMatchObject({ state: { total: 2 }, sequence: 2 });
    expect(published.map(({ id }) => id)).toEqual(['a:1:0', 'a:2:0']);
  });

  it('number events for other topics behind the sequence of the one that caused them', async () => {
    const { aggregates, published } = counters();

    await (
      await aggregates.apply([input(0, 'a', 101), input(1, 'a', 1)], never)
    ).done;

    expect(published.map(({ id }) => id)).toEqual(['a:1:0', 'a:1:1', 'a:2:0', 'a:2:1']);
  });

  it('fold commands that meet into one write, and answer each', async () => {
    const { aggregates, store } = counters();

    const results = await Promise.all([1, 2, 3].map((by) => aggregates.command('a', { by })));

    expect(results).toEqual([1, 3, 6]);
    expect(store.documents.get('a')?.version).toBe(1);
  });

  it('throw at the caller what the fold throws, and write nothing', async () => {
    const { aggregates, store } = counters();

    await expect(aggregates.command('a', { by: 0 })).rejects.toMatchObject({ code: 'counter.nothing' });

    expect(store.documents.size).toBe(0);
  });

  it('set a poison input aside in the document, and go on with its neighbours', async () => {
    const { aggregates, published } = counters();

    await (
      await aggregates.apply([input(0, 'a', 1), input(1, 'a', 0), input(2, 'a', 2)], never)
    ).done;

    expect((await aggregates.read('a'))?.state).toEqual({ total: 3 });
    expect(published.map(({ id }) => id)).toEqual(['a:1:0', 'm1:0:1', 'a:2:0']);
    expect(published[1]?.headers).toEqual({ reason: 'counter.nothing' });
  });

  it('let no later event pass one whose send failed (rule 6)', async () => {
    let failures = 2;
    const arrived: string[] = [];
    const { aggregates } = counters({
      publish: (events) => {
        if (failures-- > 0) return Promise.reject(new Failure('unavailable', 'kafka.unreachable', 'away'));
        arrived.push(...events.map(({ id }) => id));
        return Promise.resolve();
      },
    });

    const first = await aggregates.apply([input(0, 'a', 1)], never);
    const second = await aggregates.apply([input(1, 'a', 1)], never);
    await Promise.all([first.done, second.done]);

    expect(arrived).toEqual(['a:1:0', 'a:2:0']);
  });

  it('drop in the next write what is published, and clear what a command said', async () => {
    const { aggregates, store } = counters();

    await (
      await aggregates.apply([input(0, 'a', 1)], never)
    ).done;
    await (
      await aggregates.apply([input(1, 'a', 1)], never)
    ).done;
    await aggregates.command('b', { by: 1 });
    await aggregates.stop();

    expect(store.documents.get('a')?.out.map(({ sequence }) => sequence)).toEqual([2]);
    expect(store.documents.get('b')).toMatchObject({ out: [], outAt: null, version: 1 });
  });

  it('take away what is erased and go on with its sequence', async () => {
    const { aggregates, published } = counters();
    await (
      await aggregates.apply([input(0, 'a', 1)], never)
    ).done;

    expect(await aggregates.erase('a')).toBe(true);

    expect(await aggregates.read('a')).toBeNull();
    await (
      await aggregates.apply([input(0, 'a', 1), input(1, 'a', 7)], never)
    ).done;
    expect(await aggregates.read('a')).toMatchObject({ state: { total: 7 }, sequence: 2 });
    expect(published.map(({ id }) => id)).toEqual(['a:1:0', 'a:2:0']);
  });

  it('reject what is not written yet when the partition is taken away', async () => {
    const { aggregates } = counters();
    const controller = new AbortController();

    const applied = aggregates.apply([input(0, 'a', 1)], controller.signal);
    controller.abort();

    await expect(applied).rejects.toMatchObject({ code: 'aggregates.abandoned' });
  });

  it('tell those who wait when the process stops while Kafka is away', async () => {
    const clock = createTestClock();
    const { aggregates } = counters({ clock, publish: () => Promise.reject(away()) });
    const { done } = await aggregates.apply([input(0, 'a', 1)], never);

    const stopped = aggregates.stop();
    await clock.advance(10_000);
    await stopped;

    await expect(done).rejects.toMatchObject({ code: 'aggregates.abandoned' });
    await expect(aggregates.command('a', { by: 1 })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('give up a command whose time is over while the store is away, and say that it may have been applied', async () => {
    const clock = createTestClock();
    const { aggregates } = counters({ clock, change: (store) => ({ ...store, find: () => Promise.reject(away()) }) });

    const command = aggregates.command('a', { by: 1 }, { timeoutMs: 2_000 });
    const refused = expect(command).rejects.toMatchObject({ code: 'aggregates.time-out' });
    await clock.advance(2_000);

    await refused;
  });

  it('publish what another process left behind (rule 8)', async () => {
    const store = createMemoryStore();
    const clock = createTestClock();
    const dying = counters({ clock, store, publish: () => new Promise(() => undefined) });
    await dying.aggregates.command('a', { by: 1 });
    const { aggregates, published } = counters({ clock, store });

    await aggregates.start();
    await clock.advance(30_000);

    expect(published.map(({ id }) => id)).toEqual(['a:1:0']);
    expect(store.documents.get('a')).toMatchObject({ out: [], outAt: null });
  });

  it('write a crowd of big events in several writes, each published before the next (rules 17 and 18)', async () => {
    const { aggregates, published, sends } = counters();
    const crowd = Array.from({ length: 30 }, (_, offset) => input(offset, 'a', BIG));

    await (
      await aggregates.apply(crowd, never)
    ).done;

    expect(published.filter(({ type }) => type === 'added')).toHaveLength(30);
    expect(Math.max(...sends)).toBeLessThanOrEqual(900_000);
    expect((await aggregates.read('a'))?.sequence).toBe(30);
  });

  it('refuse the command, and set the input aside, that a store can never keep', async () => {
    const refuse = (store: AggregateStore): AggregateStore => ({
      ...store,
      write: async (writes) => {
        const index = writes.findIndex(({ set }) => set['total'] === 13);
        if (index < 0) return store.write(writes);
        return {
          lost: [],
          refused: new Map([[0, new Failure('conflict', 'aggregates.duplicate', 'taken')]]),
          inserted: 0,
        };
      },
    });
    const { aggregates, published } = counters({ change: refuse });

    await expect(aggregates.command('a', { by: 13 })).rejects.toMatchObject({ kind: 'conflict' });
    await (
      await aggregates.apply([input(0, 'a', 13), input(1, 'b', 1)], never)
    ).done;

    expect(published.map(({ id }) => id).sort()).toEqual(['b:1:0', 'm1:0:0']);
  });

  it('refuse a state whose fields would hide the mechanism', () => {
    const definition = { ...counter, empty: () => ({ total: 0, out: [] }) };

    expect(() =>
      createAggregates({ definition, store: createMemoryStore(), publish: () => Promise.resolve() }),
    ).toThrow('a state cannot have a field named out');
  });
});
