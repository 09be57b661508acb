import { type AggregateDefinition, type EncodedEvent, type Poison } from '@switchboard/aggregates';
import { type Cost, type MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { egressMessages, egressWake, setAsideTopic } from '@switchboard/contracts/topics';
import { timerEvent } from '@switchboard/kafka';
import { foldMessage } from '../../domain/fold.js';
import { type Event, type Result } from '../../domain/folded.js';
import { type Input } from '../../domain/inputs.js';
import { BULK, type Message, type Unwritten, unwritten, whatsappMessageIdOf } from '../../domain/message.js';
import { contentToProto } from '../../content-proto.js';
import { addressToProto, errorToProto, pricingToProto, stateToProto } from '../../proto.js';

/** The aggregate *message*, and what it says on `egress.messages` and `egress.wake`. */
export const messageAggregate: AggregateDefinition<Message | Unwritten, Input, Event, Result> = {
  name: 'messages',
  topic: egressMessages.name,
  empty: () => unwritten,
  fold: (state, input, { traceparent }) => foldMessage(state, inTrace(input, traceparent)),
  isOwn: ({ kind }) => kind !== 'wake' && kind !== 'timer',
  encode(event, { aggregateId, sequence, index }) {
    if (event.kind === 'wake') return wakeRecord(aggregateId, event.message, event.at, index);
    return event.kind === 'timer' ? timerRecord(aggregateId, event) : record(aggregateId, event, sequence);
  },
  setAside,
};

type OwnEvent = Exclude<Event, { kind: 'wake' | 'timer' }>;

/** A message keeps the trace that asked for it. */
const inTrace = (input: Input, trace: string | undefined): Input =>
  input.kind === 'accept' && trace !== undefined ? { ...input, draft: { ...input.draft, trace } } : input;

function record(messageId: string, event: OwnEvent, sequence: number): EncodedEvent {
  const { message, at } = event;
  const value: MessageEvent = {
    messageId,
    sequence: BigInt(sequence),
    organisationId: message.organisation,
    phoneNumberId: message.number,
    customerId: message.customer,
    threadId: message.thread,
    chatId: message.chat,
    state: stateToProto[message.state],
    occurredAt: at,
    whatsappMessageId: whatsappMessageIdOf(message),
    walletId: message.wallet,
    cost: costOf(event),
    event: detail(event),
  };
  return {
    topic: egressMessages.name,
    type: egressMessages.type,
    key: message.number,
    id: `${messageId}:${sequence}`,
    time: at,
    headers: { org: message.organisation, ...(message.trace !== undefined && { traceparent: message.trace }) },
    value: egressMessages.encode(value),
  };
}

function costOf(event: OwnEvent): Cost {
  const { content, category = '', recipient, attempts } = event.message;
  const payment = 'attempt' in event && attempts.find(({ number }) => number === event.attempt)?.payment;
  return {
    category: content.kind === 'template' ? category : content.kind === 'reaction' ? '' : 'service',
    recipient: addressToProto(recipient),
    windowOpen: payment ? payment.windowOpen : false,
    held: payment ? payment.isHeld : false,
  };
}

function detail(event: OwnEvent): MessageEvent['event'] {
  switch (event.kind) {
    case 'accepted': {
      const { content, recipient, idempotencyKey, replyTo, priority } = event.message;
      const value = {
        content: contentToProto(content),
        recipient: addressToProto(recipient),
        idempotencyKey,
        replyToWhatsappMessageId: replyTo,
        bulk: priority === BULK,
      };
      return { $case: 'accepted', value };
    }
    case 'sent':
      return { $case: 'sent', value: { attempt: event.attempt } };
    case 'status-changed': {
      const { attempt, status, pricing, errors, doubled, delivered } = event;
      const value = {
        attempt,
        status,
        pricing: pricingToProto(pricing),
        errors: errors.map(errorToProto),
        doubled,
        delivered,
      };
      return { $case: 'statusChanged', value };
    }
    case 'refused': {
      const { code, reason, remedy } = event.refusal;
      const nextAttempt = (event.message.attempts.at(-1)?.number ?? 0) + 1;
      return { $case: 'refused', value: { code, reason, remedy, nextAttempt } };
    }
    case 'unknown':
      return { $case: 'unknown', value: { attempt: event.attempt, reason: event.reason } };
    case 'put-off':
      return { $case: 'putOff', value: { attempt: event.attempt } };
    case 'failed': {
      const { attempt, error, remedy } = event;
      return { $case: 'failed', value: { attempt, error: error && errorToProto(error), remedy } };
    }
  }
}

const wakeRecord = (messageId: string, { number }: Message, time: Date, index: number): EncodedEvent => ({
  topic: egressWake.name,
  type: egressWake.type,
  key: number,
  id: `${messageId}:wake:${index}`,
  time,
  headers: {},
  value: egressWake.encode({ phoneNumberId: number }),
});

/** Whose timers a message's are: they fire on `timer.fired.egress`. */
const TIMER_OWNER = 'egress';

/** Armed anew each time; one that is not needed any more fires for nothing. */
const timerRecord = (
  messageId: string,
  { message, version, due, about, at }: Extract<Event, { kind: 'timer' }>,
): EncodedEvent =>
  timerEvent({
    owner: TIMER_OWNER,
    timerKey: messageId,
    version,
    due,
    firedKey: message.number,
    payload: about,
    at,
    org: message.organisation,
  });

/** An input no fold can take: kept with the reason, so that it holds nobody up. */
function setAside({ aggregateId, input, position, reason, message }: Poison<Input>): EncodedEvent {
  return {
    topic: setAsideTopic('egress').name,
    type: `switchboard.egress.input.${input.kind}`,
    key: aggregateId,
    id: `${position.code}:${position.partition}:${position.offset}`,
    time: new Date(0),
    headers: {
      'set-aside-reason': `${reason}: ${message}`,
      'set-aside-code': position.code,
      'set-aside-partition': String(position.partition),
      'set-aside-offset': String(position.offset),
    },
    value: Buffer.from(JSON.stringify(input)),
  };
}
