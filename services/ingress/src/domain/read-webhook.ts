import { change, isChange } from './changes.js';
import type { Read, Source } from './events.js';
import { isRecord, type Json, list, record, text } from './json.js';
import { isList, itemListsOf, type NamedList, readerOf } from './item-lists.js';
import { group, handover, other } from './number-events.js';
import { contactsOf } from './party.js';
import { type Around, type Digest, type OfNumber, type Place, placeOf } from './place.js';

export interface Body {
  /** The digest of the body as it came. */
  readonly id: string;
  readonly json: unknown;
  readonly receivedAt: Date;
}

/** A place in the change that is being read, by the index of the item and what it is a part of. */
type At = (item: number, part?: string) => Place;

/** What a value says of itself beside its items. */
const frame = new Set(['messaging_product', 'metadata', 'contacts']);

/**
 * Every item of every change of every entry as an event, in order (RX-2). Undefined when it is not Meta's envelope.
 * Nothing is dropped: what cannot be read is quarantined, what is not known is passed on raw.
 */
export function readWebhook(body: Body, digest: Digest): Read[] | undefined {
  return entriesOf(body.json)?.flatMap((entry, index) => readEntry(body, digest, entry, index));
}

function entriesOf(json: unknown): readonly unknown[] | undefined {
  const entry = record(json)['entry'];
  if (Array.isArray(entry)) return entry as unknown[];
  return isRecord(entry) && 'changes' in entry ? [entry] : undefined;
}

function readEntry(body: Body, digest: Digest, entry: unknown, entryIndex: number): Read[] {
  const at = (changeIndex: number, item: number, field: string, around: Around): Place => {
    const source: Source = {
      bodyId: body.id,
      entry: entryIndex,
      change: changeIndex,
      item,
      entryId: text(record(entry)['id']),
      field,
      receivedAt: body.receivedAt,
    };
    return placeOf(source, digest, around);
  };
  const whole = at(0, 0, '', { part: 'entry' });
  if (!isRecord(entry)) return [whole.unreadable(entry)];
  const changes = list(entry['changes']);
  if (changes.length === 0 && Object.keys(entry).some((key) => !['id', 'time', 'changes'].includes(key))) {
    return [whole.unreadable(entry, 'ingress.no-changes', 'the entry holds no `changes`')];
  }
  return changes.flatMap((each, changeIndex) => {
    if (!isRecord(each)) return [at(changeIndex, 0, '', { part: 'change', entry }).unreadable(each)];
    if (Object.keys(each).length === 0) return [];
    const field = text(each['field']);
    const value = each['value'];
    if (!isRecord(value)) {
      const place = at(changeIndex, 0, field, { part: 'change', entry });
      return [place.unreadable(each, 'ingress.no-value', 'the change holds no `value` that is a JSON object')];
    }
    return readValue(value, field, (item, part = 'change') => at(changeIndex, item, field, { part, entry, value }));
  });
}

function readValue(outer: Json, field: string, at: At): Read[] {
  const { standby: inner, ...rest } = outer;
  // What happens while another partner owns the conversation is one level deeper.
  const value = isRecord(inner) ? { ...rest, ...inner } : outer;
  const lists = isChange(field, value) ? [] : itemListsOf(value);
  const number = numberOf(value, lists);
  if (number.phoneNumberId === '') return withoutNumber(value, field, lists, at);
  if (field === 'messaging_handovers') return [handover(at(0), number, value)];
  if (lists.length === 0) return unlisted(value, field, number, at);

  let index = 0;
  const events = lists.flatMap(({ name, items }) =>
    items.flatMap((item): Read[] => {
      const place = at(index, name);
      index += 1;
      if (!isRecord(item)) return [place.unreadable(item)];
      const found = readerOf(field, name)(place, number, item);
      return Array.isArray(found) ? found : [found];
    }),
  );
  const unknown = unknownParts(value);
  return unknown ? [...events, other(at(index), number, unknown)] : events;
}

function numberOf(value: Json, lists: readonly NamedList[]): OfNumber {
  const [metadata, recipient] = [record(value['metadata']), record(value['recipient'])];
  const items = lists.reduce((sum, each) => sum + each.items.length, 0);
  return {
    phoneNumberId: text(metadata['phone_number_id']) || text(recipient['phone_number_id']),
    displayPhoneNumber: text(metadata['display_phone_number']) || text(recipient['display_phone_number']),
    findContact: contactsOf(value['contacts'], items),
  };
}

/** Lists and objects of a kind that this version does not know. Single values beside known lists say nothing alone. */
function unknownParts(value: Json): Json | undefined {
  const parts = Object.entries(value).filter(
    ([name, held]) => !isList(name) && !frame.has(name) && typeof held === 'object' && held !== null,
  );
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

/** A value of a number without any list we know. */
function unlisted(value: Json, field: string, number: OfNumber, at: At): Read[] {
  if (isChange(field, value)) return [change(at(0), value)];
  if (field.startsWith('group_')) return [group(at(0), number, value)];
  return holdsNothing(value, field) ? [] : [other(at(0), number, value)];
}

/** Who might have said something is not that they did; in other fields, being told is news by itself. */
const holdsNothing = (value: Json, field: string): boolean =>
  ['messages', 'standby', ''].includes(field) &&
  Object.entries(value).every(([name, held]) => frame.has(name) || (isList(name) && list(held).length === 0));

/** Items that name no number have no place among the messages of one. */
function withoutNumber(value: Json, field: string, lists: readonly NamedList[], at: At): Read[] {
  if (lists.length === 0) return holdsNothing(value, field) ? [] : [change(at(0), value)];
  let index = 0;
  const events = lists.flatMap(({ name, items }) =>
    items.map((item): Read => {
      const place = at(index, name);
      index += 1;
      // A fault of the account, not of one of its numbers.
      if (name === 'errors' && isRecord(item)) return change(place, item);
      return place.unreadable(item, 'ingress.no-phone-number-id', 'the value names no `metadata.phone_number_id`');
    }),
  );
  const unknown = unknownParts(value);
  return unknown ? [...events, change(at(index), unknown)] : events;
}
