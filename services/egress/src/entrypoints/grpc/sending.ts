import {
  MessageClass,
  type MessageServiceServer,
  OutboundMessage,
  type Refused,
  type SendOutcome as OutcomeProto,
} from '@switchboard/contracts/egress/v1/message_service';
import { Failure } from '@switchboard/errors';
import { unary } from '@switchboard/grpc';
import { BULK, INTERACTIVE } from '../../domain/message.js';
import { contentFromProto } from '../../content-proto.js';
import { type MessageToSend, type SendMessages } from '../../use-cases/send-messages.js';
import { messageToProto } from './message-view.js';
import { messageProblem, sendBatchIsSound, sendIsSound } from './requests.js';

/** `Send` and `SendBatch`. */
export function createSending({
  sendMessages,
  now,
}: {
  readonly sendMessages: SendMessages;
  readonly now: () => Date;
}): Pick<MessageServiceServer, 'send' | 'sendBatch'> {
  return {
    send: unary(async (request, { caller }) => {
      sendIsSound(request, now());
      const asked = request.message ? [toSend(request.message)] : [];
      const [outcome] = await sendMessages(caller.organisationId, request.phoneNumberId, asked);
      if (outcome instanceof Failure) throw outcome;
      return { message: outcome && messageToProto(outcome) };
    }),
    sendBatch: unary(async (request, { caller }) => {
      sendBatchIsSound(request);
      const problems = request.messages.map((message) => messageProblem(message, now()));
      const sound = request.messages.filter((_, index) => !problems[index]);
      const sent = await sendMessages(caller.organisationId, request.phoneNumberId, sound.map(toSend));
      const rest = sent.values();
      return { outcomes: problems.map((problem) => ({ outcome: toOutcome(problem ?? rest.next().value) })) };
    }),
  };
}

const nothing = OutboundMessage.decode(new Uint8Array());

function toSend(message: OutboundMessage): MessageToSend {
  const recipient = {
    phone: (message.recipient?.phone ?? '').replace(/^\+/, ''),
    userId: message.recipient?.userId ?? '',
  };
  const { content, replyToWhatsappMessageId: replyTo } = message;
  // When and how soon it goes is no part of what it is: a repeated call may name another time.
  const what = { ...nothing, recipient, content, replyToWhatsappMessageId: replyTo };
  return {
    idempotencyKey: message.idempotencyKey,
    recipient,
    content: contentFromProto(content),
    replyTo,
    priority: message.class === MessageClass.MESSAGE_CLASS_BULK ? BULK : INTERACTIVE,
    expiresAt: message.expiresAt,
    fingerprint: Buffer.from(OutboundMessage.encode(what).finish()).toString('base64'),
  };
}

function toOutcome(outcome: Awaited<ReturnType<SendMessages>>[number] | undefined): OutcomeProto['outcome'] {
  if (outcome instanceof Failure) return { $case: 'refused', value: toRefused(outcome) };
  return outcome && { $case: 'message', value: messageToProto(outcome) };
}

function toRefused({ code, message, violations, details }: Failure): Refused {
  const [first] = violations;
  const [rule, advice] = (first?.description ?? '').split('; ');
  const { remedy, opensAt } = details;
  return {
    code,
    reason: remedy === undefined && first ? (rule ?? '') : message,
    remedy: remedy ?? advice ?? '',
    field: (first?.field ?? '').replace(/^message\./, ''),
    opensAt: opensAt === undefined ? undefined : new Date(opensAt),
  };
}
