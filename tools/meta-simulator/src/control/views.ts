import type { z } from 'zod';
import type { Engine } from '../engine.js';
import { type Json, present } from '../json.js';
import type { BusinessNumber, ChatMessage, Customer } from '../world.js';
import type { messageFilter } from './schemas.js';

export const toCustomer = (customer: Customer): Json => present({ ...customer });

export const toMessage = (message: ChatMessage) => {
  const { customer, ...rest } = message;
  return { ...rest, customer: present({ user_id: customer.user_id, wa_id: customer.wa_id, name: customer.name }) };
};

export function stateOf(engine: Engine) {
  const app = engine.addresses.app();
  return {
    now: engine.clock.now(),
    seed: engine.seed,
    payload_version: engine.payloadVersion,
    numbers: [...engine.world.numbers.values()],
    webhook: app ? { url: app.callback.url, verified: app.verified, waiting: engine.outbox.waiting() } : null,
    customers: engine.world.customers.size,
    messages: engine.world.messages.size,
    faults: engine.faults.all(),
    limits: engine.limits.all(),
  };
}

/** Messages in the order they were said, and which of them carry the same callback data. */
export function listMessages(engine: Engine, filter: z.output<typeof messageFilter>) {
  const customer = filter.customer === undefined ? undefined : engine.world.customer(filter.customer);
  let found = [...engine.world.messages.values()].filter(
    (message) =>
      message.direction === filter.direction &&
      (filter.phone_number_id === undefined || message.phone_number_id === filter.phone_number_id) &&
      (filter.customer === undefined || message.customer === customer) &&
      (filter.biz_opaque_callback_data === undefined ||
        message.biz_opaque_callback_data === filter.biz_opaque_callback_data),
  );
  const after = found.findIndex(({ id }) => id === filter.after);
  found = found.slice(after + 1, after + 1 + filter.limit);
  const attempts: Record<string, string[]> = {};
  for (const { biz_opaque_callback_data: tag, id } of found) if (tag !== undefined) (attempts[tag] ??= []).push(id);
  return {
    messages: found.map(toMessage),
    attempts,
    /** Callback data that more than one accepted message carries: sent twice. */
    duplicates: Object.entries(attempts).filter(([, ids]) => ids.length > 1).map(([tag, ids]) => ({ biz_opaque_callback_data: tag, ids })), // prettier-ignore
  };
}

const SHOWN_CHATS = 500;

/** Each number with each customer who said or heard something, the liveliest first. */
export function chatsOf(engine: Engine) {
  const chats = engine.world.chats().flatMap((messages) => {
    const last = messages.at(-1);
    return last ? [{ last, count: messages.length }] : [];
  });
  chats.sort((a, b) => b.last.at - a.last.at);
  return {
    chats: chats.slice(0, SHOWN_CHATS).map(({ last, count }) => ({
      phone_number_id: last.phone_number_id,
      customer: toCustomer(last.customer),
      messages: count,
      window_open: engine.world.windowIsOpen(last.phone_number_id, last.customer, engine.clock.now()),
      last: toMessage(last),
    })),
  };
}

export const chatOf = (engine: Engine, number: BusinessNumber, customer: Customer) => ({
  number,
  customer: toCustomer(customer),
  messages: engine.world.chat(number.phone_number_id, customer).map(toMessage),
});

/** The latest posts to the receiver with their attempts; bodies as they were signed. */
export const webhooksOf = (engine: Engine) => ({
  waiting: engine.outbox.waiting(),
  posts: engine.outbox.posts.map(({ bytes, ...post }) => ({ ...post, body: bytes.toString('latin1') })),
});
