import type { AggregateDefinition, EncodedEvent, Poison, Project, Written } from '@switchboard/aggregates';
import { AssignmentCause, type DeskRequested, OfferMade } from '@switchboard/contracts/routing/v1/desk_events';
import { routingDesks, routingOffers, setAsideTopic } from '@switchboard/contracts/topics';
import { timerEvent } from '@switchboard/kafka';
import { type Desk, emptyDesk } from '../../domain/desk/desk.js';
import type { DeskEvent, OfferEvent, RefillOrder, TimerOrder } from '../../domain/desk/desk-events.js';
import type { DeskInput } from '../../domain/desk/desk-inputs.js';
import { type DeskResult, foldDesk } from '../../domain/desk/fold.js';
import { partsOfThreadId, threadOfChat } from '../../domain/spans.js';

interface Place {
  readonly aggregateId: string;
  readonly sequence: number;
  readonly index: number;
}

/** The aggregate *desk*: what it says on `routing.offers`, its timers, and what it asks itself on `routing.desks`. */
export const deskAggregate: AggregateDefinition<Desk, DeskInput, DeskEvent, DeskResult> = {
  name: 'desks',
  topic: routingOffers.name,
  empty: emptyDesk,
  fold: (desk, input) => foldDesk(desk, input),
  isOwn: (event) => 'offer' in event,
  encode: (event, place) =>
    'offer' in event
      ? encodeOffer(event, place)
      : 'timer' in event
        ? encodeTimer(event, place)
        : encodeRefill(event, place),
  setAside,
};

/** Nothing is projected of a desk; what was written is counted. */
export const watchDesks =
  (observe: {
    readonly written: (desk: Written<Desk>) => void;
    readonly said: (what: string) => void;
  }): Project<Desk> =>
  (all) => {
    for (const desk of all) {
      observe.written(desk);
      for (const { own, event } of desk.entries) {
        const what = own ? OfferMade.decode(event.value).offer?.$case : undefined;
        if (what) observe.said(what);
      }
    }
    return Promise.resolve();
  };

/** Timers of desks stand beside those of threads: a thread's id begins with a digit. */
const TIMERS = 'desk:';

function encodeOffer({ at, chatId, count, offer }: OfferEvent, { aggregateId, sequence }: Place): EncodedEvent {
  const threadId = threadOfChat(chatId) ?? '';
  const number = partsOfThreadId(threadId)?.number ?? '';
  const value: OfferMade = {
    organisationId: aggregateId,
    threadId,
    chatId,
    phoneNumberId: number,
    occurredAt: at,
    sequence: BigInt(sequence),
    count: BigInt(count),
    offer: offerToProto(offer),
  };
  return {
    topic: routingOffers.name,
    type: routingOffers.type,
    key: number,
    id: `${aggregateId}:${sequence}`,
    time: at,
    headers: { org: aggregateId },
    value: routingOffers.encode(value),
  };
}

function offerToProto(offer: OfferEvent['offer']): OfferMade['offer'] {
  switch (offer.type) {
    case 'offered':
      return { $case: 'offered', value: { operatorIds: [...offer.operatorIds], until: offer.until ?? undefined } };
    case 'assigned':
      return { $case: 'assigned', value: { operatorId: offer.operatorId, cause: causes[offer.cause] } };
    case 'ended':
      return { $case: 'offerEnded', value: { operatorIds: [...offer.operatorIds], timedOut: offer.timedOut } };
  }
}

const causes = {
  taken: AssignmentCause.ASSIGNMENT_CAUSE_TAKEN,
  given: AssignmentCause.ASSIGNMENT_CAUSE_GIVEN,
  assigned: AssignmentCause.ASSIGNMENT_CAUSE_ASSIGNED,
  transferred: AssignmentCause.ASSIGNMENT_CAUSE_TRANSFERRED,
} as const;

const encodeTimer = ({ at, timer, version, due }: TimerOrder, { aggregateId }: Place): EncodedEvent =>
  timerEvent({
    owner: 'routing',
    timerKey: `${TIMERS}${aggregateId}:${timer}`,
    version,
    due,
    firedKey: aggregateId,
    at,
    org: aggregateId,
  });

function encodeRefill({ at, line }: RefillOrder, { aggregateId, sequence, index }: Place): EncodedEvent {
  const value: DeskRequested = {
    organisationId: aggregateId,
    threadId: '',
    chatId: '',
    phoneNumberId: '',
    occurredAt: at,
    count: 0n,
    request: { $case: 'lineRefill', value: { line } },
  };
  return {
    topic: routingDesks.name,
    type: routingDesks.type,
    key: aggregateId,
    id: `${aggregateId}:${sequence}:${index}`,
    time: at,
    headers: { org: aggregateId },
    value: routingDesks.encode(value),
  };
}

/** An input no fold can take: kept with the reason, so that it holds nobody up. */
function setAside({ aggregateId, input, position, reason, message }: Poison<DeskInput>): EncodedEvent {
  return {
    topic: setAsideTopic('routing').name,
    type: `switchboard.routing.desk.${input.kind}`,
    key: aggregateId,
    id: `${position.code}:${position.partition}:${position.offset}`,
    time: input.at,
    headers: {
      'set-aside-reason': `${reason}: ${message}`,
      'set-aside-code': position.code,
      'set-aside-partition': String(position.partition),
      'set-aside-offset': String(position.offset),
    },
    value: Buffer.from(JSON.stringify(input)),
  };
}
