import { whoWouldGet } from '../../domain/desk/candidates.js';
import {
  type Desk,
  emptyDesk,
  type Operator,
  operatorKey,
  operatorsOf,
  type Presence,
} from '../../domain/desk/desk.js';
import type { ChatFacts } from '../../domain/desk/desk-inputs.js';
import { operatorNotFound } from '../../domain/desk/failures.js';
import { wantOf } from '../../domain/desk/want.js';
import type { Asks, AwayAfter, DepartmentQueue, Desks } from './ports.js';
import type { Clock } from '../ports.js';
import type { DeskView, Wanted } from '../settings/ports.js';

/** An operator as they stand. */
export interface SeenOperator extends Operator {
  readonly operatorId: string;
}

/** A place at the desk for an operator. */
export interface PlaceWanted {
  readonly organisationId: string;
  readonly chatId: string;
  readonly operatorId: string;
  /** `taken`: by themselves, where nobody has it. `assigned`: by a supervisor, `transferred`: by accepting, whoever has it. */
  readonly cause: 'taken' | 'given' | 'assigned' | 'transferred';
  /** As the thread has it. */
  readonly facts: ChatFacts;
  /** Above the limit as well; of no effect for `taken`. */
  readonly isForced?: boolean;
}

export type DeskUseCases = ReturnType<typeof createDeskUseCases>;

export function createDeskUseCases(deps: { desks: Desks; asks: Asks; awayAfter: AwayAfter; now: Clock }) {
  const { desks, asks, awayAfter, now } = deps;

  async function stateOf(organisationId: string): Promise<Desk> {
    return (await desks.read(organisationId))?.state ?? emptyDesk();
  }

  /** Of another organisation's desk nobody learns anything (SE-1). */
  async function awayAfterOf(organisationId: string, operatorId: string): Promise<number> {
    const operator = (await stateOf(organisationId))[operatorKey(operatorId)];
    if (!operator?.isActive) throw operatorNotFound(operatorId);
    return awayAfter(organisationId, operator.departmentIds);
  }

  async function seen(
    organisationId: string,
    operatorId: string,
    command: Parameters<Desks['command']>[1],
  ): Promise<SeenOperator> {
    const { operator } = await desks.command(organisationId, command);
    if (!operator) throw operatorNotFound(operatorId);
    return { ...operator, operatorId };
  }

  /** What account tells or a thread has made them, without those account has taken away. */
  const shown = (desk: Desk): SeenOperator[] =>
    operatorsOf(desk).flatMap(([operatorId, operator]) => (operator.isActive ? [{ ...operator, operatorId }] : []));

  return {
    async setPresence(organisationId: string, operatorId: string, presence: Presence): Promise<SeenOperator> {
      const awayAfterMs = await awayAfterOf(organisationId, operatorId);
      return seen(organisationId, operatorId, { kind: 'set-presence', at: now(), operatorId, presence, awayAfterMs });
    },

    heartbeat(organisationId: string, operatorId: string): Promise<SeenOperator> {
      return seen(organisationId, operatorId, { kind: 'heartbeat', at: now(), operatorId });
    },

    async getDesk(
      organisationId: string,
    ): Promise<{ readonly operators: readonly SeenOperator[]; readonly queues: readonly DepartmentQueue[] }> {
      const [desk, queues] = await Promise.all([stateOf(organisationId), asks.queues(organisationId)]);
      return { operators: shown(desk), queues };
    },

    /**
     * Reserves a place for an operator, and the desk tells the thread. Safe to repeat. Throws `routing.chat-taken`,
     * `routing.chat-not-waiting`, `routing.operator-at-limit`, `routing.not-in-department`, `routing.operator-not-found`.
     */
    async claimPlace(wanted: PlaceWanted): Promise<void> {
      const { organisationId, chatId, operatorId, cause, facts, isForced = false } = wanted;
      const about = { at: now(), chatId, operatorId, facts };
      await desks.command(
        organisationId,
        cause === 'assigned' || cause === 'transferred'
          ? { kind: 'assign', ...about, cause, isForced }
          : { kind: 'claim', ...about },
      );
    },

    async whoWouldGet(organisationId: string, wanted: Wanted): Promise<readonly string[]> {
      const want = wantOf({ ...wanted, offerTimeoutMs: 0, exceptIds: [], since: now() });
      return whoWouldGet(await stateOf(organisationId), want);
    },
  } satisfies DeskView & Record<string, unknown>;
}
