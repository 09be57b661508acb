import type { Position } from '@switchboard/aggregates';
import { type OperatorState, OperatorRole } from '@switchboard/contracts/account/v1/events';
import type { DeskRequested, PersonWanted } from '@switchboard/contracts/routing/v1/desk_events';
import { OfferManner, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import type { TimerFired } from '@switchboard/contracts/timer/v1/events';
import type { Role } from '../../domain/desk/desk.js';
import { type Want, wantOf } from '../../domain/desk/want.js';
import { nominalMs } from '../../domain/flow/duration.js';
import { defaults, type Manner, type Target } from '../../domain/flow/settings.js';
import { threadOfChat } from '../../domain/spans.js';
import type { DeskNews, DeskSaid, OperatorNews } from '../../use-cases/desk/hear-desk.js';

/** What a thread asks of its desk, or the desk of itself; undefined for what this version does not know. */
export function readRequest(event: DeskRequested, position: Position): DeskNews | undefined {
  const said = saidIn(event);
  if (!said) return undefined;
  if (event.organisationId === '') throw new TypeError('organisation_id is empty: it is nobody’s desk');
  if ('chatId' in said && threadOfChat(said.chatId) === undefined) {
    throw new TypeError('chat_id is not the id of a chat');
  }
  return { position, organisationId: event.organisationId, said };
}

function saidIn({ chatId, count: counted, request, occurredAt }: DeskRequested): DeskSaid | undefined {
  const count = Number(counted);
  switch (request?.$case) {
    case 'personWanted':
      return { kind: 'wanted', chatId, count, want: wantIn(request.value, occurredAt) };
    case 'offerRefused':
      return { kind: 'refused', chatId, operatorId: request.value.operatorId };
    case 'chatReleased':
      return { kind: 'released', chatId, count };
    case 'chatHeld':
      return { kind: 'held', chatId, count, operatorId: request.value.operatorId };
    case 'lineRefill':
      return { kind: 'refill', line: request.value.line };
    case 'deskCheck':
      return { kind: 'check' };
    case undefined:
      return undefined;
  }
}

function wantIn(wanted: PersonWanted, occurredAt: Date | undefined): Want {
  const { target, manner, waitingSince, exceptOperatorIds: exceptIds, ...rest } = wanted;
  const { departmentId, brandId, lastOperatorId } = rest;
  // Nothing said: an offer without a time would go round and round, and with a limit of none nobody could take it.
  const offerTimeoutMs = rest.offerTimeoutMs || nominalMs(defaults.offerTimeout);
  const concurrentLimit = rest.concurrentLimit || defaults.concurrentLimit;
  return wantOf({
    departmentId,
    brandId,
    offerTimeoutMs,
    lastOperatorId,
    concurrentLimit,
    exceptIds,
    target: { kind: kinds[target?.kind ?? 0] ?? 'everyone', operatorIds: target?.operatorIds ?? [] },
    manner: manners[manner] ?? 'all-at-once',
    since: waitingSince ?? occurredAt ?? new Date(0),
  });
}

const kinds: Partial<Record<TargetKind, Target['kind']>> = {
  [TargetKind.TARGET_KIND_EVERYONE]: 'everyone',
  [TargetKind.TARGET_KIND_OPERATORS]: 'operators',
  [TargetKind.TARGET_KIND_LAST_OPERATOR]: 'last-operator',
  [TargetKind.TARGET_KIND_LEAD_OWNER]: 'lead-owner',
  [TargetKind.TARGET_KIND_NOBODY]: 'nobody',
};

const manners: Partial<Record<OfferManner, Manner>> = {
  [OfferManner.OFFER_MANNER_ALL_AT_ONCE]: 'all-at-once',
  [OfferManner.OFFER_MANNER_ONE_BY_ONE]: 'one-by-one',
  [OfferManner.OFFER_MANNER_LEAST_LOADED]: 'least-loaded',
  [OfferManner.OFFER_MANNER_ROUND_ROBIN]: 'round-robin',
};

/** `desk:<organisation>:<name>`; undefined for timers of threads. Organisation ids have no colon. */
export function readDeskTimer({ timerKey, version }: TimerFired, position: Position): DeskNews | undefined {
  const [, organisationId, timer] = /^desk:([^:]+):(.+)$/.exec(timerKey) ?? [];
  if (organisationId === undefined || timer === undefined) return undefined;
  return { position, organisationId, said: { kind: 'timer-fired', timer, version: Number(version) } };
}

export function readOperator(state: OperatorState): OperatorNews {
  const { operatorId, version, organisationId, role, departmentIds, concurrentLimit: limit, active: isActive } = state;
  if (!/^[a-z0-9-]{1,64}$/.test(operatorId) || organisationId === '') {
    throw new TypeError('operator_id or organisation_id is no id');
  }
  return {
    operatorId,
    version: Number(version),
    organisationId,
    role: roles[role] ?? 'associate',
    departmentIds,
    limit,
    isActive,
  };
}

const roles: Partial<Record<OperatorRole, Role>> = {
  [OperatorRole.OPERATOR_ROLE_ADMINISTRATOR]: 'administrator',
  [OperatorRole.OPERATOR_ROLE_SUPERVISOR]: 'supervisor',
  [OperatorRole.OPERATOR_ROLE_ASSOCIATE]: 'associate',
};
