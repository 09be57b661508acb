import {
  type CheckRequest,
  type GetRequest,
  type ListRequest,
  type MarkReadRequest,
  MessageClass,
  type OutboundMessage,
  Resolution,
  type ResolveRequest,
  type SendBatchRequest,
  type SendRequest,
  type WatchRequest,
} from '@switchboard/contracts/egress/v1/message_service';
import { type Content as ContentProto } from '@switchboard/contracts/whatsapp/v1/content';
import { Failure, type FieldViolation, invalid } from '@switchboard/errors';
import { watchProblems } from '@switchboard/kafka';
import { contentFromProto } from '../../content-proto.js';
import { contentProblems } from '../../domain/content.js';
import { type Place } from '../../use-cases/ports.js';

/** What is wrong with requests, all of it at once: the field, the rule, the remedy. */

export type Rule = readonly [field: string, isKept: boolean, description: string];

const MOST_MESSAGES = 500;
const LONGEST_LIFE_MS = 30 * 86_400_000;

export function checkIsSound({ phoneNumberId, customerId, content, lastInbound, recipient }: CheckRequest): void {
  const { phone = '', userId = '' } = recipient ?? {};
  refuse([
    numberRule(phoneNumberId),
    ['customer_id', customerId.length <= 128, 'must be at most 128 characters; take it from an event or ResolveBatch'],
    ['content', content?.kind !== undefined, 'must say what would be sent; set one kind, for example text'],
    [
      'last_inbound.sent_at',
      !lastInbound || lastInbound.sentAt !== undefined,
      "must be the time of the customer's last message; set it, or leave last_inbound out",
    ],
    ...addressRules('recipient', phone, userId),
  ]);
}

export function sendIsSound({ phoneNumberId, message }: SendRequest, now: Date): void {
  refuse([
    numberRule(phoneNumberId),
    ...(message ? messageRules(message, now, 'message.') : [['message', false, 'must be there; set it'] as const]),
  ]);
}

/** What is wrong with the call as a whole; each message is looked at by itself. */
export function sendBatchIsSound({ phoneNumberId, messages }: SendBatchRequest): void {
  const keys = messages.map(({ idempotencyKey }) => idempotencyKey);
  const firstOf = new Map(keys.map((key, index) => [key, index] as const).reverse());
  refuse([
    numberRule(phoneNumberId),
    [
      'messages',
      messages.length >= 1 && messages.length <= MOST_MESSAGES,
      `must be 1 to ${MOST_MESSAGES} and are ${messages.length}; make several calls`,
    ],
    ...keys.map((key, index): Rule => [
      `messages[${index}].idempotency_key`,
      key === '' || firstOf.get(key) === index,
      'must not be there twice; make one per message',
    ]),
  ]);
}

/** What is wrong with a message; undefined when nothing is. Fields are named within the message. */
export const messageProblem = (message: OutboundMessage, now: Date): Failure | undefined =>
  failureOf(messageRules(message, now, 'message.'));

function messageRules(message: OutboundMessage, now: Date, at: string): Rule[] {
  const { idempotencyKey, recipient, content, replyToWhatsappMessageId, expiresAt } = message;
  const { phone = '', userId = '' } = recipient ?? {};
  return [
    [
      `${at}idempotency_key`,
      idempotencyKey.length >= 1 && idempotencyKey.length <= 128,
      'must be 1 to 128 characters; make one per message and repeat it when you repeat the call',
    ],
    [
      `${at}recipient`,
      (phone === '') !== (userId === ''),
      'must be a phone or a user id, and not both; set one of recipient.phone and recipient.user_id',
    ],
    ...addressRules(`${at}recipient`, phone, userId),
    [`${at}content`, content?.kind !== undefined, 'must say what is sent; set one kind, for example text'],
    ...contentRules(at, content),
    [
      `${at}reply_to_whatsapp_message_id`,
      replyToWhatsappMessageId.length <= 512,
      'must be the wamid of a message; take it from an event',
    ],
    [
      `${at}class`,
      Object.values(MessageClass).includes(message.class),
      'must be interactive or bulk; leave it out for interactive',
    ],
    // One that is past is the gate's to refuse: a repeated call still gets its message.
    [
      `${at}expires_at`,
      !expiresAt || expiresAt.getTime() - now.getTime() <= LONGEST_LIFE_MS,
      'must be at most 30 days ahead; set an earlier time, or leave it out',
    ],
  ];
}

/** Kinds that cannot be sent are the gate's to refuse. */
function contentRules(at: string, content: ContentProto | undefined): Rule[] {
  const read = contentFromProto(content);
  const problems = read.kind === 'unsupported' ? [] : contentProblems(read);
  return problems.map(({ field, rule, remedy }): Rule => [`${at}${field}`, false, `${rule}; ${remedy}`]);
}

