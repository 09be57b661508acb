import type { Party } from './events.js';
import { type Json, list, optionalText, record } from './json.js';

/** A party with only what is there; undefined when nothing is. */
export function party(from: Party): Party | undefined {
  const known = Object.entries(from).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/**
 * Adds what `contacts[]` says of this person. A contact belongs to an item when a phone or user id agrees and none
 * contradicts; the only contact of a body belongs to the only sender it may have, unless they disagree.
 */
export function withContact(from: Party, contacts: unknown): Party | undefined {
  const candidates = list(contacts).map(record);
  const agreeing = candidates.find((contact) => fits(from, contact) === 'agrees');
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const chosen = agreeing ?? (only && fits(from, only) === 'says nothing' ? only : undefined);
  if (!chosen) return party(from);
  const profile = record(chosen['profile']);
  return party({
    phone: from.phone ?? optionalText(chosen['wa_id']),
    userId: from.userId ?? optionalText(chosen['user_id']),
    parentUserId: from.parentUserId ?? optionalText(chosen['parent_user_id']),
    username: from.username ?? handle(profile['username']),
    profileName: from.profileName ?? optionalText(profile['name']),
  });
}

function fits(from: Party, contact: Json): 'agrees' | 'contradicts' | 'says nothing' {
  const pairs = [
    [from.phone, optionalText(contact['wa_id'])],
    [from.userId, optionalText(contact['user_id'])],
  ].filter(([ours, theirs]) => ours !== undefined && theirs !== undefined);
  if (pairs.length === 0) return 'says nothing';
  return pairs.some(([ours, theirs]) => ours === theirs) ? 'agrees' : 'contradicts';
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
export const partyOfId = (id: string): Party =>
  userIdPattern.test(id) ? { userId: id } : id === '' ? {} : { phone: id };
