/** What a timer is, and what may be said to one. All times are milliseconds since 1970. */

export const SECOND_MS = 1_000;
export const DAY_MS = 86_400_000;

export const SHORTEST_DELAY_MS = SECOND_MS;
export const LONGEST_DELAY_MS = 400 * DAY_MS;
export const MAX_PAYLOAD_BYTES = 4_096;
export const MAX_KEY_LENGTH = 256;
/** Larger ones are not exact in a number. */
export const MAX_VERSION = Number.MAX_SAFE_INTEGER;

/** A command older than this is in no log any more (`timer.commands` is kept for 7 days). */
export const COMMANDS_KEPT_MS = 7 * DAY_MS;

export interface TimerName {
  readonly owner: string;
  readonly key: string;
}

/** What a timer brings to its receiver. */
export interface Content {
  /** Kafka key of the fired event. */
  readonly firedKey: string;
  readonly payload: Uint8Array;
  /** Headers that are passed on as they came. */
  readonly org?: string;
  readonly traceparent?: string;
}

export interface Command extends TimerName {
  readonly version: number;
  readonly what:
    | { readonly kind: 'arm'; readonly due: number; readonly content: Content }
    | { readonly kind: 'reset'; readonly due: number }
    | { readonly kind: 'cancel'; readonly at: number };
}

/** A timer as it is kept. */
export interface Timer extends TimerName, Content {
  readonly shard: number;
  readonly version: number;
  /** When it fires; of a cancelled one, when it is forgotten. */
  readonly due: number;
  readonly isCancelled: boolean;
  /** Of the owner that wrote it last. */
  readonly epoch: number;
}

/** An owner is a part of topic names and of ids, so it has no slash. */
export const isOwnerName = (owner: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(owner);

export const idOf = ({ owner, key }: TimerName): string => `${owner}/${key}`;

export function nameOf(id: string): TimerName {
  const slash = id.indexOf('/');
  return { owner: id.slice(0, slash), key: id.slice(slash + 1) };
}

/** The same for every time the same version fires. */
export const fireIdOf = ({ key, version }: { readonly key: string; readonly version: number }): string =>
  `${key}:${version}`;
