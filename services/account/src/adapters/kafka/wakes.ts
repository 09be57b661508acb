import type { AggregateDefinition } from '@switchboard/aggregates';
import { accountWake } from '@switchboard/contracts/topics';
import { decideNumber, unknownNumber, type NumberCommand, type NumberState } from '../../domain/number.js';
import { decideOperator, noOperator, type Operator, type OperatorCommand } from '../../domain/operator.js';
import {
  decideBrand,
  decideOrganisation,
  noBrand,
  noOrganisation,
  type Brand,
  type CreateBrand,
  type CreateDepartment,
  type CreateOrganisation,
  type Organisation,
} from '../../domain/organisation.js';
import type { VersionedNumber, VersionedOperator } from '../../use-cases/ports.js';

/** What a change says: only that there is something to publish, and of what kind. */
export interface Changed {
  readonly kind: WakeKind;
  readonly at: Date;
}

export type WakeKind = 'number' | 'brand' | 'operator';

const wakes = {
  topic: accountWake.name,
  isOwn: () => true,
  encode: (changed: Changed, at: { aggregateId: string; sequence: number }) => ({
    topic: accountWake.name,
    key: at.aggregateId,
    type: accountWake.type,
    id: `${changed.kind}:${at.aggregateId}:${at.sequence}`,
    time: changed.at,
    headers: {},
    value: accountWake.encode({ kind: changed.kind, id: at.aggregateId, sequence: BigInt(at.sequence) }),
  }),
};

export const numberDefinition: AggregateDefinition<NumberState, NumberCommand, Changed, VersionedNumber> = {
  ...wakes,
  name: 'numbers',
  empty: unknownNumber,
  fold(state, command, { nextSequence }) {
    const number = decideNumber(state, command);
    if (number === state) return { state, events: [], result: { version: nextSequence - 1, number } };
    const events: Changed[] = [{ kind: 'number', at: command.at }];
    return { state: number, events, result: { version: nextSequence, number } };
  },
};

export const operatorDefinition: AggregateDefinition<Operator, OperatorCommand, Changed, VersionedOperator> = {
  ...wakes,
  name: 'operators',
  empty: noOperator,
  fold(state, command, { nextSequence }) {
    const operator = decideOperator(state, command);
    if (operator === state) return { state, events: [], result: { version: nextSequence - 1, operator } };
    const events: Changed[] = [{ kind: 'operator', at: command.at }];
    return { state: operator, events, result: { version: nextSequence, operator } };
  },
};

export const brandDefinition: AggregateDefinition<Brand, CreateBrand | CreateDepartment, Changed, Brand> = {
  ...wakes,
  name: 'brands',
  empty: noBrand,
  fold(state, command) {
    const brand = decideBrand(state, command);
    const events: Changed[] = brand === state ? [] : [{ kind: 'brand', at: command.at }];
    return { state: brand, events, result: brand };
  },
};

/** Organisations are told of by their brands; they say nothing themselves. */
export const organisationDefinition: AggregateDefinition<Organisation, CreateOrganisation, Changed, Organisation> = {
  ...wakes,
  name: 'organisations',
  empty: noOrganisation,
  fold(state, command) {
    const organisation = decideOrganisation(state, command);
    return { state: organisation, events: [], result: organisation };
  },
};
