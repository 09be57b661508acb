import {
  type Attempt as AttemptProto,
  type Message as MessageProto,
  MessageClass,
} from '@switchboard/contracts/egress/v1/message_service';
import { type Attempt, standingOf } from '../../domain/attempt.js';
import {
  BULK,
  errorOf,
  pricingOfMessage,
  type State,
  stateTimes,
  troubleOf,
  whatsappMessageIdOf,
} from '../../domain/message.js';
import { contentToProto } from '../../content-proto.js';
import { addressToProto, errorToProto, pricingToProto, stateToProto } from '../../proto.js';
import { type KeptMessage } from '../../use-cases/ports.js';

/** A message as callers see it. */
export function messageToProto({ messageId, message, sequence = 0 }: KeptMessage): MessageProto {
  const trouble = troubleOf(message);
  return {
    messageId,
    organisationId: message.organisation,
    phoneNumberId: message.number,
    customerId: message.customer,
    threadId: message.thread,
    state: stateToProto[message.state],
    whatsappMessageId: whatsappMessageIdOf(message),
    content: contentToProto(message.content),
    recipient: addressToProto(message.recipient),
    acceptedAt: message.acceptedAt,
    attempts: message.attempts.map(attemptToProto),
    stateTimes: [...stateTimes(message)].map(([state, at]) => ({ state: stateToProto[state], at })),
    pricing: pricingToProto(pricingOfMessage(message)),
    troubleCode: trouble?.code ?? '',
    troubleReason: trouble?.reason ?? '',
    troubleRemedy: trouble?.remedy ?? '',
    sequence: BigInt(sequence),
    class: message.priority === BULK ? MessageClass.MESSAGE_CLASS_BULK : MessageClass.MESSAGE_CLASS_INTERACTIVE,
    needsDecision: message.needsDecision === true,
    outOfOrder: message.outOfOrder === true,
  };
}

function attemptToProto(attempt: Attempt): AttemptProto {
  const standing = standingOf(attempt);
  // An attempt that was certainly not handed over leaves the message where it was before.
  const state: State = standing === 'withdrawn' ? 'accepted' : standing;
  const error = errorOf(attempt);
  return {
    number: attempt.number,
    startedAt: attempt.startedAt,
    answeredAt: attempt.answeredAt,
    state: stateToProto[state],
    whatsappMessageId: attempt.whatsappMessageId ?? '',
    error: error && errorToProto(error),
  };
}
