import { type Connection, type mongo } from 'mongoose';
import { REACH_MS } from '../../domain/pace/reach.js';

/** A person whom a portfolio has reached. */
export interface ReachedDocument {
  /** `portfolio:person` */
  _id: string;
  portfolio: string;
  /** When they were written to last. */
  at: Date;
}

export interface PortfolioDocument {
  /** The portfolio. */
  _id: string;
  limit?: number;
  limitAt?: Date;
  /** At least as many as count: what was counted last, and what was granted since. */
  used?: number;
  /** Granted, and not yet known to be among the reached. */
  pending?: number;
  grantedAt?: Date;
  countedAt?: Date;
  /** Raised with whatever moves the number of those who count, so that a count that it came into between is not kept. */
  changes?: number;
  /** What `changes` was when it was counted last. */
  countedOf?: number;
}

export const REACHED = 'reached';
export const PORTFOLIOS = 'portfolios';

/** A full portfolio in which nothing moves is counted anew this often: who counts no more makes room. */
const RECOUNT_MS = 1_000;
/** What is only shown is counted anew this often. */
const SHOWN_MS = 60_000;
/** Grants that are pending for longer belong to a process that was lost. */
const LOST_MS = 60_000;
/** A portfolio that may reach nobody is looked at again then. */
const NOBODY_MS = 3_600_000;

/**
 * A counter beside those who were reached grants room, since a count of many documents is no way to ask before each message.
 * It is never below the truth: room is taken from it before a person is written down, and it comes down by counting anew
 * alone.
 */
export function createPortfolioCounter(connection: Connection, now: () => Date) {
  const reached: mongo.Collection<ReachedDocument> = connection.collection<ReachedDocument>(REACHED);
  const portfolios: mongo.Collection<PortfolioDocument> = connection.collection<PortfolioDocument>(PORTFOLIOS);
  const since = (): Date => new Date(now().getTime() - REACH_MS);

  /** Brings the counter down to who counts, unless that moved meanwhile. */
  async function recount(portfolio: string, isFresh = isFreshEnough): Promise<void> {
    const before = await portfolios.findOne({ _id: portfolio });
    if (!before || isFresh(before, now())) return;
    const isLost = now().getTime() - (before.grantedAt?.getTime() ?? 0) > LOST_MS;
    const pending = isLost ? 0 : (before.pending ?? 0);
    const used = (await reached.countDocuments({ portfolio, at: { $gt: since() } })) + pending;
    await portfolios.updateOne(
      { _id: portfolio, changes: before.changes ?? { $exists: false } },
      { $set: { used, countedAt: now(), countedOf: before.changes ?? 0, ...(isLost && { pending }) } },
    );
  }

  return {
    /** Takes room for so many; answers for how many there is. */
    async grant(portfolio: string, wanted: number, limit: number): Promise<number> {
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
              changes: { $add: [changes, { $cond: [{ $gt: [granted, 0] }, 1, 0] }] },
              grantedAt: { $cond: [{ $gt: [granted, 0] }, now(), { $ifNull: ['$grantedAt', now()] }] },
            },
          },
        ],
        { upsert: true, returnDocument: 'before' },
      );
      return Math.min(wanted, Math.max(0, limit - (before?.used ?? 0)));
    },

    /** So many who were granted room are among the reached now. */
    async settle(portfolio: string, granted: number): Promise<void> {
      // Not below zero: what is pending for too long was taken for lost.
      const pending = { $max: [0, { $subtract: [{ $ifNull: ['$pending', 0] }, granted] }] };
      await portfolios.updateOne({ _id: portfolio }, [{ $set: { pending, changes: { $add: [changes, 1] } } }]);
    },

    /** Who was counted then was not reached after all; the next count finds the room. */
    async giveBack(portfolio: string, person: string, at: Date): Promise<void> {
      // Written to again meanwhile, they were reached.
      await reached.deleteOne({ _id: idOf(portfolio, person), at });
      await portfolios.updateOne({ _id: portfolio }, { $inc: { changes: 1 } });
    },

    recount,

    /** When there may be room: when the person who was reached first counts no more; now, while that is not certain. */
    async opensAt(portfolio: string, limit: number): Promise<Date> {
      await recount(portfolio);
      const counted = await portfolios.findOne({ _id: portfolio });
      if (!counted || !isCertain(counted) || (counted.used ?? 0) < limit) return now();
      const first = await reached
        .find({ portfolio, at: { $gt: since() } })
        .sort({ at: 1 })
        .limit(1)
        .next();
      return new Date((first?.at.getTime() ?? now().getTime() - REACH_MS + NOBODY_MS) + REACH_MS);
    },

    /** Of these people those who count already. */
    async known(portfolio: string, people: readonly string[]): Promise<ReadonlySet<string>> {
      const ids = people.map((person) => idOf(portfolio, person));
      const found = await reached.find({ _id: { $in: ids }, at: { $gt: since() } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },
  };
}

const changes = { $ifNull: ['$changes', 0] };

const isUpToDate = ({ changes = 0, countedOf }: PortfolioDocument): boolean => changes === countedOf;

/** Nobody is about to be counted, and nobody was given back since the count: what it says is so. */
const isCertain = (counted: PortfolioDocument): boolean => isUpToDate(counted) && (counted.pending ?? 0) === 0;

const ageOf = ({ countedAt }: PortfolioDocument, now: Date): number => now.getTime() - (countedAt?.getTime() ?? 0);

const isFreshEnough = (counted: PortfolioDocument, now: Date): boolean =>
  isUpToDate(counted) && ageOf(counted, now) < RECOUNT_MS;

/** Fresh enough for what is only shown. */
export const isFreshToShow = (counted: PortfolioDocument, now: Date): boolean => ageOf(counted, now) < SHOWN_MS;

export const idOf = (portfolio: string, person: string): string => `${portfolio}:${person}`;
