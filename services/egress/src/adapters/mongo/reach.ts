import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { REACH_MS } from '../../domain/pace/reach.js';
import { type Counted, type Reach } from '../../use-cases/pace-ports.js';

interface ReachedDocument {
  /** `portfolio:person` */
  _id: string;
  portfolio: string;
  /** When they were written to last. */
  at: Date;
}

interface PortfolioDocument {
  /** The portfolio. */
  _id: string;
  limit?: number;
  limitAt?: Date;
  /** At least as many as count: what was counted last, and what was granted since. */
  used: number;
  /** Granted, and not yet known to be among the reached. */
  pending: number;
  grantedAt: Date;
  countedAt?: Date;
  /** Raised with each grant, so that a count that one came into between is not kept. */
  grants: number;
}

const REACHED = 'reached';
const PORTFOLIOS = 'portfolios';

export const reachIndexes: readonly IndexSpec[] = [
  { collection: REACHED, key: { at: 1 }, options: { expireAfterSeconds: REACH_MS / 1_000 } },
  { collection: REACHED, key: { portfolio: 1, at: 1 } },
];

/** A full portfolio is counted anew this often: who counts no more makes room. */
const RECOUNT_MS = 1_000;
/** Grants that are pending for longer belong to a process that was lost. */
const LOST_MS = 60_000;
/** A portfolio that may reach nobody is looked at again then. */
const NOBODY_MS = 3_600_000;

/**
 * Who was reached stands in documents of their own; a counter beside them grants room, since a count of many documents is no
 * way to ask before each message. The counter is never below the truth: room is taken from it before a person is written
 * down, and it comes down by counting anew alone.
 */
export function createReach(connection: Connection, now: () => Date): Reach {
  const reached: mongo.Collection<ReachedDocument> = connection.collection<ReachedDocument>(REACHED);
  const portfolios: mongo.Collection<PortfolioDocument> = connection.collection<PortfolioDocument>(PORTFOLIOS);
  const since = (): Date => new Date(now().getTime() - REACH_MS);

  /** Takes room for so many; answers for how many there is. */
  async function grant(portfolio: string, wanted: number, limit: number): Promise<number> {
    const used = { $ifNull: ['$used', 0] };
    const room = { $max: [0, { $subtract: [limit, used] }] };
    const granted = { $min: [wanted, room] };
    const before = await portfolios.findOneAndUpdate(
      { _id: portfolio },
      [
        {
          $set: {
            used: { $add: [used, granted] },
            pending: { $add: [{ $ifNull: ['$pending', 0] }, granted] },
            grants: { $add: [{ $ifNull: ['$grants', 0] }, { $cond: [{ $gt: [granted, 0] }, 1, 0] }] },
            grantedAt: { $cond: [{ $gt: [granted, 0] }, now(), { $ifNull: ['$grantedAt', now()] }] },
          },
        },
      ],
      { upsert: true, returnDocument: 'before' },
    );
    return Math.min(wanted, Math.max(0, limit - (before?.used ?? 0)));
  }

  /** Brings the counter down to who counts, unless somebody was granted room meanwhile. */
  async function recount(portfolio: string): Promise<void> {
    const before = await portfolios.findOne({ _id: portfolio });
    if (!before || now().getTime() - (before.countedAt?.getTime() ?? 0) < RECOUNT_MS) return;
    const isLost = now().getTime() - before.grantedAt.getTime() > LOST_MS;
    const pending = isLost ? 0 : before.pending;
    const used = (await reached.countDocuments({ portfolio, at: { $gt: since() } })) + pending;
    await portfolios.updateOne(
      { _id: portfolio, grants: before.grants },
      { $set: { used, countedAt: now(), ...(isLost && { pending }) } },
    );
  }

  async function opensAt(portfolio: string): Promise<Date> {
    const first = await reached
      .find({ portfolio, at: { $gt: since() } })
      .sort({ at: 1 })
      .limit(1)
      .next();
    return new Date((first?.at.getTime() ?? now().getTime() - REACH_MS + NOBODY_MS) + REACH_MS);
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
    count: (portfolio, people, limit) =>
      translated(async () => {
        const idOf = (person: string): string => `${portfolio}:${person}`;
        const at = now();
        const found = await reached.find({ _id: { $in: people.map(idOf) }, at: { $gt: since() } }).toArray();
        const known = new Set(found.map(({ _id }) => _id));
        const fresh = people.filter((person) => !known.has(idOf(person)));
        let granted = fresh.length > 0 ? await grant(portfolio, fresh.length, limit) : 0;
        if (granted < fresh.length) {
          await recount(portfolio);
          granted += await grant(portfolio, fresh.length - granted, limit);
        }
        const counted = new Set([...known, ...fresh.slice(0, granted).map(idOf)]);
        if (counted.size > 0)
          await reached.bulkWrite(
            [...counted].map((_id) => ({
              updateOne: { filter: { _id }, update: { $set: { portfolio }, $max: { at } }, upsert: true },
            })),
            { ordered: false },
          );
        if (granted > 0) await portfolios.updateOne({ _id: portfolio }, { $inc: { pending: -granted } });
        const full = granted < fresh.length && ({ kind: 'full', limit, opensAt: await opensAt(portfolio) } as const);
        return people.map((person): Counted => {
          if (counted.has(idOf(person))) return { kind: 'counted', isNew: !known.has(idOf(person)), at };
          if (!full) throw new Error('a person is not counted though there is room');
          return full;
        });
      }),
    giveBack: (portfolio, person, at) =>
      translated(async () => {
        // Written to again meanwhile, they were reached after all. The room is found by the next count.
        await reached.deleteOne({ _id: `${portfolio}:${person}`, at });
      }),
  };
}
