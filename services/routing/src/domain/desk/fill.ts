import { available, type Candidate, inOrder, lastOperator, meant, withRoom } from './candidates.js';
import { isReserved, linesOf, operatorKey, roomOf, type Turn, turnsOf } from './desk.js';
import { type Folding, give, offerTo, putLine, reserve, say } from './folding.js';

/**
 * Fills what is free: afterwards no chat at the head of a line waits unasked beside an operator who could take it. Runs
 * at the end of every fold that changed something, oldest chats first.
 */
export function fill(folding: Folding): void {
  const there = available(folding.desk);
  if (there.length === 0) return;
  const meantBy = new Map<string, readonly Candidate[]>();
  /** Whom nobody behind it in the same line can hope for. */
  const full = new Set<string>();
  /** By operator and group: older chats on offer to them. */
  const open = new Map<string, number>();

  for (const turn of oldestFirst(turnsOf(folding.desk))) {
    const { want } = turn;
    if (isReserved(turn.offer)) continue;
    const last = turn.offer ? undefined : lastOperator(folding.desk, turn);
    if (last) {
      askLast(folding, turn, last);
      continue;
    }
    const group = want.target.kind === 'operators' ? want.target.operatorIds.join(' ') : want.line;
    const limited = `${group} ${want.concurrentLimit}`;
    if (full.has(limited)) continue;
    const all = meantBy.get(group) ?? meant(there, want);
    meantBy.set(group, all);
    const now = all.map(({ operatorId, operator }) => ({
      operatorId,
      operator: folding.desk[operatorKey(operatorId)] ?? operator,
    }));
    if (!now.some(({ operator }) => roomOf(operator, want.concurrentLimit) > 0)) {
      full.add(limited);
      continue;
    }
    const candidates = withRoom(turn, now);
    if (want.manner === 'all-at-once') {
      const places = candidates.reduce((sum, { operator }) => sum + roomOf(operator, want.concurrentLimit), 0);
      const mayHaveMore = candidates.filter(({ operatorId }) => (open.get(`${operatorId} ${group}`) ?? 0) < places);
      for (const operatorId of offerToAll(folding, turn, mayHaveMore)) {
        open.set(`${operatorId} ${group}`, (open.get(`${operatorId} ${group}`) ?? 0) + 1);
      }
      continue;
    }
    const [first] = inOrder(candidates, want);
    if (!first) continue;
    if (want.manner === 'one-by-one') reserve(folding, turn, first.operatorId);
    else assign(folding, turn, first.operatorId);
  }
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
function offerToAll(folding: Folding, turn: Turn, candidates: readonly Candidate[]): readonly string[] {
  const to = turn.offer?.to ?? [];
  const added = candidates.map(({ operatorId }) => operatorId).filter((operatorId) => !to.includes(operatorId));
  if (added.length === 0) return to;
  const all = [...to, ...added.sort()];
  offerTo(folding, turn, all);
  return all;
}

/** A head that has become short is refilled from the threads' index, by way of the log. */
export function askForRefill(folding: Folding): void {
  for (const [line, behind] of linesOf(folding.desk)) {
    if (behind !== 'more' || headOf(folding, line) > folding.head / 2) continue;
    putLine(folding, line, 'asked');
    folding.events.push({ at: folding.at, line });
  }
}

export const headOf = (folding: Folding, line: string): number =>
  turnsOf(folding.desk).filter(({ want }) => want.line === line).length;
