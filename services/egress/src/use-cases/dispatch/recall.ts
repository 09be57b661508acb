import { type Pace } from '../../domain/pace/pace.js';
import { type PairLimit } from '../../domain/pace/pairs.js';
import { remembersMs } from '../../domain/pace/past-calls.js';
import { type Clock, type MessageLists } from '../ports.js';
import { type Holding } from './holding.js';

export type Recall = (holding: Holding, pace: Pace, number: string, customers: readonly string[]) => Promise<void>;

/**
 * Tells the pace of a number that was taken over what its former owner has sent to these customers, so that Meta does not
 * have to refuse the next message (131056). Each customer is asked about once, and nobody once the last burst that a former
 * owner can have sent is paid back.
 */
export function createRecall({ lists, clock }: { lists: MessageLists; clock: Clock }, pair: PairLimit): Recall {
  return async function recall({ since, recalled }, pace, number, customers) {
    if (clock.monotonicMs() - since > remembersMs(pair)) {
      recalled.clear();
      return;
    }
    const known = recalled.get(number) ?? new Set();
    recalled.set(number, known);
    const asked = customers.filter((customer) => !known.has(customer));
    if (asked.length === 0) return;
    const called = await lists.calledSince(number, asked, new Date(clock.now().getTime() - remembersMs(pair)));
    const now = clock.monotonicMs();
    const toMonotonic = (at: Date): number => now - Math.max(0, clock.now().getTime() - at.getTime());
    for (const [customer, calls] of called) {
      const remembered = calls.map(({ begunAt, endedAt, isTooFast }) => {
        const begun = toMonotonic(begunAt);
        return { begun, ended: endedAt ? Math.max(begun, toMonotonic(endedAt)) : now, isTooFast };
      });
      pace.remember(customer, remembered);
    }
    for (const customer of asked) known.add(customer);
  };
}
