import { type Result } from '../../domain/folded.js';
import { type Clock, type LeftMessage, type Messages, type Wamids } from '../ports.js';
import { withParked } from '../fold-statuses.js';
import { type Persist } from './persist.js';

export type SettleLeft = ReturnType<typeof createSettleLeft>;

/** Brings to an end what an owner that was lost has begun. May be done twice, and beside a late answer. */
export function createSettleLeft(deps: { messages: Messages; wamids: Wamids; clock: Clock; persist: Persist }) {
  const { messages, wamids, clock, persist } = deps;

  return {
    /** Statuses that were parked at an id which was claimed and not folded. */
    async claims(partition: number): Promise<void> {
      for (const claim of await persist('claims cannot be read', () => wamids.unsettled(partition))) {
        const { owner, whatsappMessageId } = claim;
        await persist('a claim cannot be folded', () =>
          messages.command(owner.messageId, {
            kind: 'answer',
            attempt: owner.attempt,
            outcome: { kind: 'accepted', whatsappMessageId },
            parked: withParked(claim),
            notBefore: undefined,
            at: clock.now(),
          }),
        );
        await persist('a claim cannot be settled', () => wamids.settle(claim));
      }
    },

    /** Its answer, if it came as far as Meta's id; else it is unknown (TX-4). */
    async message({ messageId, attempt }: LeftMessage): Promise<Result> {
      const claims = await persist('claims cannot be read', () => wamids.ofMessages([messageId]));
      const claim = claims.find(({ owner }) => owner.attempt === attempt);
      return persist('a message cannot be written', () =>
        messages.command(messageId, {
          kind: 'answer',
          attempt,
          outcome: claim
            ? { kind: 'accepted', whatsappMessageId: claim.whatsappMessageId }
            : { kind: 'unknown', reason: 'owner lost' },
          parked: claim ? withParked(claim) : [],
          notBefore: undefined,
          at: clock.now(),
        }),
      );
    },
  };
}
