import type { Engine } from './engine.js';
import { isJson, type Json, present, seconds } from './json.js';
import { addressOf, lifeMs, placeholder, sha256Of } from './media.js';
import { contactOf } from './statuses.js';
import type { BusinessNumber, ChatMessage, Customer } from './world.js';

/** What a customer says: a plain text or the content of any message, as the webhook's `messages[]` has it. */
export interface Said {
  readonly text?: string | undefined;
  readonly message?: Json | undefined;
  /** The message this one quotes. */
  readonly reply_to?: string | undefined;
}

const mediaTypes: Readonly<Record<string, string>> = {
  image: 'image/png',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/** A customer writes; the business hears of it by webhook. Opens the window of 24 hours. */
export function write(engine: Engine, number: BusinessNumber, customer: Customer, said: Said): ChatMessage {
  const given = said.message ?? { type: 'text', text: { body: said.text ?? '' } };
  const type = typeof given['type'] === 'string' ? given['type'] : 'text';
  const content = mediaTypes[type] ? { ...given, [type]: withMedia(engine, number, type, given[type]) } : given;
  const quoted = said.reply_to === undefined ? undefined : engine.world.messages.get(said.reply_to);
  const context = said.reply_to === undefined ? undefined : contextOf(number, customer, said.reply_to, quoted);
  const message = hear(engine, number, customer, { ...(context && { context }), ...content, type });
  if (isJson(given['referral'])) {
    engine.prices.cameThroughAd(`${number.phone_number_id}|${customer.user_id}`, message.at);
  }
  const isBlocked = engine.world.isBlocked(number.phone_number_id, customer);
  if (type !== 'reaction' && !isBlocked) engine.world.wrote(number.phone_number_id, customer, message.at);
  return message;
}

/** A reaction to any message of the chat; without an emoji it is taken back. */
export const react = (engine: Engine, number: BusinessNumber, customer: Customer, to: string, emoji?: string) =>
  hear(engine, number, customer, {
    type: 'reaction',
    reaction: present({ message_id: to, emoji: emoji ?? undefined }),
  });

/** Stops or resumes marketing; the business hears of it at each of these numbers. */
export function prefer(
  engine: Engine,
  numbers: readonly BusinessNumber[],
  customer: Customer,
  value: 'stop' | 'resume',
) {
  const nowMs = engine.clock.now();
  customer.stopped_marketing = value === 'stop';
  const item = present({
    wa_id: customer.hides_phone ? undefined : customer.wa_id,
    user_id: customer.user_id,
    parent_user_id: customer.parent_user_id,
    detail: `User requested to ${value} marketing messages`,
    category: 'marketing_messages',
    value,
    timestamp: Math.floor(nowMs / 1000),
  });
  const contact = contactOf(customer, { username: true, phone: false });
  for (const number of numbers) {
    engine.outbox.tell({ number, field: 'user_preferences', list: 'user_preferences', item, contact }, nowMs);
  }
  engine.changed();
}

/** A customer rewrites something that was said. */
export const edit = (engine: Engine, number: BusinessNumber, customer: Customer, original: string, said: Said) =>
  hear(engine, number, customer, {
    type: 'edit',
    edit: {
      original_message_id: original,
      message: said.message ?? { context: { id: 'M0' }, type: 'text', text: { body: said.text ?? '' } },
    },
  });

/** A customer takes something back. */
export const revoke = (engine: Engine, number: BusinessNumber, customer: Customer, original: string) =>
  hear(engine, number, customer, { type: 'revoke', revoke: { original_message_id: original } });

/** A new phone, or one that stays unknown: every number the customer writes with hears of it. */
export function changeNumber(engine: Engine, numbers: readonly BusinessNumber[], customer: Customer, waId?: string) {
  const { previous } = engine.world.changeNumber(customer, waId);
  const [before, after] =
    waId === undefined ? [previous.user_id, customer.user_id] : [previous.wa_id ?? previous.user_id, waId];
  const system = present({
    body: `User ${customer.name} changed from ${before} to ${after}`,
    type: waId === undefined ? 'user_changed_user_id' : 'user_changed_number',
    wa_id: waId,
    user_id: customer.user_id,
    previous_user_id: previous.user_id,
    parent_user_id: customer.parent_user_id,
    previous_parent_user_id: previous.parent_user_id,
  });
  return numbers.map((number) => {
    const item = present({ from: waId === undefined ? undefined : previous.wa_id, type: 'system', system });
    return tell(engine, number, customer, item, undefined);
  });
}

const hear = (engine: Engine, number: BusinessNumber, customer: Customer, content: Json): ChatMessage =>
  tell(
    engine,
    number,
    customer,
    {
      ...present({
        from: customer.hides_phone ? undefined : customer.wa_id,
        from_user_id: customer.user_id,
        from_parent_user_id: customer.parent_user_id,
      }),
      ...content,
    },
    contactOf(customer, { username: true, phone: false }),
  );

/** Ids and timestamps that are given win: so the same message can be told twice. */
function tell(engine: Engine, number: BusinessNumber, customer: Customer, content: Json, contact?: Json): ChatMessage {
  const nowMs = engine.clock.now();
  const digits = customer.wa_id ?? customer.user_id.replace(/[^0-9]/g, '').slice(0, 12);
  const id = typeof content['id'] === 'string' ? content['id'] : engine.ids.inbound(digits);
  const item = { ...content, id, timestamp: content['timestamp'] ?? seconds(nowMs) };
  const message: ChatMessage = {
    id,
    direction: 'in',
    phone_number_id: number.phone_number_id,
    customer,
    at: nowMs,
    type: String(content['type']),
    content: item,
    statuses: [],
  };
  engine.world.keep(message);
  if (engine.world.isBlocked(number.phone_number_id, customer)) {
    engine.changed();
    return message;
  }
  engine.counters.heard(number.phone_number_id);
  const limits = engine.limits.of(number.phone_number_id);
  engine.buckets.spend(number.phone_number_id, limits.throughput_per_second, 1000, nowMs);
  engine.outbox.tell({ number, field: 'messages', list: 'messages', item, ...(contact && { contact }) }, nowMs);
  engine.changed();
  return message;
}

/** Keeps the content, given as base64 in `data`, and describes it as Meta does. */
function withMedia(engine: Engine, number: BusinessNumber, type: string, given: unknown): Json {
  const { data, ...rest } = isJson(given) ? given : {};
  const media = engine.media.keep({
    id: typeof rest['id'] === 'string' ? rest['id'] : engine.ids.media(),
    phone_number_id: number.phone_number_id,
    mime_type: typeof rest['mime_type'] === 'string' ? rest['mime_type'] : (mediaTypes[type] ?? ''),
    bytes: typeof data === 'string' ? Buffer.from(data, 'base64') : placeholder(type),
    expiresAtMs: engine.clock.now() + lifeMs.inbound,
  });
  return {
    mime_type: media.mime_type,
    sha256: sha256Of(media, 'base64'),
    id: media.id,
    url: addressOf(engine.baseUrl, media, engine.clock.now()),
    ...(type === 'audio' && { voice: true }),
    ...(type === 'sticker' && { animated: false }),
    ...rest,
  };
}

function contextOf(number: BusinessNumber, customer: Customer, id: string, quoted: ChatMessage | undefined): Json {
  const isOurs = quoted?.direction !== 'in';
  const from = isOurs ? number.display_phone_number.replace(/[^0-9]/g, '') : customer.wa_id;
  return present({ from, id });
}
