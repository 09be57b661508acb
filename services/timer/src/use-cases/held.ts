import { type Shard } from '../domain/shard.js';

/** A shard we have, with what is under way for it. A new object with each assignment. */
export interface Held {
  readonly number: number;
  shard: Shard;
  readonly stop: AbortController;
  isLoading: boolean;
  /** Since the look before: another owner has taken the shard after us. */
  isFenced: boolean;
  /** Timers kept, cancelled ones too; as last counted, and what is known to have changed since. */
  pending: number;
}

export const isOurs = ({ stop, isFenced }: Held): boolean => !stop.signal.aborted && !isFenced;
