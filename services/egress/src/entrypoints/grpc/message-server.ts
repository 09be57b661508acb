import {
  type CheckRequest,
  type CheckResponse,
  type ListRequest,
  MessageServiceService,
  type MessageServiceServer,
} from '@switchboard/contracts/egress/v1/message_service';
import { serverStream, type ServedService, unary } from '@switchboard/grpc';
import { type Tail } from '@switchboard/kafka';
import { contentFromProto } from '../../content-proto.js';
import { addressFromProto, stateFromProto } from '../../proto.js';
import { type CheckMessage } from '../../use-cases/check-message.js';
import { type GetMessage } from '../../use-cases/get-message.js';
import { type Judgement } from '../../use-cases/judge.js';
import { type ListMessages } from '../../use-cases/list-messages.js';
import { type MarkRead } from '../../use-cases/mark-read.js';
import { type MessageQuery, type Place } from '../../use-cases/ports.js';
import { type ResolveMessage } from '../../use-cases/resolve-message.js';
import { type SendMessages } from '../../use-cases/send-messages.js';
import { messageToProto } from './message-view.js';
import { checkIsSound, getIsSound, listIsSound, markReadIsSound, placeToken, resolveIsSound } from './requests.js';
import { createSending } from './sending.js';
import { createWatch, type Watched } from './watch.js';

const PAGE_SIZE = 50;

/** Outbound messages: may it go, send it, what became of it. */
export function messageServer(useCases: {
  readonly checkMessage: CheckMessage;
  readonly sendMessages: SendMessages;
  readonly getMessage: GetMessage;
  readonly listMessages: ListMessages;
  readonly resolveMessage: ResolveMessage;
  readonly markRead: MarkRead;
  readonly now: () => Date;
  readonly tail: Pick<Tail<Watched>, 'subscribe'>;
}): ServedService {
  const { checkMessage, getMessage, listMessages, resolveMessage, markRead, tail } = useCases;
  const implementation: MessageServiceServer = {
    ...createSending(useCases),
    check: unary(async (request, { caller }) => {
      checkIsSound(request);
      return verdictToProto(await checkMessage(toCheck(request, caller.organisationId)));
    }),
    get: unary(async (request, { caller }) => {
      getIsSound(request);
      return { message: messageToProto(await getMessage(request.messageId, caller.organisationId)) };
    }),
    list: unary(async (request, { caller }) => {
      const after = listIsSound(request, caller.organisationId);
      const { messages, next } = await listMessages(toQuery(request, caller.organisationId, after));
      return { messages: messages.map(messageToProto), nextPageToken: next ? placeToken(next) : '' };
    }),
    watch: serverStream(createWatch(tail)),
    resolve: unary(async (request, { caller }) => {
      const resolution = resolveIsSound(request);
      return { message: messageToProto(await resolveMessage(request.messageId, resolution, caller.organisationId)) };
    }),
    markRead: unary(async (request, { caller }) => {
      markReadIsSound(request);
      const { phoneNumberId: number, whatsappMessageId, typingIndicator: isTyping } = request;
      await markRead(caller.organisationId, { number, whatsappMessageId, isTyping });
      return {};
    }),
  };
  const [read, write] = ['egress.messages:read', 'egress.messages:write'];
  return {
    definition: MessageServiceService,
    implementation,
    scopes: {
      check: read,
      send: write,
      sendBatch: write,
      get: read,
      list: read,
      watch: read,
      resolve: write,
      markRead: write,
    },
  };
}

const toCheck = (request: CheckRequest, organisation: string | undefined): Parameters<CheckMessage>[0] => ({
  organisation,
  number: request.phoneNumberId,
  customer: request.customerId,
  lastInboundAt: request.lastInbound?.sentAt,
  content: contentFromProto(request.content),
  recipient: addressFromProto(request.recipient),
});

const toQuery = (request: ListRequest, organisation: string | undefined, after: Place | undefined): MessageQuery => ({
  organisation: organisation ?? request.organisationId,
  number: request.phoneNumberId || undefined,
  customer: request.customerId || undefined,
  states: request.states.flatMap((state) => stateFromProto(state) ?? []),
  from: request.acceptedFrom,
  until: request.acceptedUntil,
  after,
  limit: request.pageSize || PAGE_SIZE,
});

const verdictToProto = ({ refusal, waits, windowClosesAt }: Judgement): CheckResponse => ({
  allowed: refusal === undefined,
  code: refusal?.code ?? '',
  reason: (refusal ?? waits)?.reason ?? '',
  remedy: (refusal ?? waits)?.remedy ?? '',
  opensAt: (refusal ?? waits)?.opensAt,
  windowClosesAt,
  field: refusal?.field ?? '',
});
