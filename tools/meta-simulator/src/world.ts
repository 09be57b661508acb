import { nextUserIdOf, userIdOf } from './ids.js';
import type { Json } from './json.js';

export interface BusinessNumber {
  readonly phone_number_id: string;
  readonly waba_id: string;
  readonly display_phone_number: string;
  readonly verified_name: string;
}

/** How sending to somebody fails: in the answer, or later in a status. */
export interface PlannedFailure {
  readonly code: number;
  readonly by: 'answer' | 'webhook';
}

export interface Customer {
  user_id: string;
  parent_user_id?: string;
  wa_id?: string;
  name: string;
  username?: string;
  /** Webhooks leave the phone out, as for a person who has adopted a username. */
  hides_phone: boolean;
  fails?: PlannedFailure;
  /** Wants no marketing of this business any more. */
  stopped_marketing?: boolean;
}

export interface StatusRecord {
  readonly status: string;
  readonly at: number;
  readonly code?: number;
  /** The webhook was swallowed by a fault. */
  readonly dropped?: true;
}

/** A message in either direction, as the chat of one number with one customer shows it. */
export interface ChatMessage {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly phone_number_id: string;
  readonly customer: Customer;
  readonly at: number;
  readonly type: string;
  /** The webhook's message, or the body of the call. */
  readonly content: Json;
  /** Of what a business sent, as pricing has it: `service`, or the category of the template. */
  readonly category?: string;
  readonly addressed_by?: 'to' | 'recipient';
  readonly biz_opaque_callback_data?: string;
  answer?: 'answered' | 'hung' | 'cut';
  readonly statuses: StatusRecord[];
}

export type World = ReturnType<typeof createWorld>;

/** Everybody and everything that was said, in memory. The oldest messages go when there are more than `keep`. */
export function createWorld(numbers: readonly BusinessNumber[], portfolioId: string, keep: number) {
  const byNumber = new Map(numbers.map((number) => [number.phone_number_id, number]));
  const subscribed = new Set(numbers.map((number) => number.waba_id));
  const customers = new Set<Customer>();
  const byIdentity = new Map<string, Customer>();
  const messages = new Map<string, ChatMessage>();
  const chats = new Map<Customer, Map<string, ChatMessage[]>>();
  const lastWritten = new Map<string, number>();
  const timesLeft = new Map<string, number>();
  const blocked = new Set<string>();

  const pair = (phoneNumberId: string, customer: Customer) => `${phoneNumberId}|${customer.user_id}`;
  // A phone that was given up and taken by somebody else is another person with another user id.
  const userIdFor = (waId: string) => userIdOf(portfolioId, `${waId}${'#'.repeat(timesLeft.get(waId) ?? 0)}`);
  const index = (customer: Customer) => {
    customers.add(customer);
    byIdentity.set(customer.user_id, customer);
    if (customer.wa_id) byIdentity.set(customer.wa_id, customer);
  };

  // The oldest of all is also the oldest of its chat.
  const forgetOldest = () => {
    const [oldest] = messages.values();
    if (!oldest) return;
    messages.delete(oldest.id);
    const ofCustomer = chats.get(oldest.customer);
    const chat = ofCustomer?.get(oldest.phone_number_id);
    chat?.shift();
    if (chat?.length === 0) ofCustomer?.delete(oldest.phone_number_id);
  };

  return {
    numbers: byNumber,
    subscribed,
    customers,
    messages,
    number: (phoneNumberId: string) => byNumber.get(phoneNumberId),
    addNumber(number: BusinessNumber) {
      byNumber.set(number.phone_number_id, number);
      subscribed.add(number.waba_id);
    },
    /** By phone or by user id. */
    customer: (identity: string) => byIdentity.get(identity),
    addCustomer(given: Partial<Customer>): Customer {
      const user_id = given.user_id ?? userIdFor(given.wa_id ?? given.name ?? '');
      const name = given.name ?? given.username ?? (given.wa_id ? `Customer ${given.wa_id.slice(-4)}` : user_id);
      const customer: Customer = { hides_phone: false, ...given, user_id, name };
      index(customer);
      return customer;
    },
    /** The phone a business gives always belongs to somebody. */
    customerByPhone(waId: string): Customer {
      return byIdentity.get(waId) ?? this.addCustomer({ wa_id: waId });
    },
    /** Nobody has this phone since its owner changed to another one. */
    isLeft: (waId: string) => timesLeft.has(waId) && !byIdentity.has(waId),
    /** A new phone, or one that stays unknown; either way a new user id. Chats and the open window go along. */
    changeNumber(customer: Customer, waId: string | undefined): { previous: Customer } {
      const previous = { ...customer };
      byIdentity.delete(customer.user_id);
      if (customer.wa_id) {
        byIdentity.delete(customer.wa_id);
        timesLeft.set(customer.wa_id, (timesLeft.get(customer.wa_id) ?? 0) + 1);
      }
      customer.user_id = waId ? userIdFor(waId) : nextUserIdOf(customer.user_id);
      if (waId) customer.wa_id = waId;
      else delete customer.wa_id;
      for (const number of byNumber.keys()) {
        const at = lastWritten.get(pair(number, previous));
        if (at !== undefined) lastWritten.set(pair(number, customer), at);
      }
      index(customer);
      return { previous };
    },
    /** A message that was kept before, told once more, is kept once. */
    keep(message: ChatMessage) {
      if (messages.has(message.id)) return;
      messages.set(message.id, message);
      const ofCustomer = chats.get(message.customer) ?? new Map<string, ChatMessage[]>();
      chats.set(message.customer, ofCustomer);
      const chat = ofCustomer.get(message.phone_number_id) ?? [];
      ofCustomer.set(message.phone_number_id, chat);
      chat.push(message);
      if (messages.size > keep) forgetOldest();
    },
    /** What one number and one customer said to each other, oldest first. */
    chat: (phoneNumberId: string, customer: Customer): readonly ChatMessage[] =>
      chats.get(customer)?.get(phoneNumberId) ?? [],
    chats: (): readonly (readonly ChatMessage[])[] =>
      [...chats.values()].flatMap((ofCustomer) => [...ofCustomer.values()]),
    wrote(phoneNumberId: string, customer: Customer, atMs: number) {
      lastWritten.set(pair(phoneNumberId, customer), atMs);
    },
    windowIsOpen(phoneNumberId: string, customer: Customer, nowMs: number): boolean {
      const at = lastWritten.get(pair(phoneNumberId, customer));
      return at !== undefined && nowMs - at < 24 * 3_600_000;
    },
    /** A blocked customer neither reaches the number nor is reached by it. */
    block(phoneNumberId: string, customer: Customer) {
      blocked.add(pair(phoneNumberId, customer));
    },
    unblock(phoneNumberId: string, customer: Customer) {
      blocked.delete(pair(phoneNumberId, customer));
    },
    isBlocked: (phoneNumberId: string, customer: Customer) => blocked.has(pair(phoneNumberId, customer)),
    blockedBy: (phoneNumberId: string): Customer[] =>
      [...customers].filter((customer) => blocked.has(pair(phoneNumberId, customer))),
    /** The numbers this customer has a chat with. */
    numbersOf: (customer: Customer): string[] => [...(chats.get(customer)?.keys() ?? [])],
  };
}
