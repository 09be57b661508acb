import { type Written } from '@switchboard/aggregates';
import { type AttemptId } from '../domain/callback.js';
import { type Message, type Unwritten } from '../domain/message.js';
import { type Persist } from './dispatch/persist.js';
import { withParked } from './fold-statuses.js';
import { type Messages, type Observer, type Wamids } from './ports.js';

export type ClaimLearnt = ReturnType<typeof createClaimLearnt>;

/**
 * Where the answer of a call was lost, a status with our id tells Meta's. It is claimed like an answer would have, so
 * that statuses without our id find the message too, and those that wait there are folded (TX-3).
 */
export function createClaimLearnt(deps: { messages: Messages; wamids: Wamids; persist: Persist; observer: Observer }) {
  const { messages, wamids, persist, observer } = deps;

  async function claim(message: Message, owner: AttemptId, whatsappMessageId: string): Promise<void> {
    const { number, partition } = message;
    const claimed = await wamids.claim(number, whatsappMessageId, { ...owner, partition });
    if (claimed.parked.length === 0) return;
    // What is claimed and not folded is found at the next takeover, so nobody need wait for this.
    persist('parked statuses stay parked', async () => {
      await messages.command(owner.messageId, { kind: 'statuses', statuses: withParked(claimed) });
      await wamids.settle(claimed);
    }).catch((error: unknown) => {
      observer.warn({ messageId: owner.messageId, error }, 'parked statuses are left to the next owner');
    });
  }

  return async function claimLearnt(written: readonly Written<Message | Unwritten>[]): Promise<void> {
    for (const { aggregateId, state } of written) {
      if (state.state === undefined) continue;
      for (const { number, outcome, whatsappMessageId } of state.attempts) {
        if (whatsappMessageId === undefined || outcome?.kind === 'accepted') continue;
        await claim(state, { messageId: aggregateId, attempt: number }, whatsappMessageId);
      }
    }
  };
}
