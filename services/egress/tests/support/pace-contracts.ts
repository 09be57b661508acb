import { at, fresh } from './fresh.js';
import { type Counted, type Paces, type Reach } from '../../src/use-cases/pace-ports.js';

/** What is promised of what was learnt of numbers. */
export function pacesContract(name: string, open: () => Paces): void {
  describe(`${name} paces`, () => {
    it('TX-5 keep the latest of each kind, in whatever order it is told', async () => {
      const paces = open();
      const [one, other] = [fresh('9000'), fresh('9000')];

      await paces.note(one, { level: { is: 'high', at: at(2) } });
      await paces.note(one, { level: { is: 'standard', at: at(1) } });
      await paces.note(one, { cut: { at: at(3), perSecond: 40 } });
      await paces.note(one, { cut: { at: at(1), perSecond: 10 } });
      await paces.note(other, { cut: { at: at(1), perSecond: 10.5 } });
      const because = { code: 'meta.131031', reason: 'the account is locked', remedy: 'appeal' };
      await paces.note(other, { stop: { at: at(2), version: 1, because } });
      await paces.note(other, { stop: { at: at(1), version: 1 } });

      const found = await paces.of([one, other, fresh('9000')]);
      expect([...found.keys()].toSorted()).toEqual([one, other].toSorted());
      expect(found.get(one)).toEqual({ level: { is: 'high', at: at(2) }, cut: { at: at(3), perSecond: 40 } });
      const cut = { at: at(1), perSecond: 10.5 };
      expect(found.get(other)).toEqual({ cut, stop: { at: at(2), version: 1, because } });
      await paces.note(other, { stop: { at: at(3), version: 1 } });
      expect((await paces.of([other])).get(other)).toEqual({ cut, stop: { at: at(3), version: 1 } });
    });
  });
}

const HOUR = 3_600_000;

