import { BULK, INTERACTIVE, type Priority } from '../../domain/message.js';
import { type Clock, type Queue } from '../ports.js';
import { type Holding, type NumberInHand } from './holding.js';
import { type Pacing } from './pacing.js';

/** So many messages of a number and class are looked at ahead. */
const LOOK_AHEAD = 256;
/** With fewer customers than this whose message may go, the next messages are read. */
const LOW = 64;
/** No more of a number than this is in memory, whatever its customers wait for. */
const MOST = 2_048;

/** Brings what waits of a number from the queue into memory, as it is needed. */
export interface LookAhead {
  readonly load: (holding: Holding, hand: NumberInHand) => Promise<void>;
  /** There is more in the queue, and little in memory that may go. */
  readonly isLow: (hand: NumberInHand) => boolean;
}

export function createLookAhead(deps: {
  queue: Queue;
  pacing: Pacing;
  clock: Clock;
  isUnderWay: (messageId: string) => boolean;
  isCurrent: (holding: Holding) => boolean;
}): LookAhead {
  const { queue, pacing, clock, isUnderWay, isCurrent } = deps;
  const now = (): number => clock.now().getTime();

  /** Bulk is read as it is needed; an interactive message may go before all that is in memory. */
  async function loadClass(holding: Holding, { partition, number, lanes, more }: NumberInHand, priority: Priority) {
    const isEnough = lanes.size() >= MOST || lanes.hasReady(LOW, priority, now());
    if (priority === BULK && isEnough) {
      more.add(priority);
      return;
    }
    const without = lanes.served(priority, now());
    const found = await queue.waiting(partition, number, { priority, without, limit: LOOK_AHEAD });
    const customers = [...new Set(found.map(({ customer }) => customer))];
    await pacing.recall(holding, number, customers);
    if (!isCurrent(holding)) return;
    if (found.length === LOOK_AHEAD || without.length > 0) more.add(priority);
    else more.delete(priority);
    for (const message of found) if (!isUnderWay(message.messageId)) lanes.offer(message);
  }

  return {
    async load(holding, hand) {
      if (hand.loading !== 'no') {
        hand.loading = 'again';
        return;
      }
      hand.loading = 'yes';
      try {
        await pacing.begin(holding, hand.number);
        do {
          hand.loading = 'yes';
          for (const priority of [INTERACTIVE, BULK]) await loadClass(holding, hand, priority);
        } while (isAskedAgain(hand));
      } finally {
        hand.loading = 'no';
      }
    },
    isLow: ({ more, lanes }) => [...more].some((priority) => !lanes.hasReady(LOW, priority, now())),
  };
}

const isAskedAgain = ({ loading }: NumberInHand): boolean => loading === 'again';
