import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type Full, REACH_MS } from '../../domain/pace/reach.js';
import { type Counted, type Reach } from '../../use-cases/pace-ports.js';
import {
  createPortfolioCounter,
  idOf,
  isFreshToShow,
  type PortfolioDocument,
  PORTFOLIOS,
  REACHED,
  type ReachedDocument,
} from './portfolio-counter.js';

export const reachIndexes: readonly IndexSpec[] = [
  { collection: REACHED, key: { at: 1 }, options: { expireAfterSeconds: REACH_MS / 1_000 } },
  { collection: REACHED, key: { portfolio: 1, at: 1 } },
];

/** Who was reached stands in documents of their own, what their portfolio may in one beside them. */
export function createReach(connection: Connection, now: () => Date): Reach {
  const reached: mongo.Collection<ReachedDocument> = connection.collection<ReachedDocument>(REACHED);
  const portfolios: mongo.Collection<PortfolioDocument> = connection.collection<PortfolioDocument>(PORTFOLIOS);
  const counter = createPortfolioCounter(connection, now);

  /** The limit of a portfolio that has no room. */
  async function limitWhenFull(portfolio: string): Promise<number | undefined> {
    const { limit, used = 0 } = (await portfolios.findOne({ _id: portfolio })) ?? {};
    return limit !== undefined && used >= limit ? limit : undefined;
  }

  return {
    limitOf: (portfolio) =>
      translated(async () => (await portfolios.findOne({ _id: portfolio }, { projection: { limit: 1 } }))?.limit),
    allow: (portfolio, limit, at) =>
      translated(async () => {
        const isNewer = { $gt: [at, { $ifNull: ['$limitAt', new Date(0)] }] };
        const set = { limit: { $cond: [isNewer, limit, '$limit'] }, limitAt: { $cond: [isNewer, at, '$limitAt'] } };
        await portfolios.updateOne({ _id: portfolio }, [{ $set: set }], { upsert: true });
      }),
    usedOf: (portfolio) =>
      translated(async () => {
        await counter.recount(portfolio, isFreshToShow);
        return (await portfolios.findOne({ _id: portfolio }))?.used ?? 0;
      }),
    roomFor: (portfolio, people) =>
      translated(async () => {
        const none = people.map(() => undefined);
        const limit = await limitWhenFull(portfolio);
        if (limit === undefined) return none;
        const opensAt = await counter.opensAt(portfolio, limit);
        if (opensAt <= now()) return none;
        const counted = await counter.known(portfolio, people);
        const full: Full = { limit, opensAt };
        return people.map((person) => (counted.has(idOf(portfolio, person)) ? undefined : full));
      }),
    count: (portfolio, people, limit) =>
      translated(async () => {
        const at = now();
        const before = await counter.known(portfolio, people);
        const fresh = people.filter((person) => !before.has(idOf(portfolio, person)));
        let granted = fresh.length > 0 ? await counter.grant(portfolio, fresh.length, limit) : 0;
        if (granted < fresh.length) {
          await counter.recount(portfolio);
          granted += await counter.grant(portfolio, fresh.length - granted, limit);
        }
        const counted = new Set([...before, ...fresh.slice(0, granted).map((person) => idOf(portfolio, person))]);
        if (counted.size > 0)
          await reached.bulkWrite(
            [...counted].map((_id) => ({
              updateOne: { filter: { _id }, update: { $set: { portfolio }, $max: { at } }, upsert: true },
            })),
            { ordered: false },
          );
        if (granted > 0) await counter.settle(portfolio, granted);
        const full =
          granted < fresh.length &&
          ({ kind: 'full', limit, opensAt: await counter.opensAt(portfolio, limit) } as const);
        return people.map((person): Counted => {
          const id = idOf(portfolio, person);
          if (counted.has(id)) return { kind: 'counted', isNew: !before.has(id), at };
          if (!full) throw new Error('a person is not counted though there is room');
          return full;
        });
      }),
    giveBack: (portfolio, person, at) => translated(() => counter.giveBack(portfolio, person, at)),
  };
}
