import type { Quarantined, Read } from '../domain/events.js';

/**
 * The log. Resolves when every replica in sync has all of the events; `unavailable` or `exhausted` when it has not, and
 * `invalid` when it never will because one is too large.
 */
export type Append = (events: readonly Read[], traceparent: string | undefined) => Promise<void>;

/** True when the signature was made over these bytes with one of the app secrets. In constant time. */
export type IsSigned = (bytes: Uint8Array, signature: string | undefined) => boolean;

export interface QuarantinedItem extends Quarantined {
  /** Names it in the log. */
  readonly quarantineId: string;
}

export interface QuarantinePage {
  readonly items: readonly QuarantinedItem[];
  readonly nextPageToken: string;
}

/** What could not be read, newest first. */
export interface Quarantine {
  /** A page may be shorter than asked for, where items are large. `invalid` for a token that is none. */
  readonly page: (size: number, token: string, signal: AbortSignal) => Promise<QuarantinePage>;
  /** Undefined when it is not there (any more). `invalid` for an id that is none. */
  readonly find: (quarantineId: string, signal: AbortSignal) => Promise<QuarantinedItem | undefined>;
}

/** SHA-256, hex. */
export type Hash = (content: Uint8Array | string) => string;
export type Clock = () => Date;
