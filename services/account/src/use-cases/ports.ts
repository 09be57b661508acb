import type { Aggregates } from '@switchboard/aggregates';
import type { NumberCommand, NumberState, SealedToken } from '../domain/number.js';
import type { Operator, OperatorCommand } from '../domain/operator.js';
import type { Brand, CreateBrand, CreateDepartment, CreateOrganisation, Organisation } from '../domain/organisation.js';

export type Organisations = Aggregates<Organisation, CreateOrganisation, Organisation>;
export type Brands = Aggregates<Brand, CreateBrand | CreateDepartment, Brand>;
export type Numbers = Aggregates<NumberState, NumberCommand, VersionedNumber>;
export type Operators = Aggregates<Operator, OperatorCommand, VersionedOperator>;

/** An operator with the version that readers of account.operators compare. */
export interface VersionedOperator {
  readonly version: number;
  readonly operator: Operator;
}

/** A number with the version that readers of account.numbers compare. */
export interface VersionedNumber {
  readonly version: number;
  readonly number: NumberState;
}

/** What the aggregates cannot answer: who belongs to whom. */
export interface Directory {
  /** Brand ids of an organisation, in order. */
  readonly brandsOf: (organisationId: string) => Promise<readonly string[]>;
  /** Phone number ids of an organisation after `after`, in order, at most `limit`. */
  readonly numbersOf: (organisationId: string, after: string, limit: number) => Promise<readonly string[]>;
  /** Ids of an organisation's active operators after `after`, of one department or all, in order, at most `limit`. */
  readonly operatorsOf: (
    organisationId: string,
    departmentId: string,
    after: string,
    limit: number,
  ) => Promise<readonly string[]>;
}

/** Seals tokens under the installation's key and opens them again (SE-4). */
export interface Vault {
  readonly seal: (plaintext: string) => SealedToken;
  /** `unavailable` when the key that sealed it is not among the installation's keys (any more), or is another one. */
  readonly open: (token: SealedToken) => string;
}

export type Clock = () => Date;
/** A new id that a caller did not choose. */
export type NewId = () => string;
