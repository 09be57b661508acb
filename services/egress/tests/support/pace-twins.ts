import { REACH_MS } from '../../src/domain/pace/reach.js';
import { type Counted, type Learnt, type Paces, type Reach } from '../../src/use-cases/pace-ports.js';

/** In-memory twins of the ports that say when a message goes; each passes the contract of the real one. */

export function memoryPaces(): Paces {
  const known = new Map<string, Learnt>();
  const isLater = (news: { readonly at: Date }, before: { readonly at: Date } | undefined): boolean =>
    news.at > (before?.at ?? new Date(0));
  return {
    of: (numbers) =>
      Promise.resolve(
        new Map(numbers.flatMap((number) => (known.has(number) ? [[number, known.get(number) ?? {}]] : []))),
      ),
    note: (number, { level, cut, stop }) => {
      const before = known.get(number) ?? {};
      known.set(number, {
        ...before,
        ...(level && isLater(level, before.level) && { level }),
        ...(cut && isLater(cut, before.cut) && { cut }),
        ...(stop && isLater(stop, before.stop) && { stop }),
      });
      return Promise.resolve();
    },
  };
}

/** What several processes see of who was reached. */
export function memoryReach(now: () => Date): Reach {
  const limits = new Map<string, { limit: number; at: Date }>();
  const reached = new Map<string, Map<string, Date>>();
  return {
    limitOf: (portfolio) => Promise.resolve(limits.get(portfolio)?.limit),
    allow: (portfolio, limit, at) => {
      const before = limits.get(portfolio);
      if (!before || at > before.at) limits.set(portfolio, { limit, at });
      return Promise.resolve();
    },
    count: (portfolio, people, limit) => {
      const at = now();
      const all = reached.get(portfolio) ?? new Map<string, Date>();
      reached.set(portfolio, all);
      for (const [person, last] of all) if (at.getTime() - last.getTime() >= REACH_MS) all.delete(person);
      const counted = people.map((person): Counted => {
        const isNew = !all.has(person);
        if (isNew && all.size >= limit) {
          const first = Math.min(...[...all.values()].map((time) => time.getTime()));
          return {
            kind: 'full',
            limit,
            opensAt: new Date(Number.isFinite(first) ? first + REACH_MS : at.getTime() + 3_600_000),
          };
        }
        all.set(person, at);
        return { kind: 'counted', isNew, at };
      });
      return Promise.resolve(counted);
    },
    usedOf: (portfolio) => {
      const counts = [...(reached.get(portfolio)?.values() ?? [])];
      return Promise.resolve(counts.filter((at) => now().getTime() - at.getTime() < REACH_MS).length);
    },
    roomFor: (portfolio, people) => {
      const limit = limits.get(portfolio)?.limit;
      const counts = [...(reached.get(portfolio) ?? [])].filter(([, at]) => now().getTime() - at.getTime() < REACH_MS);
      const known = new Set(counts.map(([person]) => person));
      if (limit === undefined || known.size < limit) return Promise.resolve(people.map(() => undefined));
      const first = Math.min(...counts.map(([, at]) => at.getTime()));
      const full = {
        limit,
        opensAt: new Date(counts.length > 0 ? first + REACH_MS : now().getTime() + 3_600_000),
      };
      return Promise.resolve(people.map((person) => (known.has(person) ? undefined : full)));
    },
    giveBack: (portfolio, person, at) => {
      const all = reached.get(portfolio);
      if (all?.get(person)?.getTime() === at.getTime()) all.delete(person);
      return Promise.resolve();
    },
  };
}
