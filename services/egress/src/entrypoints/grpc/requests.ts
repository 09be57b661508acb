import { type CheckRequest, type GetRequest, type SendRequest } from '@switchboard/contracts/egress/v1/message_service';
import { type FieldViolation, invalid } from '@switchboard/errors';
import { MAX_TEXT_LENGTH } from '../../domain/gate.js';

/** What is wrong with requests, all of it at once: the field, the rule, the remedy. */

type Rule = readonly [field: string, isKept: boolean, description: string];

export function checkIsSound({ phoneNumberId, customerId, content, lastInbound }: CheckRequest): void {
  refuse([
    numberRule(phoneNumberId),
    ['customer_id', customerId.length <= 128, 'must be at most 128 characters; take it from an event or ResolveBatch'],
    ['content', content?.kind !== undefined, 'must say what would be sent; set one kind, for example text'],
    [
      'last_inbound.sent_at',
      !lastInbound || lastInbound.sentAt !== undefined,
      "must be the time of the customer's last message; set it, or leave last_inbound out",
    ],
  ]);
}

export function sendIsSound({ phoneNumberId, idempotencyKey, recipient, text, ...more }: SendRequest): void {
  const { phone = '', userId = '' } = recipient ?? {};
  refuse([
    numberRule(phoneNumberId),
    [
      'idempotency_key',
      idempotencyKey.length >= 1 && idempotencyKey.length <= 128,
      'must be 1 to 128 characters; make one per message and repeat it when you repeat the call',
    ],
    [
      'recipient',
      (phone === '') !== (userId === ''),
      'must be a phone or a user id, and not both; set one of recipient.phone and recipient.user_id',
    ],
    [
      'recipient.phone',
      phone === '' || /^\+?[1-9]\d{4,14}$/.test(phone),
      'must be 5 to 15 digits with country code; write it without spaces, with or without +',
    ],
    [
      'recipient.user_id',
      userId === '' || /^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/.test(userId),
      'must be a business-scoped user id such as US.13491208655302741918; take it from an event',
    ],
    [
      'text',
      text.trim() !== '' && text.length <= MAX_TEXT_LENGTH,
      `must be 1 to ${MAX_TEXT_LENGTH} characters; write something, shorten it, or send it in parts`,
    ],
    [
      'reply_to_whatsapp_message_id',
      more.replyToWhatsappMessageId.length <= 512,
      'must be the wamid of a message; take it from an event',
    ],
  ]);
}

export function getIsSound({ messageId }: GetRequest): void {
  refuse([
    [
      'message_id',
      messageId.length >= 1 && messageId.length <= 256,
      'must be 1 to 256 characters; take it from SendResponse or an event',
    ],
  ]);
}

const numberRule = (phoneNumberId: string): Rule => [
  'phone_number_id',
  /^\d{1,32}$/.test(phoneNumberId),
  "must be Meta's id of the number, 1 to 32 digits; not the phone number itself",
];

function refuse(rules: readonly Rule[]): void {
  const violations: FieldViolation[] = rules
    .filter(([, isKept]) => !isKept)
    .map(([field, , description]) => ({ field, description }));
  if (violations.length > 0) throw invalid('egress.bad-request', violations);
}
