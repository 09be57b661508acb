import type { Read } from './events.js';
import { history } from './history.js';
import { type Json, list } from './json.js';
import { echo, inbound, standby, standbyStatus } from './messages.js';
import { call, fault, group } from './number-events.js';
import { contactSync, preference, userAction, userIdUpdate } from './people.js';
import type { OfNumber, Place } from './place.js';
import { status } from './statuses.js';

export type ReadItem = (place: Place, number: OfNumber, item: Json) => Read | Read[];

/** The lists of items that a value may hold, whatever its field is called, in the order they are told. */
const readers = new Map<string, ReadItem>([
  ['messages', inbound],
  ['message_echoes', echo],
  ['statuses', status],
  ['errors', fault],
  ['user_actions', userAction],
  ['automatic_events', userAction],
  ['user_preferences', preference],
  ['user_id_update', userIdUpdate],
  ['history', history],
  ['state_sync', contactSync],
  ['calls', call],
  ['groups', group],
]);

/** The same lists where the field gives them another meaning. */
const readersOfField = new Map<string, ReadonlyMap<string, ReadItem>>([
  [
    'standby',
    new Map<string, ReadItem>([
      ['messages', standby],
      ['message_echoes', standby],
      ['statuses', standbyStatus],
    ]),
  ],
  ['calls', new Map([['statuses', call]])],
]);

export interface NamedList {
  readonly name: string;
  readonly items: readonly unknown[];
}

export const isList = (name: string): boolean => readers.has(name);

/** The lists of a value that hold something. */
export function itemListsOf(value: Json): NamedList[] {
  const found: NamedList[] = [];
  for (const name of readers.keys()) {
    const items = list(value[name]);
    if (items.length > 0) found.push({ name, items });
  }
  return found;
}

export function readerOf(field: string, name: string): ReadItem {
  const read = readersOfField.get(field)?.get(name) ?? readers.get(name);
  if (!read) throw new Error(`${name} is no list of items`);
  return read;
}
