import type { Read, Source } from './events.js';
import { bytes } from './json.js';

/** A digest of text, hex. Comes in as an argument, so that the domain needs no technology. */
export type Digest = (content: string) => string;

/** Where in a body an item stood, and what follows from that. */
export interface Place {
  readonly source: Source;
  /**
   * The id of an item that Meta gives none: derived from where it belongs and what it says, never from its position, so
   * that a repetition in another batch has the same.
   */
  readonly idOf: (owner: string, item: unknown) => string;
  /** An item that cannot be read; its neighbours go through. */
  readonly unreadable: (item: unknown, code?: string, reason?: string) => Read;
}

export function placeOf(source: Source, digest: Digest): Place {
  const idOf = (owner: string, item: unknown): string =>
    digest(JSON.stringify([source.entryId, source.field, owner, item ?? null]));
  return {
    source,
    idOf,
    unreadable: (item, code = 'ingress.unreadable-item', reason = 'the item is no JSON object') => ({
      topic: 'quarantine',
      event: { eventId: idOf(code, item), source, code, reason, raw: bytes(item) },
    }),
  };
}
