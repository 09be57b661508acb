import { change } from './changes.js';
import type { Read, Source } from './events.js';
import { isRecord, type Json, list, record, text } from './json.js';
import * as read from './messages.js';
import { type Digest, placeOf, type Place } from './place.js';
import { status } from './statuses.js';

export interface Body {
  /** The body as text, for the digest, and parsed. */
  readonly id: string;
  readonly json: unknown;
  readonly receivedAt: Date;
}

type ReadItem = (place: Place, number: read.OfNumber, item: Json) => Read | Read[];

/** The lists of items that a value may hold, whatever its field is called, in the order they are told. */
const itemLists: Readonly<Record<string, ReadItem>> = {
  messages: read.inbound,
  message_echoes: read.echo,
  statuses: status,
  errors: read.fault,
  user_actions: read.userAction,
  user_preferences: read.preference,
  history: read.history,
  state_sync: read.contactSync,
  calls: read.call,
  groups: read.group,
};

/** The same lists where the field gives them another meaning. */
const byField: Readonly<Record<string, Readonly<Record<string, ReadItem>>>> = {
  standby: {
    messages: read.standby,
    message_echoes: read.standby,
    statuses: (place, number, item) => read.other(place, number, item),
  },
  calls: { statuses: read.call },
};

/** What a value says of itself beside its items. */
const frame = new Set(['messaging_product', 'metadata', 'contacts']);

/**
 * Every item of every change of every entry as an event, in order (RX-2). Undefined when it is not Meta's envelope.
 * Nothing in it throws and nothing is dropped: what cannot be read is quarantined, what is not known is passed on raw.
 */
export function readWebhook(body: Body, digest: Digest): Read[] | undefined {
  const { json } = body;
  if (!isRecord(json) || !Array.isArray(json['entry'])) return undefined;
  return json['entry'].flatMap((entry: unknown, entryIndex) => {
    const at = (changeIndex: number, field: string, item = 0): Place => {
      const source: Source = {
        bodyId: body.id,
        entry: entryIndex,
        change: changeIndex,
        item,
        entryId: text(record(entry)['id']),
        field,
        receivedAt: body.receivedAt,
      };
      return placeOf(source, digest);
    };
    if (!isRecord(entry)) return [at(0, '').unreadable(entry)];
    const changes = list(entry['changes']);
    if (changes.length === 0 && Object.keys(entry).some((key) => !['id', 'time', 'changes'].includes(key))) {
      return [at(0, '').unreadable(entry, 'ingress.no-changes', 'the entry holds no `changes`')];
    }
    return changes.flatMap((each, changeIndex) => {
      if (!isRecord(each)) return [at(changeIndex, '').unreadable(each)];
      const field = text(each['field']);
      return readChange(each, entry['time'], (item) => at(changeIndex, field, item));
    });
  });
}

function readChange(each: Json, entryTime: unknown, at: (item: number) => Place): Read[] {
  const value = each['value'];
  const { field } = at(0).source;
  if (!isRecord(value)) {
    if (value === undefined || value === null)
      return [at(0).unreadable(each, 'ingress.no-value', 'the change holds no `value`')];
    return [at(0).unreadable(each)];
  }
  const metadata = record(value['metadata']);
  const number: read.OfNumber = {
    phoneNumberId: text(metadata['phone_number_id']) || text(record(value['recipient'])['phone_number_id']),
    displayPhoneNumber:
      text(metadata['display_phone_number']) || text(record(value['recipient'])['display_phone_number']),
    value,
  };
  if (field === 'messaging_handovers' && number.phoneNumberId !== '') return [read.handover(at(0), number, value)];

  const lists = Object.entries(itemLists).filter(([name]) => value[name] !== undefined && value[name] !== null);
  const isOfMessages = field === 'messages' || field === 'standby' || lists.length > 0;
  if (number.phoneNumberId === '') {
    if (!isOfMessages || field === 'account_alerts') return [change(at(0), value, entryTime)];
    return withoutNumber(value, lists, at, entryTime);
  }
  if (lists.length === 0) return unlisted(field, value, number, at, entryTime);

  let index = 0;
  const events = lists.flatMap(([name, usual]) =>
    list(value[name]).flatMap((item): Read[] => {
      const place = at(index);
      index += 1;
      if (!isRecord(item)) return [place.unreadable(item)];
      const readItem = byField[field]?.[name] ?? usual;
      const found = readItem(place, number, item);
      return Array.isArray(found) ? found : [found];
    }),
  );
  // Lists and objects of a kind that this version does not know; single values beside known lists say nothing by themselves.
  const rest = Object.entries(value).filter(
    ([name, held]) => !(name in itemLists) && !frame.has(name) && typeof held === 'object' && held !== null,
  );
  if (rest.length > 0) events.push(read.other(at(index), number, Object.fromEntries(rest)));
  return events;
}

/** A value of a number without any list we know. */
function unlisted(
  field: string,
  value: Json,
  number: read.OfNumber,
  at: (item: number) => Place,
  entryTime: unknown,
): Read[] {
  const rest = Object.keys(value).filter((name) => !frame.has(name));
  if (field.startsWith('group_')) return [read.group(at(0), number, value)];
  if (rest.length === 0 && value['contacts'] === undefined && field === 'messages') return [];
  return field === 'messages' || field === 'standby'
    ? [read.other(at(0), number, value)]
    : [change(at(0), value, entryTime)];
}

/** Items that name no number have no place among the messages of one. */
function withoutNumber(
  value: Json,
  lists: readonly (readonly [string, ReadItem])[],
  at: (item: number) => Place,
  entryTime: unknown,
): Read[] {
  const items = lists.flatMap(([name]) => list(value[name]));
  if (items.length > 0) {
    return items.map((item, index) =>
      at(index).unreadable(item, 'ingress.no-phone-number-id', 'the value names no `metadata.phone_number_id`'),
    );
  }
  const isEmpty = Object.keys(value).every((name) => frame.has(name));
  return isEmpty ? [] : [change(at(0), value, entryTime)];
}
