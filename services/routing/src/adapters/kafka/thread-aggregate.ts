import type { AggregateDefinition, EncodedEvent, Poison } from '@switchboard/aggregates';
import type { DeskRequested } from '@switchboard/contracts/routing/v1/desk_events';
import type { ThreadEvent as ThreadEventProto } from '@switchboard/contracts/routing/v1/events';
import { routingDesks, routingThreads, setAsideTopic } from '@switchboard/contracts/topics';
import { timerEvent } from '@switchboard/kafka';
import { foldThread, type Result } from '../../domain/fold.js';
import { emptyThread, type Thread } from '../../domain/thread.js';
import {
  type DeskRequest,
  isThreadEvent,
  type Said,
  type ThreadEvent,
  type TimerOrder,
} from '../../domain/thread-events.js';
import type { ThreadInput } from '../../domain/thread-inputs.js';
import { detailToProto } from './thread-events.js';
import { manners, targetToProto } from './words.js';

interface Place {
  readonly aggregateId: string;
  readonly sequence: number;
  readonly index: number;
}

/** Whose timers a thread's are: they fire on `timer.fired.routing`. */
export const TIMER_OWNER = 'routing';

/** The aggregate *thread*: what it says on `routing.threads`, what it asks of its desk, and its one timer. */
export const threadAggregate: AggregateDefinition<Thread, ThreadInput, Said, Result> = {
  name: 'threads',
  topic: routingThreads.name,
  empty: emptyThread,
  fold: foldThread,
  isOwn: isThreadEvent,
  encode: (said, place) =>
    'detail' in said
      ? encodeEvent(said, place)
      : 'desk' in said
        ? encodeRequest(said, place)
        : encodeTimer(said, place),
  setAside,
};

function encodeEvent({ at, chatId, bot, about, detail }: ThreadEvent, { aggregateId, sequence }: Place): EncodedEvent {
  const value: ThreadEventProto = {
    threadId: aggregateId,
    sequence: BigInt(sequence),
    phoneNumberId: about.number,
    organisationId: about.owner?.organisationId ?? '',
    brandId: about.owner?.brandId ?? '',
    departmentId: about.owner?.departmentId ?? '',
    customerId: about.customer,
    chatId,
    occurredAt: at,
    botId: bot,
    event: detailToProto(detail, aggregateId, sequence),
  };
  return {
    topic: routingThreads.name,
    type: routingThreads.type,
    key: about.number,
    id: `${aggregateId}:${sequence}`,
    time: at,
    headers: orgOf(about),
    value: routingThreads.encode(value),
  };
}

function encodeRequest(request: DeskRequest, { aggregateId, sequence, index }: Place): EncodedEvent {
  const { at, chatId, about, count } = request;
  const organisationId = about.owner?.organisationId ?? '';
  const value: DeskRequested = {
    organisationId,
    threadId: aggregateId,
    chatId,
    phoneNumberId: about.number,
    occurredAt: at,
    count: BigInt(count),
    request: requestToProto(request),
  };
  return {
    topic: routingDesks.name,
    type: routingDesks.type,
    key: organisationId,
    id: `${aggregateId}:${sequence}:${index}`,
    time: at,
    headers: orgOf(about),
    value: routingDesks.encode(value),
  };
}

function requestToProto({ desk }: DeskRequest): DeskRequested['request'] {
  switch (desk.type) {
    case 'person-wanted': {
      const { brandId, departmentId, manner, offerTimeoutMs, lastOperatorId, concurrentLimit, since } = desk.want;
      return {
        $case: 'personWanted',
        value: {
          brandId,
          departmentId,
          target: targetToProto(desk.target),
          manner: manners[manner],
          offerTimeoutMs,
          lastOperatorId,
          waitingSince: since,
          concurrentLimit,
          exceptOperatorIds: [...desk.want.exceptIds],
        },
      };
    }
    case 'offer-refused':
      return { $case: 'offerRefused', value: { operatorId: desk.operatorId } };
    case 'chat-released':
      return { $case: 'chatReleased', value: {} };
    case 'chat-held':
      return { $case: 'chatHeld', value: { operatorId: desk.operatorId } };
  }
}

const encodeTimer = ({ at, about, timer }: TimerOrder, { aggregateId }: Place): EncodedEvent =>
  timerEvent({
    owner: TIMER_OWNER,
    timerKey: aggregateId,
    version: timer.version,
    due: timer.due,
    firedKey: about.number,
    at,
    org: about.owner?.organisationId,
  });

const orgOf = ({ owner }: ThreadEvent['about']): Record<string, string> => (owner ? { org: owner.organisationId } : {});

/** An input no fold can take: kept with the reason, so that it holds nobody up. Settings are kept elsewhere. */
function setAside({ aggregateId, input, position, reason, message }: Poison<ThreadInput>): EncodedEvent {
  const { flow, ...told } = input;
  return {
    topic: setAsideTopic('routing').name,
    type: `switchboard.routing.input.${input.kind}`,
    key: aggregateId.split('.')[0] ?? aggregateId,
    id: `${position.code}:${position.partition}:${position.offset}`,
    time: input.at,
    headers: {
      'set-aside-reason': `${reason}: ${message}`,
      'set-aside-code': position.code,
      'set-aside-partition': String(position.partition),
      'set-aside-offset': String(position.offset),
    },
    value: Buffer.from(JSON.stringify({ ...told, flow: { brandId: flow.brandId, version: flow.version } })),
  };
}
