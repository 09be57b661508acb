import { BULK, INTERACTIVE, type Priority } from '../../domain/message.js';
import { type CallResult, type Clock, type Observer, type QueuedMessage } from '../ports.js';
import { type DispatchMessage, type Dispatched } from './dispatch-message.js';
import { type Holding, type NumberInHand } from './holding.js';
import { createLeave } from './leave.js';
import { type LeaseKeeper } from './lease-keeper.js';
import { type Pacing } from './pacing.js';

/** Messages under way, also of partitions that are no longer ours: an answer is folded by whoever has it. */
export interface Calls {
  /** Dispatches the message; how that came out is told to `ended`. */
  readonly begin: (holding: Holding, hand: NumberInHand, message: QueuedMessage) => void;
  readonly isUnderWay: (messageId: string) => boolean;
  /** Something of the number is under way. */
  readonly isTrying: (number: string) => boolean;
  /** The lowest class for which there is room; undefined when there is none. */
  readonly room: () => Priority | undefined;
  /** Resolves when nothing that is under way now, of this partition, is any more. */
  readonly drained: (partition: number) => Promise<void>;
}

/** `isScarce`: there was room for few, so that what ended makes room for any number. */
export type Ended = (partition: number, message: QueuedMessage, result: Dispatched, isScarce: boolean) => void;

/** Bulk messages leave so many of the calls to interactive ones. */
const KEPT_FREE = 1 / 4;

export function createCalls(
  deps: {
    readonly dispatchMessage: DispatchMessage;
    readonly keeper: LeaseKeeper;
    readonly pacing: Pacing;
    readonly clock: Clock;
    readonly observer: Observer;
    /** Ours as it was when the call began, and nobody has asked to stop. */
    readonly mayGoOn: (holding: Holding) => boolean;
    readonly ended: Ended;
  },
  { concurrency }: { readonly concurrency: number },
): Calls {
  const { dispatchMessage, keeper, pacing, clock, observer, mayGoOn, ended } = deps;
  const leaveAsPaced = createLeave(clock);
  const bulkCalls = Math.max(1, Math.floor(concurrency * (1 - KEPT_FREE)));
  const underWay = new Map<
    string,
    { readonly number: string; readonly partition: number; readonly over: Promise<void> }
  >();

  function begin(holding: Holding, hand: NumberInHand, message: QueuedMessage): void {
    const { partition, number, hold } = hand;
    const { messageId, customer } = message;
    const pace = pacing.of(holding, number);
    const begun = clock.monotonicMs();
    pace.begin(customer, begun);
    let isCalled = false;
    const heard = (result: CallResult): void => {
      isCalled = true;
      observer.called(message.priority === BULK ? 'bulk' : 'interactive');
      hand.unanswered = result.kind === 'unknown' ? hand.unanswered + 1 : 0;
      pacing.heard(pace, message, result, clock.monotonicMs() - begun);
    };
    const lease = () => (mayGoOn(holding) ? keeper.lease(partition) : undefined);
    const leave = () => leaveAsPaced(pace, begun, () => lease() !== undefined);
    const over = dispatchMessage(message, { partition, lease, hold, leave, heard })
      .catch((error: unknown): Dispatched => {
        // Where it stands is in its document; as long as it looks to be under way, the net finds it.
        observer.warn({ messageId, error }, 'a dispatch broke off');
        return { kind: 'unknown' };
      })
      .then((result) => {
        const isScarce = underWay.size >= bulkCalls;
        underWay.delete(messageId);
        observer.inFlight(underWay.size);
        if (!isCalled && result.kind !== 'unknown') pace.giveBack(customer, clock.monotonicMs());
        ended(partition, message, result, isScarce);
      });
    underWay.set(messageId, { number, partition, over });
    observer.inFlight(underWay.size);
  }

  return {
    begin,
    isUnderWay: (messageId) => underWay.has(messageId),
    isTrying: (number) => [...underWay.values()].some((call) => call.number === number),
    room: () => (underWay.size >= concurrency ? undefined : underWay.size < bulkCalls ? BULK : INTERACTIVE),
    async drained(partition) {
      await Promise.all([...underWay.values()].filter((call) => call.partition === partition).map(({ over }) => over));
    },
  };
}
