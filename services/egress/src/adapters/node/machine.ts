import { createHash, randomUUID } from 'node:crypto';
import { type Clock, type Hash } from '../../use-cases/ports.js';

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

export const sha256: Hash = (text) => createHash('sha256').update(text).digest('hex');

export const newId = (): string => randomUUID();

/** Rises with every call: microseconds since 1970, or one more than the last. */
export function createOrder(now: () => Date): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, now().getTime() * 1_000));
}
