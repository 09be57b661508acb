import type { Json } from '../json.js';
import type { BusinessNumber } from '../world.js';

/** An update of a list of one number, or of an account as a whole. */
export type Update = ListUpdate | AccountUpdate;

/** An element of `messages[]`, `statuses[]` or another list of one number, with the contact it speaks of. */
export interface ListUpdate {
  readonly number: BusinessNumber;
  readonly field: string;
  readonly list: string;
  readonly item: Json;
  readonly contact?: Json;
}

/** Of a template, of the account or of its limits: a value of its own, with the time in the entry. */
export interface AccountUpdate {
  readonly waba_id: string;
  readonly field: string;
  readonly value: Json;
  readonly atMs: number;
}

export const wabaOf = (update: Update): string => ('number' in update ? update.number.waba_id : update.waba_id);

/** Whose faults and luck an update has: its number's, or its account's. */
export const sourceOf = (update: Update): string =>
  'number' in update ? update.number.phone_number_id : update.waba_id;

/** One body for many updates: an entry for each WABA, a change for each number, field and list; account updates alone. */
export function toBody(updates: readonly Update[]): Json {
  const entries = new Map<string, Map<string, ListUpdate[]>>();
  const accounts: Json[] = [];
  for (const update of updates) {
    if (!('number' in update)) {
      const { waba_id: id, atMs, field, value } = update;
      accounts.push({ id, time: Math.floor(atMs / 1000), changes: [{ value, field }] });
      continue;
    }
    const changes = entries.get(update.number.waba_id) ?? new Map<string, ListUpdate[]>();
    entries.set(update.number.waba_id, changes);
    const key = `${update.number.phone_number_id}|${update.field}|${update.list}|${String(update.contact === undefined)}`;
    const together = changes.get(key) ?? [];
    changes.set(key, together);
    together.push(update);
  }
  return {
    object: 'whatsapp_business_account',
    entry: [
      ...[...entries].map(([id, changes]) => ({ id, changes: [...changes.values()].map(toChange) })),
      ...accounts,
    ],
  };
}

function toChange(updates: readonly ListUpdate[]): Json {
  const [first] = updates;
  if (!first) return {};
  const contacts = new Map<unknown, Json>();
  for (const { contact } of updates) if (contact) contacts.set(contact['user_id'], contact);
  return {
    value: {
      messaging_product: 'whatsapp',
      metadata: {
        display_phone_number: first.number.display_phone_number,
        phone_number_id: first.number.phone_number_id,
      },
      ...(contacts.size > 0 && { contacts: [...contacts.values()] }),
      [first.list]: updates.map((update) => update.item),
    },
    field: first.field,
  };
}
