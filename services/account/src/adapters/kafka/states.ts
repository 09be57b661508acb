import type { EncodedEvent, Snapshot } from '@switchboard/aggregates';
import {
  type BrandState,
  OperatorRole,
  type OperatorState,
  type NumberState as NumberStateProto,
  SendingState,
} from '@switchboard/contracts/account/v1/events';
import { accountBrands, accountNumbers, accountOperators } from '@switchboard/contracts/topics';
import { sendingOf, type NumberState } from '../../domain/number.js';
import type { Operator, Role } from '../../domain/operator.js';
import type { Brand, Organisation } from '../../domain/organisation.js';

const sending = {
  allowed: SendingState.SENDING_STATE_ALLOWED,
  'not-connected': SendingState.SENDING_STATE_NOT_CONNECTED,
  'no-token': SendingState.SENDING_STATE_NO_TOKEN,
} as const;

/** A number as it is told to others; its token never is. */
export const toNumberState = (phoneNumberId: string, version: number, number: NumberState): NumberStateProto => ({
  phoneNumberId,
  version: BigInt(version),
  wabaId: number.wabaId,
  portfolioId: number.portfolioId,
  displayPhoneNumber: number.displayPhoneNumber,
  verifiedName: number.verifiedName,
  connection: number.connection,
  organisationId: number.organisationId ?? '',
  brandId: number.brandId ?? '',
  departmentId: number.departmentId ?? '',
  sending: sending[sendingOf(number)],
  changedAt: number.changedAt,
  stop: undefined,
});

/** The record of account.numbers. */
export function numberRecord(phoneNumberId: string, { sequence, state }: Snapshot<NumberState>): EncodedEvent {
  return {
    topic: accountNumbers.name,
    type: accountNumbers.type,
    key: phoneNumberId,
    id: `${phoneNumberId}:${sequence}`,
    time: state.changedAt,
    headers: state.organisationId === null ? {} : { org: state.organisationId },
    value: accountNumbers.encode(toNumberState(phoneNumberId, sequence, state)),
  };
}

const roles = {
  administrator: OperatorRole.OPERATOR_ROLE_ADMINISTRATOR,
  supervisor: OperatorRole.OPERATOR_ROLE_SUPERVISOR,
  associate: OperatorRole.OPERATOR_ROLE_ASSOCIATE,
} as const satisfies Record<Role, OperatorRole>;

/** The record of account.operators. */
export function operatorRecord(operatorId: string, { sequence, state }: Snapshot<Operator>): EncodedEvent {
  const { organisationId, name, role, departmentIds, concurrentLimit, active, changedAt } = state;
  const value: OperatorState = {
    operatorId,
    version: BigInt(sequence),
    organisationId,
    name,
    role: roles[role],
    departmentIds: [...departmentIds],
    concurrentLimit,
    active,
    changedAt,
  };
  return {
    topic: accountOperators.name,
    type: accountOperators.type,
    key: operatorId,
    id: `${operatorId}:${sequence}`,
    time: changedAt,
    headers: { org: organisationId },
    value: accountOperators.encode(value),
  };
}

/** The record of account.brands. */
export function brandRecord(
  brandId: string,
  { sequence, state }: Snapshot<Brand>,
  organisation: Organisation | undefined,
): EncodedEvent {
  const value: BrandState = {
    brandId,
    version: BigInt(sequence),
    organisationId: state.organisationId,
    name: state.name,
    organisationName: organisation?.name ?? '',
    departments: state.departments.map(({ departmentId, name }) => ({ departmentId, name })),
    changedAt: state.changedAt,
  };
  return {
    topic: accountBrands.name,
    type: accountBrands.type,
    key: brandId,
    id: `${brandId}:${sequence}`,
    time: state.changedAt,
    headers: { org: state.organisationId },
    value: accountBrands.encode(value),
  };
}
