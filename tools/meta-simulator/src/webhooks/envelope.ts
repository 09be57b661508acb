import type { Json } from '../json.js';
import type { BusinessNumber } from '../world.js';

/** One update of one number: an element of `messages[]`, `statuses[]` or another list, with the contact it speaks of. */
export interface Update {
  readonly number: BusinessNumber;
  readonly field: string;
  readonly list: string;
  readonly item: Json;
  readonly contact?: Json;
}

/** One body for many updates: an entry for each WABA, a change for each number, field and list. */
export function toBody(updates: readonly Update[]): Json {
  const entries = new Map<string, Map<string, Update[]>>();
  for (const update of updates) {
    const changes = entries.get(update.number.waba_id) ?? new Map<string, Update[]>();
    entries.set(update.number.waba_id, changes);
    const key = `${update.number.phone_number_id}|${update.field}|${update.list}|${String(update.contact === undefined)}`;
    const together = changes.get(key) ?? [];
    changes.set(key, together);
    together.push(update);
  }
  return {
    object: 'whatsapp_business_account',
    entry: [...entries].map(([id, changes]) => ({ id, changes: [...changes.values()].map(toChange) })),
  };
}

function toChange(updates: readonly Update[]): Json {
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
