import type { Want } from './want.js';

export type Presence = 'available' | 'busy' | 'away';
export type Role = 'administrator' | 'supervisor' | 'associate';

/** A chat that an operator has; `count` is its thread's, of the last request that concerned it. */
export interface Place {
  readonly chatId: string;
  readonly count: number;
}

/** An operator at the desk. */
export interface Operator {
  /** By account; 0 = account has not told of them yet. */
  readonly version: number;
  /** False = taken away by account. */
  readonly isActive: boolean;
  readonly role: Role;
  readonly departmentIds: readonly string[];
  /** Chats at a time; 0 = the limit of the chat's brand. */
  readonly limit: number;
  readonly presence: Presence;
  readonly since: Date;
  readonly isAutoAway: boolean;
  /** A sign of life, up to a third of `awayAfterMs` before the last one: each would cost a write. */
  readonly seenAt: Date;
  readonly awayAfterMs: number;
  /** Version of the armed auto-away timer; 0 = none. */
  readonly timer: number;
  readonly held: readonly Place[];
  /** Chats offered to them alone; a place is reserved for each. */
  readonly asked: readonly string[];
  /** When they last were asked alone or given a chat, by the desk's own count; 0 = never. */
  readonly turn: number;
}

/** Somebody may take a chat. */
export interface Offer {
  readonly to: readonly string[];
  /** Null = to all at once, until somebody takes it. Else it is to one, and a place is reserved. */
  readonly until: Date | null;
  /** Version of the armed timer; 0 = none. */
  readonly timer: number;
}

/** To one operator, for whom a place is reserved. */
export const isReserved = (offer: Offer | null | undefined): offer is Offer & { readonly until: Date } =>
  offer?.until instanceof Date;

/** A chat at the head of its line. */
export interface Turn {
  readonly chatId: string;
  readonly count: number;
  readonly want: Want;
  /** Who does not want it. They are asked again when they come back to the desk. */
  readonly refused: readonly string[];
  /** The last operator was asked first, and let it pass. */
  readonly isLastAsked: boolean;
  readonly offer: Offer | null;
}

/** What stands behind the head of a line: more, or more that has been asked for. */
export type Behind = 'more' | 'asked';

/**
 * The desk of an organisation. Each operator, each chat at the head of a line and each line with more behind its head is
 * a field of the stored document, and only those that change are written: `o:<operator>`, `w:<thread>`, `l:<line>`.
 */
export interface Desk {
  /** Counts timer commands and turns; both only have to grow. */
  readonly ticks: number;
  readonly [operator: `o:${string}`]: Operator;
  readonly [turn: `w:${string}`]: Turn;
  readonly [line: `l:${string}`]: Behind;
}

export const emptyDesk = (): Desk => ({ ticks: 0 });

/** Chats at the head of a line; the others are found by the threads' index. */
export const HEAD = 200;

export type OperatorKey = `o:${string}`;
export type TurnKey = `w:${string}`;
export type LineKey = `l:${string}`;

export const operatorKey = (operatorId: string): OperatorKey => `o:${operatorId}`;
/** By the chat's thread, which is what stands before the last colon. A field's name has no dots. */
export const turnKey = (chatId: string): TurnKey => `w:${threadPrefix(chatId).slice(0, -1).replaceAll('.', ':')}`;
/** What the ids of all chats of its thread begin with. */
export const threadPrefix = (chatId: string): string => chatId.slice(0, chatId.lastIndexOf(':') + 1);
export const lineKey = (line: string): LineKey => `l:${line}`;

const isOperatorKey = (key: string): key is OperatorKey => key.startsWith('o:');
const isTurnKey = (key: string): key is TurnKey => key.startsWith('w:');
const isLineKey = (key: string): key is LineKey => key.startsWith('l:');

/** The fields of a desk, by what they are. */
export interface Parts {
  readonly operators: Set<string>;
  readonly turns: Set<TurnKey>;
  readonly lines: Set<string>;
}

export function partsOf(desk: Desk): Parts {
  const parts: Parts = { operators: new Set(), turns: new Set(), lines: new Set() };
  for (const key in desk) {
    if (isOperatorKey(key)) parts.operators.add(key.slice(2));
    else if (isTurnKey(key)) parts.turns.add(key);
    else if (isLineKey(key)) parts.lines.add(key.slice(2));
  }
  return parts;
}

export function operatorsOf(desk: Desk, { operators } = partsOf(desk)): [operatorId: string, operator: Operator][] {
  const found: [string, Operator][] = [];
  for (const operatorId of operators) {
    const operator = desk[operatorKey(operatorId)];
    if (operator) found.push([operatorId, operator]);
  }
  return found;
}

export function turnsOf(desk: Desk, { turns } = partsOf(desk)): Turn[] {
  const found: Turn[] = [];
  for (const key of turns) {
    const turn = desk[key];
    if (turn) found.push(turn);
  }
  return found;
}

/** The chat's own turn; another chat of its thread is another matter. */
export function turnOf(desk: Desk, chatId: string): Turn | undefined {
  const turn = desk[turnKey(chatId)];
  return turn?.chatId === chatId ? turn : undefined;
}

export function holderOf(
  desk: Desk,
  chatId: string,
  { operators } = partsOf(desk),
): { operatorId: string; place: Place } | undefined {
  for (const operatorId of operators) {
    const place = desk[operatorKey(operatorId)]?.held.find((each) => each.chatId === chatId);
    if (place) return { operatorId, place };
  }
  return undefined;
}

/** What the desk knows of chats: of each that waits at a head or has a place, its thread's count. */
export function countsOf(desk: Desk): Map<string, number> {
  const counts = new Map(turnsOf(desk).map(({ chatId, count }) => [chatId, count]));
  for (const [, { held }] of operatorsOf(desk)) for (const { chatId, count } of held) counts.set(chatId, count);
  return counts;
}

export const loadOf = ({ held, asked }: Operator): number => held.length + asked.length;

/** Places that are free, for chats of a brand with this limit. */
export const roomOf = (operator: Operator, concurrentLimit: number): number =>
  Math.max(0, (operator.limit || concurrentLimit) - loadOf(operator));

/** An operator of whom account has told nothing yet. */
export const strangerAt = (at: Date): Operator => ({
  version: 0,
  isActive: false,
  role: 'associate',
  departmentIds: [],
  limit: 0,
  presence: 'away',
  since: at,
  isAutoAway: false,
  seenAt: at,
  awayAfterMs: 0,
  timer: 0,
  held: [],
  asked: [],
  turn: 0,
});
