import type { ReplyRequest } from '@switchboard/contracts/routing/v1/chat_service';
import { Content } from '@switchboard/contracts/whatsapp/v1/content';
import type { FieldViolation } from '@switchboard/errors';
import { previewOfContent } from '../../preview.js';
import type { Reply } from '../../use-cases/chats/write-to-customer.js';
import { aChatId, aKey, aText, aWamidOrNone, demand, oneOf, wellFormed } from './requests.js';
import { theTemplate } from './templates.js';

type Violation = FieldViolation | undefined;

/** A chat is one document, and its events go over a log whose records have an end. */
const MOST_BYTES = 65_536;

/** What a reply says: a text, or any content; whether Meta takes it is known to egress. */
export function readReply(request: ReplyRequest): Reply {
  const { chatId, idempotencyKey, text, content, replyToWhatsappMessageId: replyTo } = request;
  demand(
    aChatId('chat_id', chatId),
    aKey('idempotency_key', idempotencyKey),
    ...(content
      ? [oneOf({ text: text !== '', content: true }), ...theContent('content', content)]
      : [aText('text', text, 4_096)]),
    aWamidOrNone('reply_to_whatsapp_message_id', replyTo),
  );
  const of = { chatId, idempotencyKey, replyTo };
  if (content) {
    const fingerprint = { content: Buffer.from(Content.encode(content).finish()).toString('base64') };
    return { ...of, content, fingerprint, preview: previewOfContent(content), field: 'content' };
  }
  const said: Content = { kind: { $case: 'text', value: { body: text } } };
  return { ...of, content: said, fingerprint: text, preview: previewOfContent(said), field: 'text' };
}

function theContent(field: string, content: Content): Violation[] {
  const { kind } = content;
  if (!kind) return [{ field, description: 'must say what is sent; set one kind, for example media' }];
  const { length } = Content.encode(content).finish();
  return [
    length <= MOST_BYTES
      ? undefined
      : { field, description: `must be at most ${MOST_BYTES} bytes and is ${length}; shorten it` },
    textsIn(kind.value)
      .map((text) => wellFormed(field, text))
      .find((violation) => violation !== undefined),
    ...(kind.$case === 'template' ? theTemplate(`${field}.template`, kind.value) : []),
  ];
}

/** Everything that people or machines read in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.values(value).flatMap(textsIn);
}