const addressRules = (at: string, phone: string, userId: string): Rule[] => [
  [
    `${at}.phone`,
    phone === '' || /^\+?[1-9]\d{4,14}$/.test(phone),
    'must be 5 to 15 digits with country code; write it without spaces, with or without +',
  ],
  [
    `${at}.user_id`,
    userId === '' || /^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/.test(userId),
    'must be a business-scoped user id such as US.13491208655302741918; take it from an event',
  ],
];

export function getIsSound({ messageId }: GetRequest): void {
  refuse([messageIdRule(messageId)]);
}

const messageIdRule = (messageId: string): Rule => [
  'message_id',
  messageId.length >= 1 && messageId.length <= 256,
  'must be 1 to 256 characters; take it from SendResponse or an event',
];

export function markReadIsSound({ phoneNumberId, whatsappMessageId }: MarkReadRequest): void {
  refuse([
    numberRule(phoneNumberId),
    [
      'whatsapp_message_id',
      /^wamid\.\S{1,506}$/.test(whatsappMessageId),
      'must be the wamid of a message of the customer; take it from an event',
    ],
  ]);
}

export function resolveIsSound({ messageId, resolution }: ResolveRequest): 'send-again' | 'give-up' {
  const asked = resolutions[resolution];
  refuse([
    messageIdRule(messageId),
    ['resolution', asked !== undefined, 'must be to send again or to give up; choose one of them'],
  ]);
  return asked ?? 'give-up';
}

const resolutions: Partial<Record<Resolution, 'send-again' | 'give-up'>> = {
  [Resolution.RESOLUTION_SEND_AGAIN]: 'send-again',
  [Resolution.RESOLUTION_GIVE_UP]: 'give-up',
};

/** Where the list goes on; undefined for the first page. */
export function listIsSound(request: ListRequest, tenant: string | undefined): Place | undefined {
  const { organisationId, phoneNumberId, customerId, acceptedFrom, acceptedUntil, pageSize, pageToken } = request;
  const organisation = organisationOf(tenant, organisationId);
  const after = placeOf(pageToken);
  refuse([
    ['organisation_id', organisation !== '', 'is needed when the token names no organisation; name one'],
    ...scopeRules(organisationId, phoneNumberId),
    ['customer_id', customerId.length <= 128, 'must be at most 128 characters; take it from an event or ResolveBatch'],
    [
      'accepted_until',
      !acceptedFrom || !acceptedUntil || acceptedFrom < acceptedUntil,
      'must be later than accepted_from; exchange them',
    ],
    ['page_size', pageSize <= 500, 'must be 1 to 500, or 0 for 50; ask for smaller pages'],
    ['page_token', after !== null, 'must be empty or come from the answer before; start at the first page'],
  ]);
  return after ?? undefined;
}

/** Whose messages are watched; empty = all. */
export function watchIsSound(request: WatchRequest, tenant: string | undefined): string {
  const rules = watchProblems(request).map(({ field, description }): Rule => [field, false, description]);
  refuse([...rules, ...scopeRules(request.organisationId, request.phoneNumberId)]);
  return organisationOf(tenant, request.organisationId);
}

const scopeRules = (organisationId: string, phoneNumberId: string): Rule[] => [
  ['organisation_id', organisationId.length <= 64, 'must be at most 64 characters; correct the id'],
  ...(phoneNumberId === '' ? [] : [numberRule(phoneNumberId)]),
];

/** The token's organisation, or for internal services the one they name; empty for none. */
function organisationOf(tenant: string | undefined, named: string): string {
  if (tenant !== undefined && named !== '' && named !== tenant) throw otherOrganisation();
  return tenant ?? named;
}

export const placeToken = ({ acceptedAt, messageId }: Place): string =>
  Buffer.from(JSON.stringify([acceptedAt.getTime(), messageId])).toString('base64url');

/** Undefined for the first page, null for what is no token. */
function placeOf(token: string): Place | undefined | null {
  if (token === '') return undefined;
  try {
    const [at, messageId] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    const acceptedAt = new Date(Number(at));
    const place = { acceptedAt, messageId: String(messageId) };
    return placeToken(place) === token ? place : null;
  } catch {
    return null;
  }
}

export const numberRule = (phoneNumberId: string): Rule => [
  'phone_number_id',
  /^\d{1,32}$/.test(phoneNumberId),
  "must be Meta's id of the number, 1 to 32 digits; not the phone number itself",
];

const otherOrganisation = (): Failure =>
  new Failure(
    'forbidden',
    'egress.other-organisation',
    'the token is for another organisation; leave organisation_id empty',
  );

export function refuse(rules: readonly Rule[]): void {
  const failure = failureOf(rules);
  if (failure) throw failure;
}

function failureOf(rules: readonly Rule[]): Failure | undefined {
  const violations: FieldViolation[] = rules
    .filter(([, isKept]) => !isKept)
    .map(([field, , description]) => ({ field, description }));
  return violations.length > 0 ? invalid('egress.bad-request', violations) : undefined;
}
