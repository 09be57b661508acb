import { Failure } from '@switchboard/errors';
import {
  createAggregates,
  createMemoryStore,
  type AggregateDefinition,
  type EncodedEvent,
  type LogInput,
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
    value: codec.encode(JSON.stringify(said)),
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

function counters(options: { publish?: (events: readonly EncodedEvent[]) => Promise<void> } = {}) {
  const store = createMemoryStore();
  const published: EncodedEvent[] = [];
  const projected: string[] = [];
  const aggregates = createAggregates({
    definition: counter,
    store,
    publish: (events) => {
      published.push(...events);
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
  return { aggregates, store, published, projected };
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

  it('refuse a state whose fields would hide the mechanism', () => {
    const definition = { ...counter, empty: () => ({ total: 0, out: [] }) };

    expect(() =>
      createAggregates({ definition, store: createMemoryStore(), publish: () => Promise.resolve() }),
    ).toThrow('a state cannot have a field named out');
  });
});
