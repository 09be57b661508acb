import { available, type Candidate, inOrder, lastOperator, meant, withRoom } from './candidates.js';
import { isReserved, lineKey, operatorKey, roomOf, type Turn, turnsOf } from './desk.js';
import { type Folding, give, offerTo, putLine, reserve, say } from './folding.js';
import type { Want } from './want.js';

/**
 * Fills what is free: afterwards no chat at the head of a line waits unasked beside an operator who could take it. Runs
 * at the end of every fold that changed something, oldest chats first.
 */
export function fill(folding: Folding): void {
  const there = available(folding.desk, folding.parts);
  if (there.length === 0) return;
  const groups = new Map<string, Group>();

  for (const turn of oldestFirst(turnsOf(folding.desk, folding.parts))) {
    if (isReserved(turn.offer)) continue;
    const last = turn.offer ? undefined : lastOperator(folding.desk, turn);
    if (last) {
      askLast(folding, turn, last);
      continue;
    }
    const { want } = turn;
    const name = groupOf(want);
    const group = groups.get(name) ?? { all: meant(there, want), full: new Set(), open: new Map(), openToAll: 0 };
    groups.set(name, group);
    if (turn.offer?.to.length === group.all.length) group.openToAll += 1;
    else if (!group.full.has(want.concurrentLimit)) fillTurn(folding, turn, group);
  }
}

/** Who may be asked for chats that mean the same operators. */
interface Group {
  readonly all: readonly Candidate[];
  /** Limits of brands for which nobody of them has a place any more. */
  readonly full: Set<number>;
  /** By operator: older chats on offer to them, but for those that are on offer to everyone. */
  readonly open: Map<string, number>;
  openToAll: number;
}

const groupOf = ({ target, line }: Want): string =>
  target.kind === 'operators' ? `operators ${target.operatorIds.join(' ')}` : line;

function fillTurn(folding: Folding, turn: Turn, group: Group): void {
  const { want } = turn;
  const now = group.all.map(({ operatorId, operator }) => ({
    operatorId,
    operator: folding.desk[operatorKey(operatorId)] ?? operator,
  }));
  if (!now.some(({ operator }) => roomOf(operator, want.concurrentLimit) > 0)) {
    group.full.add(want.concurrentLimit);
    return;
  }
  const candidates = withRoom(turn, now);
  if (want.manner === 'all-at-once') {
    offerToAll(folding, turn, candidates, group);
    return;
  }
  const [first] = inOrder(candidates, want);
  if (!first) return;
  if (want.manner === 'one-by-one') reserve(folding, turn, first.operatorId);
  else assign(folding, turn, first.operatorId);
}

export const oldestFirst = <T extends Pick<Turn, 'want' | 'chatId'>>(turns: readonly T[]): T[] =>
  [...turns].sort((a, b) => a.want.since.getTime() - b.want.since.getTime() || (a.chatId < b.chatId ? -1 : 1));

/** Who served the customer last is asked first and alone, also where everyone else is asked at once. */
function askLast(folding: Folding, turn: Turn, { operatorId }: Candidate): void {
  const { manner } = turn.want;
  const asked = { ...turn, isLastAsked: true };
  if (manner === 'all-at-once' || manner === 'one-by-one') reserve(folding, asked, operatorId);
  else assign(folding, asked, operatorId);
}

function assign(folding: Folding, turn: Turn, operatorId: string): void {
  give(folding, turn, operatorId, true);
  say(folding, turn, { type: 'assigned', operatorId, cause: 'given' });
}

/**
 * An operator is offered as many of a line's chats as there are places for them: more could not be taken, and whoever
 * comes or goes would cost an event of every one. Who has become full keeps the offer, and is refused when they take it.
 */
function offerToAll(folding: Folding, turn: Turn, candidates: readonly Candidate[], group: Group): void {
  const places = candidates.reduce((sum, { operator }) => sum + roomOf(operator, turn.want.concurrentLimit), 0);
  const to = new Set(turn.offer?.to);
  const added = candidates
    .map(({ operatorId }) => operatorId)
    .filter((operatorId) => !to.has(operatorId) && (group.open.get(operatorId) ?? 0) + group.openToAll < places);
  const all = [...to, ...added.sort()];
  if (added.length > 0) offerTo(folding, turn, all);
  for (const operatorId of all) group.open.set(operatorId, (group.open.get(operatorId) ?? 0) + 1);
}

/** A head that has become short is refilled from the threads' index, by way of the log. */
export function askForRefill(folding: Folding): void {
  for (const line of folding.parts.lines) {
    if (folding.desk[lineKey(line)] !== 'more' || headOf(folding, line) > folding.head / 2) continue;
    putLine(folding, line, 'asked');
    folding.events.push({ at: folding.at, line });
  }
}

export const headOf = (folding: Folding, line: string): number =>
  turnsOf(folding.desk, folding.parts).filter(({ want }) => want.line === line).length;
