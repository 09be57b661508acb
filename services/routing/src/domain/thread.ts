import type { Party } from './party.js';
import type { Owner } from './spans.js';

/** What a message says, as the contracts have it; threads only carry it. */
export type Content = object;

/** A chat: an episode in a thread. */
export interface Chat {
  readonly id: string;
  readonly state: 'waiting' | 'active' | 'completed';
  readonly openedAt: Date;
  readonly completedAt: Date | null;
  readonly completion: Completion | null;
  readonly former: string;
  readonly byUser: boolean;
  readonly unread: number;
  readonly lastAt: Date;
  readonly lastPreview: string;
  readonly lastAuthor: Author;
}

export type Author = 'customer' | 'operator' | 'bot' | 'business-app' | 'service';
export type Completion = 'operator' | 'number-disconnected' | 'joined';

/** The customer's last message: it opens the window for 24 h from its time, by Meta's clock. */
export interface LastInbound {
  readonly wamid: string;
  readonly at: Date;
}

/** An item that was seen: its wamid, our id of a message, or an event's id, and its time. */
export interface Seen {
  readonly w: string;
  readonly t: Date;
  /** Of a message of a service: the chat it stands in; empty for none. */
  readonly c?: string;
}

/** An answered key: the same key with the same content is the same message. */
export interface AnsweredKey {
  readonly key: string;
  readonly hash: string;
  readonly seq: number;
  readonly at: Date;
}

/**
 * All that ever happened between one number and one customer. Fields stand at the top level of the stored document and
 * only those that change are written, so each is one thing that changes as a whole.
 */
export interface Thread {
  readonly number: string;
  readonly connection: number;
  readonly customer: string;
  /** Null while the number is nobody's. */
  readonly owner: Owner | null;
  readonly party: Party;
  readonly address: Party;
  /** The open chat, or the last one. */
  readonly chat: Chat | null;
  /** How many chats there were. */
  readonly chats: number;
  readonly ring: readonly Seen[];
  readonly last: LastInbound | null;
  /** When the customer came by an advertisement, and the end of the free entry that an answer opened. */
  readonly adAt: Date | null;
  readonly freeUntil: Date | null;
  readonly keys: readonly AnsweredKey[];
  /** The thread this one was joined into. */
  readonly into: string | null;
}

export const emptyThread = (): Thread => ({
  number: '',
  connection: 0,
  customer: '',
  owner: null,
  party: {},
  address: {},
  chat: null,
  chats: 0,
  ring: [],
  last: null,
  adAt: null,
  freeUntil: null,
  keys: [],
  into: null,
});

export const isOpenChat = (chat: Chat | null): chat is Chat => chat !== null && chat.state !== 'completed';

const HOUR_MS = 3_600_000;
export const WINDOW_MS = 24 * HOUR_MS;
/** From the answer to a click on an advertisement that came within a window of it. */
export const FREE_ENTRY_MS = 72 * HOUR_MS;

/** Entries kept whatever their age, and longest age of the rest: what is younger is known by the ring alone. */
const RING_LEAST = 64;
export const RING_MS = 15 * 60_000;
const RING_MOST = 2_000;

export const hasSeen = (thread: Thread, w: string): boolean => thread.ring.some((seen) => seen.w === w);

/** Remembers an item; old ones go when there are enough younger ones. */
export function remember(ring: readonly Seen[], seen: Seen): readonly Seen[] {
  const all = [...ring, seen];
  if (all.length <= RING_LEAST) return all;
  const newest = all.reduce((latest, { t }) => Math.max(latest, t.getTime()), 0);
  const surplus = all.length - RING_LEAST;
  const kept = all.filter(({ t }, index) => index >= surplus || t.getTime() >= newest - RING_MS);
  return kept.slice(-RING_MOST);
}

const KEYS_LEAST = 50;
const KEYS_MOST = 200;
const KEY_MS = 24 * HOUR_MS;

export function rememberKey(keys: readonly AnsweredKey[], key: AnsweredKey): readonly AnsweredKey[] {
  const all = [...keys, key];
  const young = all.filter(
    ({ at }, index) => index >= all.length - KEYS_LEAST || at.getTime() > key.at.getTime() - KEY_MS,
  );
  return young.slice(-KEYS_MOST);
}
