import { type Desk, loadOf, type Operator, operatorKey, operatorsOf, type Parts, roomOf, type Turn } from './desk.js';
import type { Want } from './want.js';

/** Somebody who may be asked. */
export interface Candidate {
  readonly operatorId: string;
  readonly operator: Operator;
}

/** Those who are there. */
export const available = (desk: Desk, parts?: Parts): Candidate[] =>
  operatorsOf(desk, parts).flatMap(([operatorId, operator]) =>
    operator.isActive && operator.presence === 'available' ? [{ operatorId, operator }] : [],
  );

/** Those of them whom a want means: the ones it names, else everybody in its department. A lead has no owner yet. */
export function meant(among: readonly Candidate[], { target, departmentId }: Want): Candidate[] {
  switch (target.kind) {
    case 'nobody':
      return [];
    case 'operators':
      return among.filter(({ operatorId }) => target.operatorIds.includes(operatorId));
    case 'everyone':
    case 'last-operator':
    case 'lead-owner':
      return among.filter(({ operator }) => operator.departmentIds.includes(departmentId));
  }
}

type Asked = Pick<Turn, 'want' | 'refused' | 'isLastAsked'>;

const isWilling = ({ want, refused }: Asked, operatorId: string): boolean =>
  !refused.includes(operatorId) && !want.exceptIds.includes(operatorId);

/** Those who could take it now: they are there, are meant, have not refused it, and have a place. */
export const withRoom = (turn: Asked, among: readonly Candidate[]): Candidate[] =>
  among.filter(
    ({ operatorId, operator }) => roomOf(operator, turn.want.concurrentLimit) > 0 && isWilling(turn, operatorId),
  );

/** Who served the customer last, where they are to be asked before everyone else and could take it; whatever department they are in. */
export function lastOperator(desk: Desk, turn: Asked): Candidate | undefined {
  const { target, lastOperatorId, concurrentLimit } = turn.want;
  if (target.kind !== 'last-operator' || lastOperatorId === '' || turn.isLastAsked) return undefined;
  const operator = desk[operatorKey(lastOperatorId)];
  if (!operator?.isActive || operator.presence !== 'available') return undefined;
  if (roomOf(operator, concurrentLimit) === 0 || !isWilling(turn, lastOperatorId)) return undefined;
  return { operatorId: lastOperatorId, operator };
}

/** In the order in which the manner asks them. Nobody is before anybody else when all are asked at once. */
export function inOrder(candidates: readonly Candidate[], { manner, concurrentLimit }: Want): Candidate[] {
  const share = ({ operator }: Candidate): number => loadOf(operator) / (operator.limit || concurrentLimit);
  const byTurn = (a: Candidate, b: Candidate): number =>
    a.operator.turn - b.operator.turn || (a.operatorId < b.operatorId ? -1 : 1);
  return [...candidates].sort((a, b) =>
    manner === 'least-loaded' ? share(a) - share(b) || byTurn(a, b) : byTurn(a, b),
  );
}

/** Operators who would be asked now, in order; none = the chat would wait. Changes nothing. */
export function whoWouldGet(desk: Desk, want: Want): string[] {
  const turn = { want, refused: [], isLastAsked: false };
  const last = lastOperator(desk, turn);
  if (last) return [last.operatorId];
  return inOrder(withRoom(turn, meant(available(desk), want)), want).map(({ operatorId }) => operatorId);
}
