import type { Position } from '@switchboard/aggregates';
import { AssignmentCause as CauseProto, type OfferMade } from '@switchboard/contracts/routing/v1/desk_events';
import type { TimerFired } from '@switchboard/contracts/timer/v1/events';
import type { AssignmentCause } from '../../domain/thread-events.js';
import type { OfferInput } from '../../domain/thread-inputs.js';
import type { ThreadNews } from '../../use-cases/threads/tell-threads.js';

/** What the desk says to a thread; undefined for what this version does not know. */
export function readOffer(event: OfferMade, position: Position): ThreadNews | undefined {
  const { threadId, chatId, occurredAt, sequence, count } = event;
  const offer = offerOf(event);
  const at = occurredAt ?? new Date(0);
  return (
    offer && {
      position,
      threadId,
      said: { kind: 'offer', at, chatId, sequence: Number(sequence), count: Number(count), offer },
    }
  );
}

function offerOf({ offer }: OfferMade): OfferInput['offer'] | undefined {
  switch (offer?.$case) {
    case 'offered':
      return { type: 'offered', operators: offer.value.operatorIds, until: offer.value.until ?? null };
    case 'assigned':
      return { type: 'assigned', operator: offer.value.operatorId, cause: causes[offer.value.cause] ?? 'given' };
    case 'offerEnded':
      return { type: 'ended', operators: offer.value.operatorIds, timedOut: offer.value.timedOut };
    case undefined:
      return undefined;
  }
}

const causes: Partial<Record<CauseProto, AssignmentCause>> = {
  [CauseProto.ASSIGNMENT_CAUSE_TAKEN]: 'taken',
  [CauseProto.ASSIGNMENT_CAUSE_GIVEN]: 'given',
  [CauseProto.ASSIGNMENT_CAUSE_ASSIGNED]: 'assigned',
  [CauseProto.ASSIGNMENT_CAUSE_TRANSFERRED]: 'transferred',
};

/** The timer of a thread has its name. */
export const readFired = ({ timerKey, version, dueAt }: TimerFired, position: Position): ThreadNews => ({
  position,
  threadId: timerKey,
  said: { kind: 'fired', at: dueAt ?? new Date(0), version: Number(version) },
});
