import {
  type Behind,
  type Desk,
  isReserved,
  type Operator,
  type OperatorKey,
  operatorKey,
  operatorsOf,
  type Parts,
  partsOf,
  type LineKey,
  lineKey,
  strangerAt,
  threadPrefix,
  type Turn,
  type TurnKey,
  turnKey,
} from './desk.js';
import { awayTimer, type DeskEvent, type OfferEvent, offerTimer } from './desk-events.js';

/** A desk while it is folded: copied once, at its first change, and then changed in place. */
export interface Folding {
  desk: Desk;
  readonly before: Desk;
  readonly events: DeskEvent[];
  readonly at: Date;
  /** Chats at the head of a line. */
  readonly head: number;
  /** What is in it, so that it is looked through once. */
  readonly parts: Parts;
}

type Changing = { -readonly [Field in keyof Desk]: Desk[Field] } & Record<OperatorKey, Operator> &
  Record<TurnKey, Turn> &
  Record<LineKey, Behind>;

export const startFolding = (desk: Desk, at: Date, head: number): Folding => ({
  desk,
  before: desk,
  events: [],
  at,
  head,
  parts: partsOf(desk),
});

function changing(folding: Folding): Changing {
  if (folding.desk === folding.before) folding.desk = { ...folding.before };
  return folding.desk;
}

export function nextTick(folding: Folding): number {
  const desk = changing(folding);
  desk.ticks += 1;
  return desk.ticks;
}

export function putOperator(folding: Folding, operatorId: string, operator: Operator): void {
  changing(folding)[operatorKey(operatorId)] = operator;
  folding.parts.operators.add(operatorId);
}

export function changeOperator(folding: Folding, operatorId: string, change: Partial<Operator>): void {
  const operator = folding.desk[operatorKey(operatorId)];
  if (operator) putOperator(folding, operatorId, { ...operator, ...change });
}

export function putTurn(folding: Folding, turn: Turn): void {
  const key = turnKey(turn.chatId);
  changing(folding)[key] = turn;
  folding.parts.turns.add(key);
}

export function dropTurn(folding: Folding, chatId: string): void {
  const key = turnKey(chatId);
  Reflect.deleteProperty(changing(folding), key);
  folding.parts.turns.delete(key);
}

export function putLine(folding: Folding, line: string, behind: Behind | undefined): void {
  if (folding.desk[lineKey(line)] === behind) return;
  if (behind) {
    changing(folding)[lineKey(line)] = behind;
    folding.parts.lines.add(line);
  } else {
    Reflect.deleteProperty(changing(folding), lineKey(line));
    folding.parts.lines.delete(line);
  }
}

export function say(
  folding: Folding,
  { chatId, count }: Pick<Turn, 'chatId' | 'count'>,
  offer: OfferEvent['offer'],
): void {
  folding.events.push({ at: folding.at, chatId, count, offer });
}

function order(folding: Folding, timer: string, due: Date | null): number {
  const version = nextTick(folding);
  folding.events.push({ at: folding.at, timer, version, due });
  return version;
}

/** Offers a chat to one operator and reserves a place of theirs, for the offer's time. */
export function reserve(folding: Folding, turn: Turn, operatorId: string): void {
  const operator = folding.desk[operatorKey(operatorId)];
  if (!operator) return;
  const until = new Date(folding.at.getTime() + turn.want.offerTimeoutMs);
  const timer = order(folding, offerTimer(turnKey(turn.chatId)), until);
  putOperator(folding, operatorId, { ...operator, asked: [...operator.asked, turn.chatId], turn: timer });
  putTurn(folding, { ...turn, offer: { to: [operatorId], until, timer } });
  say(folding, turn, { type: 'offered', operatorIds: [operatorId], until });
}

/** Offers a chat to several at once, or to others than before; reserves nothing. */
export function offerTo(folding: Folding, turn: Turn, operatorIds: readonly string[]): void {
  putTurn(folding, { ...turn, offer: { to: operatorIds, until: null, timer: 0 } });
  say(folding, turn, { type: 'offered', operatorIds, until: null });
}

/** The chat goes on without its offer: a reserved place is free. Answers the turn as it is then; tells nobody. */
export function withdraw(folding: Folding, turn: Turn, isFired = false): Turn {
  const { offer, chatId } = turn;
  if (!offer) return turn;
  if (isReserved(offer)) {
    if (!isFired) order(folding, offerTimer(turnKey(chatId)), null);
    for (const operatorId of offer.to) {
      const asked = folding.desk[operatorKey(operatorId)]?.asked ?? [];
      changeOperator(folding, operatorId, { asked: asked.filter((each) => each !== chatId) });
    }
  }
  const without = { ...turn, offer: null };
  putTurn(folding, without);
  return without;
}

/** As `withdraw`, and the thread is told. */
export function endOffer(folding: Folding, turn: Turn, { timedOut }: { timedOut: boolean }): Turn {
  const { offer } = turn;
  if (!offer) return turn;
  const without = withdraw(folding, turn, timedOut);
  say(folding, turn, { type: 'ended', operatorIds: offer.to, timedOut });
  return without;
}

/** The chat is theirs, wherever it stood before. Limits are the caller's matter. */
export function give(
  folding: Folding,
  { chatId, count }: Pick<Turn, 'chatId' | 'count'>,
  operatorId: string,
  isInTurn = false,
): void {
  forget(folding, chatId);
  const operator = folding.desk[operatorKey(operatorId)];
  if (!operator) return;
  const turn = isInTurn ? nextTick(folding) : operator.turn;
  putOperator(folding, operatorId, { ...operator, held: [...operator.held, { chatId, count }], turn });
}

/** What somebody has is a fact, whatever their limit: they are given nothing new until they are below it. */
export function hold(folding: Folding, { chatId, count }: Pick<Turn, 'chatId' | 'count'>, operatorId: string): void {
  if (!folding.desk[operatorKey(operatorId)]) putOperator(folding, operatorId, strangerAt(folding.at));
  give(folding, { chatId, count }, operatorId);
}

/** Whatever the chat's thread has at the desk is free: its turn, with what was reserved, or its place. */
export function forget(folding: Folding, chatId: string): void {
  const key = turnKey(chatId);
  const turn = folding.desk[key];
  if (turn) {
    withdraw(folding, turn);
    dropTurn(folding, chatId);
  }
  const ofThread = threadPrefix(chatId);
  for (const [operatorId, { held }] of operatorsOf(folding.desk, folding.parts)) {
    const others = held.filter((place) => !place.chatId.startsWith(ofThread));
    if (others.length < held.length) changeOperator(folding, operatorId, { held: others });
  }
}

/** Away for want of a sign of life: never before `awayAfterMs`, at the latest a third of it later. */
export function armAway(folding: Folding, operatorId: string): void {
  const operator = folding.desk[operatorKey(operatorId)];
  if (!operator) return;
  const due = new Date(operator.seenAt.getTime() + Math.ceil((operator.awayAfterMs * 4) / 3));
  changeOperator(folding, operatorId, { timer: order(folding, awayTimer(operatorId), due) });
}

export function disarmAway(folding: Folding, operatorId: string): void {
  if ((folding.desk[operatorKey(operatorId)]?.timer ?? 0) === 0) return;
  order(folding, awayTimer(operatorId), null);
  changeOperator(folding, operatorId, { timer: 0 });
}
