import { type Aggregates } from '@switchboard/aggregates';
import { groupedBy } from '../domain/grouped-by.js';
import { type Category } from '../domain/prices/rates.js';
import { type Input, type Result } from '../domain/volume/fold.js';
import { monthOf, nextPosition, noVolume, type Volume } from '../domain/volume/volume.js';
import { type Observer } from './ports.js';
import { createUntilFresh } from './until-fresh.js';

export type Volumes = Aggregates<Volume, Input, Result>;

/** Positions that were given to attempts: written once each, never changed. */
export interface PositionStore {
  readonly find: (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly save: (positions: readonly { readonly id: string; readonly position: number }[]) => Promise<void>;
}

/** What is counted together. */
export interface Bucket {
  /** The business portfolio; of a number whose portfolio is not known its account. */
  readonly portfolio: string;
  readonly market: string;
  readonly category: Category;
}

/** A message that Meta charges for. */
export interface ChargedMessage extends Bucket {
  /** `message_id:attempt`. */
  readonly id: string;
  /** In the zone of the account that sent it. */
  readonly month: string;
  readonly at: Date;
}

const KEEP = 250;
const idOf = ({ portfolio, market, category }: Bucket): string => `${portfolio}/${category}/${market}`;

export type VolumeUseCases = ReturnType<typeof createVolumeUseCases>;

/**
 * Positions of messages in the month of their portfolio, market and category (BL-10). Positions are put into their store before
 * anybody goes on with them, and the aggregate lets go of them only then: so no message is ever counted twice.
 */
export function createVolumeUseCases(deps: {
  volumes: Pick<Volumes, 'read' | 'command'>;
  positions: PositionStore;
  observer: Pick<Observer, 'stale'>;
  /** How many of the newest positions an aggregate keeps by itself. */
  keep?: number;
}) {
  const { volumes, positions, observer, keep = KEEP } = deps;
  const untilFresh = createUntilFresh(observer);
  /** Up to where this process knows positions to be stored. */
  const stored = new Map<string, number>();

  async function count(bucket: string, messages: readonly ChargedMessage[]): Promise<ReadonlyMap<string, number>> {
    const asked = messages.map(({ id, month, at }) => ({ id, month, at }));
    const inStore = stored.get(bucket) ?? 0;
    const result = await untilFresh(bucket, async (seen) => {
      const known = await positions.find(messages.map(({ id }) => id));
      if (messages.every(({ id }) => known.has(id))) return { kind: 'known', positions: known } as const;
      const upTo = Math.max(seen, inStore);
      return volumes.command(bucket, { kind: 'count', messages: asked, known, upTo, stored: inStore, keep });
    });
    if (result.kind === 'told') throw new Error('a count is answered as a count');
    if (result.kind === 'counted') {
      await positions.save(result.tail.filter(({ sequence }) => sequence > inStore));
      stored.set(bucket, Math.max(stored.get(bucket) ?? 0, result.tail.at(-1)?.sequence ?? 0));
    }
    return result.positions;
  }

  return {
    /** The position of every message, by its id: the same one however often it is asked for. */
    async positionsOf(messages: readonly ChargedMessage[]): Promise<ReadonlyMap<string, number>> {
      const found = new Map<string, number>();
      for (const [bucket, some] of groupedBy(messages, idOf))
        for (const [id, position] of await count(bucket, some)) found.set(id, position);
      return found;
    },

    /** The position that the next message would have. */
    async next(bucket: Bucket, month: string, at: Date): Promise<number> {
      const known = (await volumes.read(idOf(bucket)))?.state ?? noVolume();
      return nextPosition(monthOf(known, month), at);
    },

    /** Meta says from when on a tier holds, by its first message. */
    async tell(bucket: Bucket, told: { month: string; lower: number; since: Date }): Promise<void> {
      await volumes.command(idOf(bucket), { kind: 'tell', ...told });
    },
  };
}