/** What is promised of the people a portfolio has reached. Each `open` is another process over the same store. */
export function reachContract(name: string, openAll: () => (now: () => Date) => Reach): void {
  describe(`${name} reach`, () => {
    const kinds = (counted: readonly Counted[]) => counted.map((each) => (each.kind === 'full' ? 'full' : each.isNew));
    const people = (count: number, prefix = 'person') =>
      Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    /** Two processes with one clock. */
    const two = () => {
      const clock = { at: Date.now() };
      const open = openAll();
      const now = () => new Date(clock.at);
      return { clock, now, one: open(now), other: open(now), portfolio: fresh('portfolio-') };
    };

    it('TX-5 knows the latest limit that Meta told', async () => {
      const { one, other, portfolio } = two();
      expect(await one.limitOf(portfolio)).toBeUndefined();

      await one.allow(portfolio, 2_000, at(2));
      await one.allow(portfolio, 250, at(1));
      expect(await other.limitOf(portfolio)).toBe(2_000);
      await one.allow(portfolio, Infinity, at(3));

      expect(await other.limitOf(portfolio)).toBe(Infinity);
    });

    it('TX-5 counts each person once, and no more of them than the limit', async () => {
      const { clock, one, other, portfolio } = two();
      const began = clock.at;

      expect(kinds(await one.count(portfolio, ['anna', 'bob'], 3))).toEqual([true, true]);
      clock.at += HOUR;
      expect(kinds(await other.count(portfolio, ['bob', 'carl', 'dora'], 3))).toEqual([false, true, 'full']);
      const [full] = await one.count(portfolio, ['emil'], 3);

      expect(full).toEqual({ kind: 'full', limit: 3, opensAt: new Date(began + 24 * HOUR) });
    });

    it('TX-5 makes room when a person was not written to for 24 hours, and not before', async () => {
      const { clock, one, other, portfolio } = two();
      await one.count(portfolio, ['anna', 'bob'], 2);
      clock.at += HOUR;
      await one.count(portfolio, ['anna'], 2);

      clock.at += 23 * HOUR - 1;
      expect(kinds(await other.count(portfolio, ['carl'], 2))).toEqual(['full']);
      clock.at += 2_000;
      expect(kinds(await other.count(portfolio, ['carl', 'dora'], 2))).toEqual([true, 'full']);
      expect(kinds(await one.count(portfolio, ['anna', 'bob'], 2))).toEqual([false, 'full']);
    });

    it('TX-5 is never exceeded by processes that count side by side', async () => {
      const { one, other, portfolio } = two();
      const rounds = Array.from({ length: 10 }, (_, round) => [
        one.count(portfolio, people(10, `a${round}-`), 60),
        other.count(portfolio, people(10, `b${round}-`), 60),
      ]).flat();

      const counted = (await Promise.all(rounds)).flat();

      expect(counted.filter(({ kind }) => kind === 'counted')).toHaveLength(60);
      expect(kinds(await one.count(portfolio, ['late'], 60))).toEqual(['full']);
    });

    it('TX-5 tells nobody to come again tomorrow while others are being counted and given back, and leaves no room', async () => {
      const { now, one, other, portfolio } = two();
      const LIMIT = 25;
      const reached: string[] = [];
      const refused: string[] = [];
      /** As dispatch does: who may have room in a moment asks again, and each third is not reached at first. */
      async function reach(process: Reach, person: string, index: number): Promise<void> {
        for (let times = 0; ; times += 1) {
          const [counted] = await process.count(portfolio, [person], LIMIT);
          if (counted?.kind === 'counted') {
            if (times > 0 || index % 3 > 0) return void reached.push(person);
            await process.giveBack(portfolio, person, counted.at);
          } else if (counted && counted.opensAt > now()) return void refused.push(person);
        }
      }

      await Promise.all([
        ...people(20, 'a').map((person, index) => reach(one, person, index)),
        ...people(20, 'b').map((person, index) => reach(other, person, index)),
      ]);

      expect([reached.length, refused.length]).toEqual([LIMIT, 40 - LIMIT]);
      expect(kinds(await one.count(portfolio, ['late'], LIMIT))).toEqual(['full']);
    });

    it('TX-5 makes room at once when somebody is given back', async () => {
      const { one, other, portfolio } = two();
      const [anna] = await one.count(portfolio, ['anna'], 1);
      expect(kinds(await other.count(portfolio, ['bob'], 1))).toEqual(['full']);
      if (anna?.kind !== 'counted') throw new Error('there was room');

      await one.giveBack(portfolio, 'anna', anna.at);

      expect(kinds(await other.count(portfolio, ['bob'], 1))).toEqual([true]);
    });

    it('TX-5 follows another limit', async () => {
      const { clock, one, portfolio } = two();
      await one.count(portfolio, people(5), 5);
      clock.at += HOUR;

      expect(kinds(await one.count(portfolio, people(2, 'more'), 6))).toEqual([true, 'full']);
      expect(kinds(await one.count(portfolio, people(2, 'less'), 3))).toEqual(['full', 'full']);
    });

    it('TX-5 gives back who was not reached, unless they were written to again', async () => {
      const { clock, one, other, portfolio } = two();
      const [anna, bob] = await one.count(portfolio, ['anna', 'bob'], 2);
      clock.at += 10_000;
      await other.count(portfolio, ['bob'], 2);
      if (anna?.kind !== 'counted' || bob?.kind !== 'counted') throw new Error('there was room');

      await one.giveBack(portfolio, 'anna', anna.at);
      await one.giveBack(portfolio, 'bob', bob.at);

      expect(kinds(await one.count(portfolio, ['carl', 'dora'], 2))).toEqual([true, 'full']);
    });

    it('TX-5 says for whom there would be no room, and counts nobody by that', async () => {
      const { clock, one, other, portfolio } = two();
      const began = clock.at;
      expect(await one.roomFor(portfolio, ['anna'])).toEqual([undefined]);
      await one.allow(portfolio, 2, at(1));
      for (let time = 0; time < 3; time += 1) expect(await other.roomFor(portfolio, ['anna'])).toEqual([undefined]);

      await one.count(portfolio, ['anna', 'bob'], 2);
      clock.at += HOUR;
      const full = { limit: 2, opensAt: new Date(began + 24 * HOUR) };
      expect(await other.roomFor(portfolio, ['carl', 'anna', 'dora'])).toEqual([full, undefined, full]);

      clock.at += 23 * HOUR + 1_000;
      expect(await other.roomFor(portfolio, ['carl'])).toEqual([undefined]);
      await one.allow(portfolio, Infinity, at(2));
      expect(await other.roomFor(portfolio, ['carl'])).toEqual([undefined]);
    });

    it('TX-5 says how many count', async () => {
      const { clock, one, other, portfolio } = two();
      expect(await one.usedOf(portfolio)).toBe(0);
      await one.count(portfolio, ['anna', 'bob'], 10);
      clock.at += HOUR;
      await other.count(portfolio, ['bob', 'carl'], 10);
      expect(await one.usedOf(portfolio)).toBe(3);

      clock.at += 23 * HOUR + 1_000;
      expect(await one.usedOf(portfolio)).toBe(2);
    });

    it('TX-5 is of one portfolio', async () => {
      const { one, portfolio } = two();
      await one.count(portfolio, ['anna'], 1);

      expect(kinds(await one.count(fresh('portfolio-'), ['bob'], 1))).toEqual([true]);
    });
  });
}
