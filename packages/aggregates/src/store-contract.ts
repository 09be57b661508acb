import type { AggregateStore, AggregateWrite, OutEntry } from './store.js';

/** What every store of aggregates promises, whatever it is made of. Needs jest's globals. */
export function aggregateStoreContract(name: string, open: () => Promise<AggregateStore>): void {
  describe(`the ${name} store of aggregates`, () => {
    it('keeps what was written, with every kind of value', async () => {
      const store = await open();
      const set = {
        text: 'a',
        count: 3,
        list: [{ at: new Date(5) }, null],
        nested: { deep: { x: 1 } },
        nothing: null,
        money: 9_007_199_254_740_993n,
        small: 5n,
      };
      const out = [
        entry(1, 0, { cause: { code: 'm1', partition: 7, offset: 90_213 } }),
        entry(1, 1, { writtenAt: 1_000, event: event({ topic: 'timers', headers: {} }) }),
      ];

      await store.write([write('a', 0, { sequence: 1, index: 1, src: { m1: 90_213 }, set, out, outAt: 1_000 })]);

      const [found] = await store.find(['a', 'b']);
      expect(found).toMatchObject({
        id: 'a',
        version: 1,
        sequence: 1,
        index: 1,
        src: { m1: 90_213 },
        state: set,
        outAt: 1_000,
        holes: [],
        gone: false,
      });
      expect(found?.out.map(comparable)).toEqual(out.map(comparable));
    });

    it('changes only the fields that are named, and takes away those that are named', async () => {
      const store = await open();
      await store.write([write('a', 0, { src: { m1: 4, s1: 9 }, set: { kept: 1, changed: 1, dropped: 1 } })]);

      await store.write([write('a', 1, { src: { m1: 5 }, set: { changed: 2 }, unset: ['dropped'] })]);

      const [found] = await store.find(['a']);
      expect(found).toMatchObject({ version: 2, src: { m1: 5, s1: 9 } });
      expect(found?.state).toEqual({ kept: 1, changed: 2 });
    });

    it('adds to the end of a list, and takes away from its front', async () => {
      const store = await open();
      const values = [3n, 4n].map((amount) => ({ amount, at: new Date(5) }));
      await store.write([write('a', 0, { set: { list: [{ amount: 1n }, { amount: 2n }] } })]);

      await store.write([write('a', 1, { append: { list: { values, keep: 3 } } })]);
      expect((await store.find(['a']))[0]?.state).toEqual({ touched: 1, list: [{ amount: 2n }, ...values] });

      await store.write([write('a', 2, { append: { list: { values: [], keep: 1 } } })]);
      expect((await store.find(['a']))[0]?.state).toEqual({ touched: 2, list: values.slice(1) });
    });

    it('adds nothing where the compare-and-set is lost', async () => {
      const store = await open();
      await store.write([write('a', 0, { set: { list: [1] } })]);

      const { lost } = await store.write([write('a', 7, { append: { list: { values: [2], keep: 2 } } })]);

      expect(lost).toEqual([0]);
      expect((await store.find(['a']))[0]?.state).toMatchObject({ list: [1] });
    });

    it('names the writes that lost their compare-and-set and applies the others', async () => {
      const store = await open();
      await store.write([write('a', 0), write('b', 0), write('c', 0)]);
      await store.write([write('b', 1)]);

      const outcome = await store.write([write('a', 1), write('b', 1), write('c', 0), write('d', 0)]);

      expect([...outcome.lost].sort()).toEqual([1, 2]);
      expect(outcome.inserted).toBe(1);
      const found = await store.find(['a', 'b', 'c', 'd']);
      expect(new Map(found.map(({ id, version }) => [id, version]))).toEqual(
        new Map([
          ['a', 2],
          ['b', 2],
          ['c', 1],
          ['d', 1],
        ]),
      );
    });

    it('reports more documents than were expected when an update meets nothing', async () => {
      const store = await open();

      const outcome = await store.write([write('torso', 5, { set: { only: 'this' } })]);

      expect(outcome).toMatchObject({ lost: [], inserted: 1 });
    });

    it('clears only where the version is still the same, and does not raise it', async () => {
      const store = await open();
      const out = [entry(1, 0, { writtenAt: 1_000 })];
      await store.write([write('same', 0, { out, outAt: 1_000 }), write('moved', 0, { out, outAt: 1_000 })]);
      await store.write([write('moved', 1, { out, outAt: 1_000 })]);

      await store.clear([
        { id: 'same', version: 1 },
        { id: 'moved', version: 1 },
      ]);

      const found = await store.find(['same', 'moved']);
      const lengths = new Map(found.map(({ id, version, out: left, outAt }) => [id, [version, left.length, outAt]]));
      expect(lengths.get('same')).toEqual([1, 0, null]);
      expect(lengths.get('moved')).toEqual([2, 1, 1_000]);
    });

    it('finds what commands left, and nothing else', async () => {
      const store = await open();
      const out = [entry(1, 0, { writtenAt: 1_000 })];
      await store.write([
        write('old', 0, { out, outAt: 1_000 }),
        write('young', 0, { out, outAt: 9_000 }),
        write('by-log', 0, { out: [entry(1, 0, { cause: { code: 'm1', partition: 0, offset: 1 } })], outAt: null }),
      ]);

      expect((await store.leftovers(5_000, 10)).map(({ id }) => id)).toEqual(['old']);
    });

    it('leaves version, sequence and positions of what is erased, and knows what to wipe again', async () => {
      const store = await open();
      await store.write([write('a', 0, { sequence: 3, src: { m1: 8 }, set: { secret: 1 } })]);

      expect(await store.graves.bury('a', 7, 2_000)).toBe(false);
      expect(await store.graves.bury('a', 1, 2_000)).toBe(true);

      const [grave] = await store.find(['a']);
      expect(grave).toMatchObject({ version: 2, sequence: 3, src: { m1: 8 }, state: {}, gone: true });
      expect(await store.graves.due(1_999, 10)).toEqual([]);
      expect(await store.graves.due(2_000, 10)).toEqual([{ id: 'a', upTo: 3 }]);
      await store.graves.settle('a');
      expect(await store.graves.due(2_000, 10)).toEqual([]);
    });

    it('takes an erased aggregate up again', async () => {
      const store = await open();
      await store.write([write('a', 0, { sequence: 3, set: { secret: 1 } })]);
      await store.graves.bury('a', 1, 2_000);

      await store.write([write('a', 2, { sequence: 4, set: { fresh: 1 }, revived: true })]);

      const [found] = await store.find(['a']);
      expect(found).toMatchObject({ version: 3, sequence: 4, state: { fresh: 1 }, gone: false });
      expect(await store.graves.due(2_000, 10)).toEqual([{ id: 'a', upTo: 3 }]);
    });

    it('keeps the holes', async () => {
      const store = await open();
      const holes = [{ source: 'r', from: 4, to: 9, parked: true }];

      await store.write([write('a', 0, { holes })]);
      await store.write([write('a', 1)]);

      expect((await store.find(['a']))[0]?.holes).toEqual(holes);
    });
  });
}

function write(id: string, expected: number, change: Partial<AggregateWrite> = {}): AggregateWrite {
  return {
    id,
    expected,
    sequence: 1,
    index: 0,
    src: {},
    set: { touched: expected },
    append: {},
    unset: [],
    out: [],
    outAt: null,
    revived: false,
    ...change,
  };
}

function entry(sequence: number, index: number, change: Partial<OutEntry>): OutEntry {
  return { sequence, index, own: index === 0, event: event({}), ...change };
}

function event(change: Partial<OutEntry['event']>): OutEntry['event'] {
  return {
    topic: 'things',
    key: 'k',
    type: 'Happened',
    id: 'a:1',
    time: new Date(77),
    headers: { org: 'o' },
    value: Buffer.from('bytes'),
    ...change,
  };
}

const comparable = (one: OutEntry) => ({ ...one, event: { ...one.event, value: Buffer.from(one.event.value) } });
