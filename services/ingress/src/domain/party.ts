import type { Party } from './events.js';
import { type Json, list, optionalText, record } from './json.js';

/** A party with only what is there; undefined when nothing is. */
export function party(from: Party): Party | undefined {
  const known = defined(from);
  return Object.keys(known).length === 0 ? undefined : known;
}

export const defined = (from: Party): Party =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));

/** `contacts[]` of a value: finds the one that an item speaks of. */
export type FindContact = (who: Party) => Json | undefined;

/**
 * A contact belongs to an item when the user id agrees, or the phone does and the user id does not contradict. The only
 * contact of the only item belongs to it too, unless they disagree; with several items it could be anybody's.
 */
export function contactsOf(value: unknown, items: number): FindContact {
  const contacts = list(value).map(record);
  let byUserId: Map<string, Json> | undefined;
  let byPhone: Map<string, Json> | undefined;
  return (who) => {
    byUserId ??= indexed(contacts, 'user_id');
    byPhone ??= indexed(contacts, 'wa_id');
    const named = who.userId === undefined ? undefined : byUserId.get(who.userId);
    if (named) return named;
    const called = who.phone === undefined ? undefined : byPhone.get(who.phone);
    const [only] = contacts;
    const chosen = called ?? (items === 1 && contacts.length === 1 ? only : undefined);
    return chosen && !contradicts(who, chosen) ? chosen : undefined;
  };
}

function indexed(contacts: readonly Json[], key: string): Map<string, Json> {
  const index = new Map<string, Json>();
  for (const contact of contacts) {
    const id = optionalText(contact[key]);
    if (id !== undefined && !index.has(id)) index.set(id, contact);
  }
  return index;
}

function contradicts({ phone, userId }: Party, contact: Json): boolean {
  const [theirPhone, theirUserId] = [optionalText(contact['wa_id']), optionalText(contact['user_id'])];
  const differ = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  return differ(userId, theirUserId) || differ(phone, theirPhone);
}

/** Adds what a contact says to what the item says of a person; the item is right where they differ. */
export function withContact(from: Party, find: FindContact): Party | undefined {
  const contact = find(from);
  if (!contact) return party(from);
  const profile = record(contact['profile']);
  return party({
    phone: from.phone ?? optionalText(contact['wa_id']),
    userId: from.userId ?? optionalText(contact['user_id']),
    parentUserId: from.parentUserId ?? optionalText(contact['parent_user_id']),
    username: from.username ?? handle(profile['username']),
    profileName: from.profileName ?? optionalText(profile['name']),
  });
}

/** A username without the `@` that some payloads put before it. */
export const handle = (value: unknown): string | undefined => optionalText(value)?.replace(/^@/, '');

/** Who an item names under these keys. */
export const partyAt = (item: Json, phone: string, userId: string, parentUserId: string): Party => ({
  phone: optionalText(item[phone]),
  userId: optionalText(item[userId]),
  parentUserId: optionalText(item[parentUserId]),
});

const userIdPattern = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+$/;

/** An id that may be a phone or a user id, as history threads have it. */
export function partyOfId(id: string): Party {
  if (id === '') return {};
  const [, isParent] = userIdPattern.exec(id) ?? [];
  if (isParent !== undefined) return { parentUserId: id };
  return userIdPattern.test(id) ? { userId: id } : { phone: id };
}
