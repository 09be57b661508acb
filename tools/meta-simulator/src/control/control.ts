import type { z } from 'zod';
import { changeNumber, edit, prefer, react, revoke, write } from '../customers.js';
import type { Engine } from '../engine.js';
import type { Faults } from '../faults.js';
import type { Json } from '../json.js';
import type { Limits } from '../limits.js';
import { tellStatus } from '../statuses.js';
import type { BusinessNumber, Customer } from '../world.js';
import { NotPossible } from './not-possible.js';
import * as schemas from './schemas.js';
import { createAccountControl } from './accounts.js';
import { createChargeControl } from './charges.js';
import { createTemplateControl } from './templates.js';
import { chatOf, chatsOf, listMessages, stateOf, toCustomer, toMessage, webhooksOf } from './views.js';

export type Control = ReturnType<typeof createControl>;

type Given<Schema extends z.ZodType> = z.input<Schema>;

/** What one can do to the simulated world; the same by HTTP under `/control` and in process. Words are Meta's. */
export function createControl(engine: Engine) {
  const numberOf = (phoneNumberId?: string): BusinessNumber => {
    const { numbers } = engine.world;
    const number = phoneNumberId === undefined ? numbers.values().next().value : numbers.get(phoneNumberId);
    if (!number) throw new NotPossible(`there is no number ${phoneNumberId ?? ''}`);
    return number;
  };
  const known = (identity: string): Customer => {
    const customer = engine.world.customer(identity);
    if (!customer) throw new NotPossible(`there is no customer ${identity}`);
    return customer;
  };
  /** Whoever writes for the first time appears. */
  const anybody = (identity: string, name?: string): Customer =>
    engine.world.customer(identity) ??
    engine.world.addCustomer({
      ...(/^[0-9]{7,15}$/.test(identity) ? { wa_id: identity } : { user_id: identity }),
      ...(name !== undefined && { name }),
    });
  const messageOf = (id: string) => {
    const message = engine.world.messages.get(id);
    if (!message) throw new NotPossible(`there is no message ${id}`);
    return message;
  };
  /** The number a message belongs to, unless another one is named. */
  const numberFor = (messageId: string, phoneNumberId?: string) =>
    numberOf(phoneNumberId ?? engine.world.messages.get(messageId)?.phone_number_id);

  return {
    templates: createTemplateControl(engine),
    ...createAccountControl(engine, numberOf),
    ...createChargeControl(engine, numberOf),
    state: () => stateOf(engine),
    /** Adds a customer, or changes the one with the same phone or user id. */
    putCustomer(given: Given<typeof schemas.newCustomer>): Json {
      const { fails, ...rest } = schemas.newCustomer.parse(given);
      const old = engine.world.customer(rest.user_id ?? rest.wa_id ?? '');
      const customer = old ?? engine.world.addCustomer(withoutUndefined(rest));
      Object.assign(customer, withoutUndefined(rest), fails ? { fails } : {});
      if (fails === null) delete customer.fails;
      engine.changed();
      return toCustomer(customer);
    },
    customers: () => ({ customers: [...engine.world.customers].map(toCustomer) }),
    write(identity: string, given: Given<typeof schemas.said>): { messages: { id: string }[] } {
      const { phone_number_id, count, name, ...said } = schemas.said.parse(given);
      const number = numberOf(phone_number_id);
      const customer = anybody(identity, name);
      const messages = Array.from({ length: count }, (_unused, index) => {
        const text = count > 1 && said.text !== undefined ? `${said.text} ${index + 1}` : said.text;
        return { id: write(engine, number, customer, { ...said, text }).id };
      });
      return { messages };
    },
    react(identity: string, given: Given<typeof schemas.reaction>) {
      const { message_id, emoji, phone_number_id } = schemas.reaction.parse(given);
      return toMessage(react(engine, numberFor(message_id, phone_number_id), anybody(identity), message_id, emoji));
    },
    edit(identity: string, given: Given<typeof schemas.edition>) {
      const { message_id, phone_number_id, ...said } = schemas.edition.parse(given);
      return toMessage(edit(engine, numberFor(message_id, phone_number_id), anybody(identity), message_id, said));
    },
    /** Stops or resumes marketing of this business; told to the number, or to each number with a chat. */
    prefer(identity: string, given: Given<typeof schemas.preference>) {
      const { value, phone_number_id } = schemas.preference.parse(given);
      const customer = anybody(identity);
      const heard = phone_number_id === undefined ? engine.world.numbersOf(customer) : [phone_number_id];
      const numbers = heard.length === 0 ? [numberOf()] : heard.map(numberOf);
      prefer(engine, numbers, customer, value);
      return toCustomer(customer);
    },
    revoke(identity: string, given: Given<typeof schemas.revocation>) {
      const { message_id, phone_number_id } = schemas.revocation.parse(given);
      return toMessage(revoke(engine, numberFor(message_id, phone_number_id), anybody(identity), message_id));
    },
    /** Every number this customer writes with hears of it, unless one is named. */
    changeNumber(identity: string, given: Given<typeof schemas.newPhone>) {
      const { wa_id, phone_number_id } = schemas.newPhone.parse(given);
      const customer = known(identity);
      if (wa_id !== undefined && engine.world.customer(wa_id))
        throw new NotPossible(`${wa_id} is somebody else's`, 409);
      const heard = phone_number_id === undefined ? engine.world.numbersOf(customer) : [phone_number_id];
      const messages = changeNumber(engine, heard.map(numberOf), customer, wa_id);
      return { customer: toCustomer(customer), messages: messages.map(({ id }) => ({ id })) };
    },
    /** One status of a message a business sent, now. */
    tellStatus(given: Given<typeof schemas.statusByHand>) {
      const { message_id, status, code } = schemas.statusByHand.parse(given);
      const message = messageOf(message_id);
      tellStatus(engine, message, { status, ...(code !== undefined && { code }) });
      return toMessage(message);
    },
    /** Any update of any field, by webhook. */
    tellUpdate(given: Given<typeof schemas.update>) {
      const { phone_number_id, contact, ...rest } = schemas.update.parse(given);
      const number = numberOf(phone_number_id);
      engine.outbox.tell({ number, ...rest, ...(contact && { contact }) }, engine.clock.now());
      return {};
    },
    /** Posts these bytes as they are, signed, `times` at once; answers with what the receiver answered. */
    async postRaw(
      bytes: Uint8Array,
      given: { url?: string; times?: number; signature?: string; app_secret?: string } = {},
    ) {
      const app = engine.addresses.app()?.callback;
      const url = given.url ?? app?.url;
      if (url === undefined) throw new NotPossible('there is no address to post to', 409);
      const callback = { url, app_secret: given.app_secret ?? app?.app_secret ?? '', verify_token: '' };
      const post = () => engine.outbox.raw(callback, Buffer.from(bytes), given.signature);
      return { answers: await Promise.all(Array.from({ length: given.times ?? 1 }, post)) };
    },
    messages: (filter: Given<typeof schemas.messageFilter> = {}) =>
      listMessages(engine, schemas.messageFilter.parse(filter)),
    chats: () => chatsOf(engine),
    chat: (phoneNumberId: string, identity: string) => chatOf(engine, numberOf(phoneNumberId), known(identity)),
    webhooks: () => webhooksOf(engine),
    /** Sends the webhooks there from now on, those that wait too. Secret and token stay when they are not given. */
    async setWebhook(given: Given<typeof schemas.callbackSchema>) {
      const { url, app_secret, verify_token } = schemas.callbackSchema.parse(given);
      const old = engine.addresses.app()?.callback;
      await engine.addresses.set({
        url,
        app_secret: app_secret ?? old?.app_secret ?? '',
        verify_token: verify_token ?? old?.verify_token ?? '',
      });
      engine.changed();
      return stateOf(engine).webhook;
    },
    addNumber(given: Given<typeof schemas.newNumber>) {
      const number = schemas.newNumber.parse(given);
      engine.world.addNumber({ ...number, verified_name: number.verified_name ?? number.display_phone_number });
      engine.changed();
      return stateOf(engine);
    },
    faults: () => engine.faults.all(),
    setFaults(patch: Partial<Faults>, phoneNumberId?: string) {
      engine.faults.set(patch, phoneNumberId);
      engine.changed();
      return engine.faults.all();
    },
    clearFaults(phoneNumberId?: string) {
      engine.faults.clear(phoneNumberId);
      engine.changed();
      return engine.faults.all();
    },
    limits: () => engine.limits.all(),
    setLimits(patch: Partial<Limits>, phoneNumberId?: string) {
      engine.limits.set(patch, phoneNumberId);
      engine.changed();
      return engine.limits.all();
    },
    clearLimits(phoneNumberId?: string) {
      engine.limits.clear(phoneNumberId);
      engine.changed();
      return engine.limits.all();
    },
    /** Lets the next calls fail with a code. */
    orderFailure(given: Given<typeof schemas.orderedFailure>) {
      engine.ordered.push(schemas.orderedFailure.parse(given));
      return { ordered: engine.ordered };
    },
    /** Lets the next fetches of media fail. */
    failMedia(given: Given<typeof schemas.mediaFailure> = {}) {
      return { ordered: engine.media.orderFailure(schemas.mediaFailure.parse(given)) };
    },
    /** Moves simulated time forward; what becomes due happens. */
    async advance(ms: number) {
      await engine.clock.advance(ms);
      return { now: engine.clock.now() };
    },
    reset(seed?: string) {
      engine.reset(seed);
      return stateOf(engine);
    },
  };
}

const withoutUndefined = (given: object) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Customer>;
