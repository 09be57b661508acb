import type { Chat } from './chat/chat.js';
import type { Want } from './desk/want.js';
import type { Party } from './party.js';
import type { Owner } from './spans.js';

export { type Author, type Chat, type Completion, isOpenChat } from './chat/chat.js';

/** What a message says, as the contracts have it; threads only carry it. */
export type Content = object;

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

/** An answered key: the same key with the same content is the same message, or the same note. */
export interface AnsweredKey {
  readonly key: string;
  readonly hash: string;
  readonly seq: number;
  readonly at: Date;
}

/** What the timer of a thread does when it fires. */
export type Due =
  | 'missed'
  | 'missed-close'
  | 'idle-warning'
  | 'idle-close'
  | 'bot-timeout'
  | 'bot-idle'
  | 'transfer-timeout'
  | 'block-end';

export interface Timer {
  readonly version: number;
  readonly due: Due;
  readonly at: Date;
  /** Version of the brand's settings it was armed by (CH-9). */
  readonly settings: number;
}

/** A customer who may not write (PF-3); `until` null = for ever. */
export interface Block {
  readonly until: Date | null;
  readonly by: string;
  readonly reason: string;
  readonly spam: boolean;
}

/** Somebody asks for a block; a supervisor decides. */
export interface BlockRequest {
  readonly by: string;
  readonly reason: string;
  readonly spam: boolean;
  /** ISO 8601; empty = for ever. */
  readonly duration: string;
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
  /** The chat before that one, as it was completed: what a write that ends one and begins another shows of the first. */
  readonly past: Chat | null;
  /** How many chats there were. */
  readonly chats: number;
  readonly tags: readonly string[];
  /** Who served the customer last; empty = nobody. */
  readonly lastOperator: string;
  /** The one timer that is armed; null = none. */
  readonly timer: Timer | null;
  /** Version of the last timer command; a fire is obeyed when it carries the armed timer's. */
  readonly timers: number;
  /** How often the desk was asked for something new; it answers with the count. */
  readonly deskCount: number;
  /** The want it was asked for last, while it holds: the desk finds in the threads who waits behind its heads. */
  readonly want: Want | null;
  /** The last word of the desk. */
  readonly deskSeen: number;
  readonly block: Block | null;
  readonly blockRequest: BlockRequest | null;
  /** The question for a rating that waits for its answer. */
  readonly asked: { readonly chatId: string; readonly at: Date } | null;
  readonly ring: readonly Seen[];
  readonly last: LastInbound | null;
  /** When the customer came by an advertisement, and the end of the free entry that an answer opened. */
  readonly adAt: Date | null;
  readonly freeUntil: Date | null;
  readonly keys: readonly AnsweredKey[];
  /** The last messages (wamid) that were counted for their words: each is counted once, however often it is edited. */
  readonly counted: readonly string[];
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
  past: null,
  chats: 0,
  tags: [],
  lastOperator: '',
  timer: null,
  timers: 0,
  deskCount: 0,
  want: null,
  deskSeen: 0,
  block: null,
  blockRequest: null,
  asked: null,
  ring: [],
  last: null,
  adAt: null,
  freeUntil: null,
  keys: [],
  counted: [],
  into: null,
});

const HOUR_MS = 3_600_000;
export const WINDOW_MS = 24 * HOUR_MS;
/** Free-form texts may go: the customer wrote within a day, by Meta's clock. */
export const isWindowOpen = ({ last }: Pick<Thread, 'last'>, now: Date): boolean =>
  last !== null && now.getTime() < last.at.getTime() + WINDOW_MS;
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
