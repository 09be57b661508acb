import { type Operator, operatorKey, strangerAt, turnsOf, loadOf } from './desk.js';
import type { Heartbeat, OperatorTold, SetPresence } from './desk-inputs.js';
import { operatorNotFound } from './failures.js';
import {
  armAway,
  changeOperator,
  disarmAway,
  endOffer,
  type Folding,
  offerTo,
  putOperator,
  putTurn,
} from './folding.js';

/** What account tells. The highest version holds; versions of operators taken away stay, or an older one would revive them. */
export function foldOperatorTold(folding: Folding, input: OperatorTold): void {
  const { operatorId, version, isActive, role, departmentIds, limit, at } = input;
  const known = folding.desk[operatorKey(operatorId)] ?? strangerAt(at);
  if (version <= known.version) return;
  putOperator(folding, operatorId, { ...known, version, isActive, role, departmentIds, limit });
  if (!isActive) leave(folding, operatorId, 'away');
  else {
    withdrawFrom(folding, operatorId, (operator) => limit > 0 && loadOf(operator) > limit);
    // What they are offered for a department they have left; whatever they are meant for is offered again.
    if (departmentIds.join() !== known.departmentIds.join()) withdrawFrom(folding, operatorId, () => true);
  }
}

export function foldPresence(folding: Folding, input: SetPresence): void {
  const { operatorId, presence, awayAfterMs, at } = input;
  const known = knownOperator(folding, operatorId);
  if (presence === 'away') {
    leave(folding, operatorId, 'away');
    return;
  }
  const comes = known.presence !== 'available' && presence === 'available';
  const change = { presence, isAutoAway: false, ...(known.presence !== presence && { since: at }) };
  if (comes || known.presence !== presence || isDue(known, at, awayAfterMs)) {
    changeOperator(folding, operatorId, { ...change, seenAt: at, awayAfterMs });
    armAway(folding, operatorId);
  }
  if (comes) welcome(folding, operatorId);
  if (presence === 'busy') withdrawFrom(folding, operatorId, () => true);
}

/** A sign of life costs a write only when the one written before is older than a third of the time it is good for. */
export function foldHeartbeat(folding: Folding, { operatorId, at }: Heartbeat): void {
  const known = knownOperator(folding, operatorId);
  if (known.presence === 'away' || !isDue(known, at, known.awayAfterMs)) return;
  changeOperator(folding, operatorId, { seenAt: at });
  armAway(folding, operatorId);
}

const isDue = (known: Operator, at: Date, awayAfterMs: number): boolean =>
  known.awayAfterMs !== awayAfterMs || at.getTime() - known.seenAt.getTime() >= awayAfterMs / 3;

/** No sign of life in time. */
export function foldAutoAway(folding: Folding, operatorId: string, version: number): void {
  const operator = folding.desk[operatorKey(operatorId)];
  if (!operator || operator.timer === 0 || operator.timer !== version) return;
  changeOperator(folding, operatorId, { timer: 0 });
  leave(folding, operatorId, 'auto-away');
}

/** Their offers are passed on. Chats they have stay theirs: customers know them; a supervisor may assign others. */
function leave(folding: Folding, operatorId: string, how: 'away' | 'auto-away'): void {
  const known = folding.desk[operatorKey(operatorId)];
  if (!known) return;
  disarmAway(folding, operatorId);
  if (known.presence !== 'away') {
    changeOperator(folding, operatorId, { presence: 'away', since: folding.at, isAutoAway: how === 'auto-away' });
  } else if (known.isAutoAway && how === 'away') changeOperator(folding, operatorId, { isAutoAway: false });
  withdrawFrom(folding, operatorId, () => true);
}

/** Takes offers from an operator while that holds: those to them alone end, those to several go on without them. */
function withdrawFrom(folding: Folding, operatorId: string, holds: (operator: Operator) => boolean): void {
  const goesOn = (): boolean => {
    const operator = folding.desk[operatorKey(operatorId)];
    return operator !== undefined && holds(operator);
  };
  for (const turn of turnsOf(folding.desk, folding.parts)) {
    if (!goesOn()) return;
    if (turn.offer?.to.includes(operatorId)) withoutOperator(folding, turn, operatorId);
  }
}

/** The offer without one of those who had it. */
export function withoutOperator(folding: Folding, turn: Parameters<typeof endOffer>[1], operatorId: string): void {
  const left = turn.offer?.to.filter((each) => each !== operatorId) ?? [];
  if (left.length === 0) endOffer(folding, turn, { timedOut: false });
  else offerTo(folding, turn, left);
}

/** Who comes to the desk is asked again for what they did not want before. */
function welcome(folding: Folding, operatorId: string): void {
  for (const turn of turnsOf(folding.desk, folding.parts)) {
    if (!turn.refused.includes(operatorId)) continue;
    putTurn(folding, { ...turn, refused: turn.refused.filter((each) => each !== operatorId) });
  }
}

/** An operator that account has told of and not taken away. */
export function knownOperator(folding: Folding, operatorId: string): Operator {
  const operator = folding.desk[operatorKey(operatorId)];
  if (!operator?.isActive) throw operatorNotFound(operatorId);
  return operator;
}
