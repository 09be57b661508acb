import {
  type DeskOperator,
  type DeskServiceServer,
  DeskServiceService,
  Presence as PresenceProto,
} from '@switchboard/contracts/routing/v1/desk_service';
import { Failure } from '@switchboard/errors';
import { type Caller, type ServedService, unary } from '@switchboard/grpc';
import { loadOf, type Presence } from '../../domain/desk/desk.js';
import type { DeskUseCases, SeenOperator } from '../../use-cases/desk/desk.js';
import { anIdOrNone, demand, oneOrganisationOf } from './requests.js';

/** Who is there to answer, and how much each has in hand. */
export function deskServer(useCases: Pick<DeskUseCases, 'setPresence' | 'heartbeat' | 'getDesk'>): ServedService {
  const implementation: DeskServiceServer = {
    setPresence: unary(async ({ operatorId, presence: named, organisationId }, { caller }) => {
      const presence = words[named];
      demand(
        anOperatorId('operator_id', operatorId),
        presence
          ? undefined
          : { field: 'presence', description: 'must be available, busy or away; choose one of the three' },
        anIdOrNone('organisation_id', organisationId),
      );
      const organisation = speaksFor(caller, operatorId, organisationId);
      return { operator: toProto(await useCases.setPresence(organisation, operatorId, presence ?? 'away')) };
    }),

    heartbeat: unary(async ({ operatorId, organisationId }, { caller }) => {
      demand(anOperatorId('operator_id', operatorId), anIdOrNone('organisation_id', organisationId));
      const organisation = speaksFor(caller, operatorId, organisationId);
      return { operator: toProto(await useCases.heartbeat(organisation, operatorId)) };
    }),

    getDesk: unary(async ({ organisationId }, { caller }) => {
      demand(anIdOrNone('organisation_id', organisationId));
      const { operators, queues } = await useCases.getDesk(oneOrganisationOf(caller.organisationId, organisationId));
      return { operators: operators.map(toProto), queues: queues.map((queue) => ({ ...queue })) };
    }),
  };
  return {
    definition: DeskServiceService,
    implementation,
    scopes: {
      setPresence: 'routing.desks:write',
      heartbeat: 'routing.desks:write',
      getDesk: 'routing.desks:read',
    },
  };
}

const anOperatorId = (field: string, value: string) =>
  value !== '' && anIdOrNone(field, value) === undefined
    ? undefined
    : { field, description: 'must be 1 to 64 lower-case letters, digits and dashes; take it from account' };

/** Whose desk it is about; a token of an operator speaks for that one alone. */
function speaksFor(caller: Caller, operatorId: string, named: string): string {
  if (caller.operatorId !== undefined && caller.operatorId !== operatorId) {
    throw new Failure(
      'forbidden',
      'routing.other-operator',
      'the token speaks for another operator; name that one, or use a token of a service',
      { details: { operator_id: caller.operatorId } },
    );
  }
  return oneOrganisationOf(caller.organisationId, named);
}

const words: Partial<Record<PresenceProto, Presence>> = {
  [PresenceProto.PRESENCE_AVAILABLE]: 'available',
  [PresenceProto.PRESENCE_BUSY]: 'busy',
  [PresenceProto.PRESENCE_AWAY]: 'away',
};

const presences: Record<Presence, PresenceProto> = {
  available: PresenceProto.PRESENCE_AVAILABLE,
  busy: PresenceProto.PRESENCE_BUSY,
  away: PresenceProto.PRESENCE_AWAY,
};

const toProto = (operator: SeenOperator): DeskOperator => ({
  operatorId: operator.operatorId,
  presence: presences[operator.presence],
  limit: operator.limit,
  load: loadOf(operator),
  departmentIds: [...operator.departmentIds],
  since: operator.since,
  autoAway: operator.isAutoAway,
});
