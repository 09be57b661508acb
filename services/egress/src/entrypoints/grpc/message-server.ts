import {
  type CheckRequest,
  type CheckResponse,
  MessageServiceService,
  type MessageServiceServer,
  type SendRequest,
} from '@switchboard/contracts/egress/v1/message_service';
import { type ServedService, unary } from '@switchboard/grpc';
import { type Verdict } from '../../domain/gate.js';
import { contentFromProto } from '../../content-proto.js';
import { type CheckMessage, type MessageToCheck } from '../../use-cases/check-message.js';
import { type GetMessage } from '../../use-cases/get-message.js';
import { type MessageToSend, type SendMessage } from '../../use-cases/send-message.js';
import { checkIsSound, getIsSound, sendIsSound } from './requests.js';
import { messageToProto } from './message-view.js';

/** Outbound messages: may it go, send it, what became of it. */
export function messageServer(useCases: {
  readonly checkMessage: CheckMessage;
  readonly sendMessage: SendMessage;
  readonly getMessage: GetMessage;
}): ServedService {
  const { checkMessage, sendMessage, getMessage } = useCases;
  const implementation: MessageServiceServer = {
    check: unary(async (request, { caller }) => {
      checkIsSound(request);
      return verdictToProto(await checkMessage(toCheck(request, caller.organisationId)));
    }),
    send: unary(async (request, { caller }) => {
      sendIsSound(request);
      return { message: messageToProto(await sendMessage(toSend(request, caller.organisationId))) };
    }),
    get: unary(async (request, { caller }) => {
      getIsSound(request);
      return { message: messageToProto(await getMessage(request.messageId, caller.organisationId)) };
    }),
  };
  return {
    definition: MessageServiceService,
    implementation: implementation,
    scopes: { check: 'egress.messages:read', send: 'egress.messages:write', get: 'egress.messages:read' },
  };
}

function toCheck(request: CheckRequest, organisation: string | undefined): MessageToCheck {
  const content = contentFromProto(request.content);
  return {
    organisation,
    number: request.phoneNumberId,
    customer: request.customerId,
    lastInboundAt: request.lastInbound?.sentAt,
    content,
  };
}

const toSend = (request: SendRequest, organisation: string | undefined): MessageToSend => ({
  organisation,
  number: request.phoneNumberId,
  idempotencyKey: request.idempotencyKey,
  recipient: {
    phone: (request.recipient?.phone ?? '').replace(/^\+/, ''),
    userId: request.recipient?.userId ?? '',
  },
  text: request.text,
  previewUrl: request.previewUrl,
  replyTo: request.replyToWhatsappMessageId,
});

const verdictToProto = ({ refusal, windowClosesAt }: Verdict): CheckResponse => ({
  allowed: refusal === undefined,
  code: refusal?.code ?? '',
  reason: refusal?.reason ?? '',
  remedy: refusal?.remedy ?? '',
  opensAt: refusal?.opensAt,
  windowClosesAt,
});
