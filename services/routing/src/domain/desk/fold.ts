import { foldChecked } from './check.js';
import {
  type Desk,
  HEAD,
  holderOf,
  isReserved,
  type Operator,
  operatorKey,
  roomOf,
  type Turn,
  turnKey,
  turnOf,
} from './desk.js';
import { awayTimer, type DeskEvent, offerTimer } from './desk-events.js';
import type {
  Assign,
  ChatFacts,
  Claim,
  DeskInput,
  Held,
  Refused,
  Released,
  TimerFired,
  Wanted,
} from './desk-inputs.js';
import { atLimit, chatTaken, notTheirs, notWaiting } from './failures.js';
import { askForRefill, fill } from './fill.js';
import { endOffer, type Folding, forget, give, hold, say, startFolding } from './folding.js';
import { foldRefill, isKnown, newTurn, queue } from './lines.js';
import {
  foldAutoAway,
  foldHeartbeat,
  foldOperatorTold,
  foldPresence,
  knownOperator,
  withoutOperator,
} from './presence.js';

export interface Folded {
  readonly state: Desk;
  readonly events: readonly DeskEvent[];
  readonly result: DeskResult;
}

/** For the caller of a command: the operator it was about, as they stand now. */
export interface DeskResult {
  readonly operator: Operator | null;
}

/**
 * A desk and an input make a desk and what is to be told. Pure; throws only what a command's caller is told. Afterwards
 * no chat waits unasked beside a free place, and nobody was given more than their limit.
 */
export function foldDesk(desk: Desk, input: DeskInput, head = HEAD): Folded {
  const folding = startFolding(desk, input.at, head);
  apply(folding, input);
  if (folding.desk !== folding.before) {
    fill(folding);
    askForRefill(folding);
  }
  const operator = 'operatorId' in input ? (folding.desk[operatorKey(input.operatorId)] ?? null) : null;
  return { state: folding.desk, events: folding.events, result: { operator } };
}

function apply(folding: Folding, input: DeskInput): void {
  switch (input.kind) {
    case 'wanted':
      foldWanted(folding, input);
      break;
    case 'refused':
      foldRefused(folding, input);
      break;
    case 'released':
      foldReleased(folding, input);
      break;
    case 'held':
      foldHeld(folding, input);
      break;
    case 'refill':
      foldRefill(folding, input);
      break;
    case 'checked':
      foldChecked(folding, input);
      break;
    case 'timer-fired':
      foldFired(folding, input);
      break;
    case 'operator-told':
      foldOperatorTold(folding, input);
      break;
    case 'set-presence':
      foldPresence(folding, input);
      break;
    case 'heartbeat':
      foldHeartbeat(folding, input);
      break;
    case 'claim':
      claim(folding, input);
      break;
    case 'assign':
      assign(folding, input);
  }
}

function foldWanted(folding: Folding, input: Wanted): void {
  if (input.isStale || isKnown(folding, input)) return;
  const before = folding.desk[turnKey(input.chatId)];
  if (before) endOffer(folding, before, { timedOut: false });
  forget(folding, input.chatId);
  queue(folding, newTurn(input));
}

function foldRefused(folding: Folding, { chatId, operatorId }: Refused): void {
  const turn = turnOf(folding.desk, chatId);
  if (!turn?.offer?.to.includes(operatorId)) return;
  withoutOperator(folding, { ...turn, refused: [...turn.refused, operatorId] }, operatorId);
}

function foldReleased(folding: Folding, input: Released): void {
  const turn = turnOf(folding.desk, input.chatId);
  const holder = holderOf(folding.desk, input.chatId, folding.parts);
  const known = turn?.count ?? holder?.place.count;
  if (known === undefined || known > input.count) return;
  forget(folding, input.chatId);
}

function foldHeld(folding: Folding, input: Held): void {
  const { chatId, count, operatorId } = input;
  const holder = holderOf(folding.desk, chatId, folding.parts);
  if (input.isStale || (holder ? holder.place.count >= count : isKnown(folding, input))) return;
  hold(folding, { chatId, count }, operatorId);
}

/** A fire is obeyed exactly when its version is the one last armed. */
function foldFired(folding: Folding, { timer, version }: TimerFired): void {
  const [kind, ...rest] = timer.split(':');
  const name = rest.join(':');
  if (kind === 'away' && timer === awayTimer(name)) {
    foldAutoAway(folding, name, version);
    return;
  }
  const turn = folding.desk[`w:${name}`];
  if (timer !== offerTimer(`w:${name}`) || turn?.offer?.timer !== version || version === 0) return;
  endOffer(folding, turn, { timedOut: true });
}

function claim(folding: Folding, { chatId, operatorId, facts }: Claim): void {
  const operator = knownOperator(folding, operatorId);
  const holder = holderOf(folding.desk, chatId, folding.parts);
  if (holder?.operatorId === operatorId) return;
  if (holder) throw chatTaken(chatId, holder.operatorId);
  const turn = turnOf(folding.desk, chatId);
  if (!turn && !facts.isFree) throw notWaiting(chatId);
  const isAskedAlone = isReserved(turn?.offer) && turn.offer.to.includes(operatorId);
  if (isReserved(turn?.offer) && !isAskedAlone) throw chatTaken(chatId, turn.offer.to.join(' '));
  if (!mayTake(turn, facts, operatorId, operator)) throw notTheirs(chatId, operatorId);
  if (!isAskedAlone) demandRoom(operatorId, operator, turn?.want ?? facts);
  take(folding, { chatId, operatorId, cause: 'taken', facts });
}

function mayTake(turn: Turn | undefined, facts: ChatFacts, operatorId: string, operator: Operator): boolean {
  const { role, departmentIds } = operator;
  if (role !== 'associate' || departmentIds.includes(turn?.want.departmentId ?? facts.departmentId)) return true;
  if (!turn) return false;
  const { offer, want } = turn;
  return want.lastOperatorId === operatorId || [...want.target.operatorIds, ...(offer?.to ?? [])].includes(operatorId);
}

/** Whose it was before loses it, and their place is filled. Nobody is asked whether they are there. */
function assign(folding: Folding, { chatId, operatorId, cause, isForced, facts }: Assign): void {
  const operator = knownOperator(folding, operatorId);
  if (holderOf(folding.desk, chatId, folding.parts)?.operatorId === operatorId) return;
  const turn = turnOf(folding.desk, chatId);
  const isAskedAlone = isReserved(turn?.offer) && turn.offer.to.includes(operatorId);
  if (!isForced && !isAskedAlone) demandRoom(operatorId, operator, turn?.want ?? facts);
  take(folding, { chatId, operatorId, cause, facts });
}

function demandRoom(operatorId: string, operator: Operator, brand: Pick<ChatFacts, 'concurrentLimit'>): void {
  if (roomOf(operator, brand.concurrentLimit) > 0) return;
  throw atLimit(operatorId, operator.limit || brand.concurrentLimit);
}

/** The thread may have said more than the desk has heard, and the desk may have heard more than the caller has read. */
function take(
  folding: Folding,
  { chatId, operatorId, cause, facts }: Pick<Claim, 'chatId' | 'operatorId' | 'facts'> & { cause: TakenBy },
): void {
  const known = turnOf(folding.desk, chatId)?.count ?? holderOf(folding.desk, chatId, folding.parts)?.place.count ?? 0;
  const count = Math.max(known, facts.count);
  give(folding, { chatId, count }, operatorId);
  say(folding, { chatId, count }, { type: 'assigned', operatorId, cause });
}

type TakenBy = 'taken' | Assign['cause'];
