import { countryOf } from './countries.js';
import type { Engine } from './engine.js';
import { webhookError } from './errors.js';
import { type Json, present, seconds } from './json.js';
import { type Price, toPricing } from './pricing.js';
import { between } from './random.js';
import type { ChatMessage, Customer } from './world.js';

const DAY_MS = 24 * 3_600_000;

/** What will be told of an accepted message, and when. All dice are thrown now. */
export function scheduleStatuses(engine: Engine, message: ChatMessage, failureCode?: number): void {
  const faults = engine.faults.of(message.phone_number_id);
  const draw = engine.random(
    'statuses',
    message.phone_number_id,
    engine.countCall(`statuses|${message.phone_number_id}`),
  );
  const sentMs = message.at + between(draw, faults.sent_delay_ms);
  const deliveredMs = sentMs + between(draw, faults.delivered_delay_ms);
  const readMs = deliveredMs + between(draw, faults.read_delay_ms);
  const [isDelivered, isRead] = [draw() < faults.delivered, draw() < faults.read];
  const [dropSent, dropDelivered, dropRead] = [0, 1, 2].map(() => draw() < faults.drop_statuses);

  if (failureCode !== undefined) {
    tellAt(sentMs, { status: 'failed', code: failureCode, dropped: dropSent });
    return;
  }
  const charge = chargeOf(engine, message);
  tellAt(sentMs, { status: 'sent', charge, dropped: dropSent });
  // A business's reaction is told as sent and no further.
  if (message.type === 'reaction') return;
  if (isDelivered) {
    tellAt(deliveredMs, { status: 'delivered', charge, dropped: dropDelivered });
  }
  if (isRead) {
    const told = isDelivered ? undefined : charge;
    tellAt(readMs, { status: 'read', charge: told, dropped: dropRead });
  }

  function tellAt(atMs: number, given: Parameters<typeof tellStatus>[2]) {
    engine.clock.at(atMs, () => {
      tellStatus(engine, message, given);
    });
  }
}

interface Charge {
  readonly price: Price;
  readonly conversation: Json | undefined;
}

/** One status now; by its plan or by hand. */
export function tellStatus(
  engine: Engine,
  message: ChatMessage,
  given: { status: string; code?: number; charge?: Charge | undefined; dropped?: boolean | undefined },
): void {
  const { status, code } = given;
  const nowMs = engine.clock.now();
  message.statuses.push(present({ status, at: nowMs, code, dropped: given.dropped ? (true as const) : undefined }));
  if (given.charge && (status === 'delivered' || status === 'read')) keepCharge(engine, message, given.charge.price);
  engine.changed();
  const number = engine.world.number(message.phone_number_id);
  if (!number || given.dropped) return;

  const { customer } = message;
  const isFailed = status === 'failed';
  const isByPhone = message.addressed_by !== 'recipient';
  const { expiration_timestamp: expires, ...conversation } = given.charge?.conversation ?? {};
  const item = present({
    id: message.id,
    status,
    timestamp: seconds(nowMs),
    recipient_id: isByPhone || !customer.hides_phone ? customer.wa_id : undefined,
    recipient_user_id: isFailed && isByPhone ? undefined : customer.user_id,
    recipient_parent_user_id: isFailed ? undefined : customer.parent_user_id,
    biz_opaque_callback_data: message.biz_opaque_callback_data,
    conversation: given.charge?.conversation && {
      ...conversation,
      ...(status === 'sent' && { expiration_timestamp: expires }),
    },
    pricing: given.charge && toPricing(given.charge.price),
    errors: code === undefined ? undefined : [webhookError(code)],
  });
  const contact = isFailed ? undefined : contactOf(customer, { username: status !== 'sent', phone: isByPhone });
  engine.outbox.tell({ number, field: 'messages', list: 'statuses', item, ...(contact && { contact }) }, nowMs);
}

/** Somebody in `contacts[]`; the phone is left out when it is hidden and the business did not use it. */
export function contactOf(customer: Customer, shows: { username: boolean; phone: boolean }): Json {
  return present({
    profile: present({ name: customer.name, username: shows.username ? customer.username : undefined }),
    wa_id: shows.phone || !customer.hides_phone ? customer.wa_id : undefined,
    user_id: customer.user_id,
    parent_user_id: customer.parent_user_id,
  });
}

/** Meta charges on delivery, whether its webhook arrives or not. */
function keepCharge(engine: Engine, { id, phone_number_id, customer }: ChatMessage, price: Price): void {
  const country = customer.wa_id === undefined ? customer.user_id.slice(0, 2) : countryOf(customer.wa_id);
  engine.charges.keep({ id, phone_number_id, country, at: engine.clock.now() }, price);
}

function chargeOf(engine: Engine, message: ChatMessage): Charge {
  const { phone_number_id: phoneNumberId, customer, at } = message;
  const entryPoint = engine.prices.entryPoint(`${phoneNumberId}|${customer.user_id}`, at, engine.ids.conversation);
  const free = engine.limits.of(phoneNumberId).free_service_messages;
  const price = engine.prices.price(phoneNumberId, message.category ?? 'service', entryPoint !== undefined, free, at);
  // Since payloads of v24 only a free entry point has a conversation; before, every message had one.
  if (!entryPoint && engine.payloadVersion === 'v24') return { price, conversation: undefined };
  return {
    price,
    conversation: {
      id: entryPoint?.conversationId ?? engine.ids.conversation(),
      expiration_timestamp: seconds(entryPoint?.untilMs ?? at + DAY_MS),
      origin: { type: price.category },
    },
  };
}
