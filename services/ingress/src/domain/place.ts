import type { Read, Source } from './events.js';
import { bytes, type Json, list, record, stringify } from './json.js';
import type { FindContact } from './party.js';

/** A digest of text, hex. Comes in as an argument, so that the domain needs no technology. */
export type Digest = (content: string) => string;

/** Where in a body an item stood, and what follows from that. */
export interface Place {
  readonly source: Source;
  /** `entry.time`; most fields of numbers have none. */
  readonly entryTime: unknown;
  /**
   * The id of an item that Meta gives none: derived from where it belongs and what it says, never from its position, so
   * that a repetition in another batch has the same.
   */
  readonly idOf: (owner: string, item: unknown) => string;
  /** An item that cannot be read; its neighbours go through. */
  readonly unreadable: (item: unknown, code?: string, reason?: string) => Read;
}

/** The number whose change it is, with what all items of the change share. */
export interface OfNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly findContact: FindContact;
}

/** What stood around an item, as far as reading it again needs it. */
export interface Around {
  /** `entry`, `change`, or the list it was an item of. */
  readonly part: string;
  readonly entry?: Json;
  readonly value?: Json;
}

export function placeOf(source: Source, digest: Digest, around: Around): Place {
  const entryTime = around.entry?.['time'];
  const idOf = (owner: string, item: unknown): string =>
    digest(stringify([source.entryId, source.field, owner, item ?? null]));
  return {
    source,
    entryTime,
    idOf,
    unreadable: (item, code = 'ingress.unreadable-item', reason = 'the item is no JSON object') => ({
      topic: 'quarantine',
      event: {
        eventId: idOf(code, item),
        source,
        code,
        reason,
        raw: bytes(item),
        part: around.part,
        frame: frameOf(source.field, around),
      },
    }),
  };
}

/** The entry without its other items; contacts stay behind, for there may be a thousand and each item names its own. */
function frameOf(field: string, { entry, value }: Around): Buffer {
  if (!entry) return Buffer.alloc(0);
  const { id, time } = entry;
  if (!value) return bytes({ id, time, changes: [] });
  const { messaging_product, metadata, recipient } = value;
  return bytes({ id, time, changes: [{ field, value: { messaging_product, metadata, recipient } }] });
}

/** The body that holds only this part, for reading it again. */
export function bodyAround(part: string, frame: unknown, raw: unknown): unknown {
  if (part === 'body' || part === '') return raw;
  if (part === 'entry') return { entry: [raw] };
  const entry = record(frame);
  if (part === 'change') return { entry: [{ ...entry, changes: [raw] }] };
  const change = record(list(entry['changes'])[0]);
  const value = { ...record(change['value']), [part]: [raw] };
  return { entry: [{ ...entry, changes: [{ ...change, value }] }] };
}
