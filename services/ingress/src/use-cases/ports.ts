import type { Read } from '../domain/events.js';

/** The log. Resolves when every replica in sync has all of the events; `unavailable` or `exhausted` when it has not. */
export type Append = (events: readonly Read[], traceparent: string | undefined) => Promise<void>;

/** True when the signature was made over these bytes with one of the app secrets. In constant time. */
export type IsSigned = (bytes: Uint8Array, signature: string | undefined) => boolean;

export interface QuarantinedItem {
  readonly quarantineId: string;
  readonly code: string;
  readonly reason: string;
  readonly receivedAt: Date | undefined;
  readonly raw: Uint8Array;
  readonly entryId: string;
  readonly field: string;
}

export interface QuarantinePage {
  readonly items: readonly QuarantinedItem[];
  readonly nextPageToken: string;
}

/** What could not be read, newest first. */
export interface Quarantine {
  readonly page: (size: number, token: string, signal: AbortSignal) => Promise<QuarantinePage>;
  /** Undefined when it is not there (any more). */
  readonly find: (quarantineId: string, signal: AbortSignal) => Promise<QuarantinedItem | undefined>;
}

/** SHA-256, hex. */
export type Hash = (content: Uint8Array | string) => string;
export type Clock = () => Date;
