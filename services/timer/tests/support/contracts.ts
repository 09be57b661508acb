import { type Write } from '../../src/domain/fold-commands.js';
import { type Glance, type Shards, type TimerStore } from '../../src/use-cases/ports.js';

/** What every TimerStore promises, whatever it is made of. */
export function timersContract(name: string, open: () => TimerStore): void {
  let shards = 0;
  /** A shard that no other test has. */
  const fresh = () => {
    shards += 1;
    const number = 1_000 + shards;
    return { first: { number, epoch: 1 }, second: { number, epoch: 2 }, id: `routing/${name}-${number}` };
  };
  const content = { firedKey: 'number', payload: Buffer.from('remember') };
  const arm = (id: string, version: number, due: number): Write => ({ id, version, due, content, isCancelled: false });
  const reset = (id: string, version: number, due: number): Write => ({ id, version, due, isCancelled: false });
  const cancel = (id: string, version: number, due: number): Write => ({ id, version, due, isCancelled: true });
  const look = async (store: TimerStore, shard: number, until = 1e13, from = -Infinity): Promise<Glance[]> => {
    const found: Glance[] = [];
    for await (const page of store.scan(shard, from, until)) found.push(...page);
    return found;
  };

  describe(`${name} timers`, () => {
    it('keep what is armed, whole', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      const traced = { ...content, org: 'acme', traceparent: '00-1' };

      const written = await timers.apply(first, [{ ...arm(id, 1, 5_000), content: traced }]);

      expect(written).toEqual({ made: 1, changed: 0 });
      const [timer] = await timers.read([id, 'routing/nobody']);
      expect(timer).toMatchObject({ id, owner: 'routing', shard: first.number, version: 1, due: 5_000, epoch: 1 });
      expect(timer).toMatchObject({ isCancelled: false, firedKey: 'number', org: 'acme', traceparent: '00-1' });
      expect(Buffer.from(timer?.payload ?? []).toString()).toBe('remember');
    });

    it('TM-1 take a version once, and none that goes backwards', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(first, [arm(id, 5, 5_000)]);

      const again = await timers.apply(first, [arm(id, 5, 6_000)]);
      const back = await timers.apply(first, [reset(id, 4, 7_000)]);

      expect([again, back]).toEqual([
        { made: 0, changed: 0 },
        { made: 0, changed: 0 },
      ]);
      expect(await timers.read([id])).toMatchObject([{ version: 5, due: 5_000 }]);
    });

    it('apply the others when some of many are old', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(first, [arm(`${id}b`, 9, 1)]);

      const written = await timers.apply(first, [arm(`${id}a`, 1, 1), arm(`${id}b`, 1, 1), arm(`${id}c`, 1, 1)]);

      expect(written).toEqual({ made: 2, changed: 0 });
    });

    it('leave the look-again time where it is when the deadline moves later, and take it along when earlier', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(first, [arm(id, 1, 5_000)]);

      await timers.apply(first, [reset(id, 2, 9_000)]);
      const later = await look(timers, first.number);
      await timers.apply(first, [reset(id, 3, 2_000)]);
      const earlier = await look(timers, first.number);

      expect(later).toMatchObject([{ id, version: 2, due: 9_000, lookAgain: 5_000 }]);
      expect(earlier).toMatchObject([{ id, version: 3, due: 2_000, lookAgain: 2_000 }]);
    });

    it('keep the content of a reset, and replace it when armed anew', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(first, [{ ...arm(id, 1, 5_000), content: { ...content, org: 'acme' } }]);

      await timers.apply(first, [reset(id, 2, 6_000)]);
      const [kept] = await timers.read([id]);
      await timers.apply(first, [{ ...arm(id, 3, 6_000), content: { ...content, firedKey: 'other' } }]);
      const [replaced] = await timers.read([id]);

      expect(kept).toMatchObject({ version: 2, org: 'acme', firedKey: 'number' });
      expect(replaced).toMatchObject({ version: 3, firedKey: 'other' });
      expect(replaced).not.toHaveProperty('org');
    });

    it('reset and cancel only what is there', async () => {
      const [timers, { first, id }] = [open(), fresh()];

      const written = await timers.apply(first, [reset(`${id}a`, 1, 5_000), cancel(`${id}b`, 1, 5_000)]);

      expect(written).toEqual({ made: 0, changed: 0 });
      expect(await timers.read([`${id}a`, `${id}b`])).toEqual([]);
    });

    it('keep a cancelled timer by its version, until the earlier of its deadline and what was said', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(first, [arm(`${id}a`, 1, 5_000), arm(`${id}b`, 1, 9_000)]);

      await timers.apply(first, [cancel(`${id}a`, 2, 7_000), cancel(`${id}b`, 2, 7_000)]);
      const revived = await timers.apply(first, [reset(`${id}a`, 3, 8_000), arm(`${id}b`, 1, 8_000)]);

      expect(revived).toEqual({ made: 0, changed: 0 });
      const [a, b] = await Promise.all([timers.read([`${id}a`]), timers.read([`${id}b`])]);
      expect([...a, ...b]).toMatchObject([
        { isCancelled: true, version: 2, due: 5_000 },
        { isCancelled: true, version: 2, due: 7_000 },
      ]);
      expect(await timers.apply(first, [arm(`${id}a`, 3, 9_000)])).toEqual({ made: 0, changed: 1 });
      expect(await timers.read([`${id}a`])).toMatchObject([{ isCancelled: false, version: 3 }]);
    });

    it('TM-2 refuse what a former owner writes over its successor, and let it be where the successor has not written', async () => {
      const [timers, { first, second, id }] = [open(), fresh()];
      await timers.apply(first, [arm(`${id}a`, 1, 5_000), arm(`${id}b`, 1, 5_000)]);
      await timers.apply(second, [reset(`${id}a`, 2, 6_000)]);

      const late = await timers.apply(first, [reset(`${id}a`, 3, 1), reset(`${id}b`, 3, 7_000)]);
      await timers.settle([{ holder: first, id: `${id}a`, version: 2 }]);

      expect(late).toEqual({ made: 0, changed: 1 });
      expect(await timers.read([`${id}a`])).toMatchObject([{ version: 2, due: 6_000, epoch: 2 }]);
    });

    it('are taken away and brought up later, unless they changed meanwhile', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      await timers.apply(
        first,
        ['a', 'b', 'c'].map((each) => arm(id + each, 2, 5_000)),
      );

      const removed = await timers.settle([
        { holder: first, id: `${id}a`, version: 2 },
        { holder: first, id: `${id}b`, version: 1 },
        { holder: first, id: `${id}c`, version: 2, lookAgain: 4_000 },
      ]);

      expect(removed).toBe(1);
      expect(await look(timers, first.number)).toMatchObject([
        { id: `${id}c`, lookAgain: 4_000 },
        { id: `${id}b`, lookAgain: 5_000 },
      ]);
      expect(await timers.count(first.number)).toBe(2);
    });

    it('are scanned by shard and look-again time, in its order, the end not included', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      const times = Array.from({ length: 250 }, (_, index) => 10_000 - index * 10);
      await timers.apply(
        first,
        times.map((due, index) => arm(`${id}:${index}`, 1, due)),
      );

      const found = await look(timers, first.number, 10_000, 9_000);

      expect(found.map(({ due }) => due)).toEqual(times.filter((due) => due >= 9_000 && due < 10_000).toReversed());
    });

    it('TM-1 are listed by owner and prefix, without the cancelled, in the order of their keys', async () => {
      const [timers, { first, id }] = [open(), fresh()];
      const own = (key: string) => `${id.replace('routing/', `o${first.number}/`)}:${key}`;
      const owner = `o${first.number}`;
      await timers.apply(
        first,
        ['b', 'a', 'ä', 'c', '~'].map((key) => arm(own(key), 1, 5_000)),
      );
      await timers.apply(first, [arm(`${owner}0/x`, 1, 5_000), cancel(own('c'), 2, 5_000)]);
      const keys = async (options: { prefix?: string; after?: string; limit?: number }) =>
        (await timers.list(owner, { prefix: '', after: undefined, limit: 10, ...options })).map(({ key }) =>
          key.slice(key.lastIndexOf(':') + 1),
        );
      const prefix = own('').slice(owner.length + 1);

      expect(await keys({})).toEqual(['a', 'b', '~', 'ä']);
      expect(await keys({ limit: 2, after: `${prefix}a` })).toEqual(['b', '~']);
      expect(await keys({ prefix: `${prefix}b` })).toEqual(['b']);
      expect(await keys({ prefix: 'nothing' })).toEqual([]);
    });
  });
}

/** What every Shards promises. */
export function shardsContract(name: string, open: () => Shards): void {
  describe(`${name} shards`, () => {
    it('give every owner an epoch above all before', async () => {
      const shards = open();

      const epochs = [await shards.take(1), await shards.take(1), await shards.take(2), await shards.take(1)];

      const [a = 0, b = 0, , c = 0] = epochs;
      expect(a < b && b < c).toBe(true);
      expect((await shards.epochs([1, 7])).get(1)).toBe(c);
      expect((await shards.epochs([1, 7])).has(7)).toBe(false);
    });

    it('give no epoch twice, also to those who ask at the same time', async () => {
      const shards = open();

      const epochs = await Promise.all(Array.from({ length: 10 }, () => shards.take(3)));

      expect(new Set(epochs).size).toBe(10);
    });
  });
}
