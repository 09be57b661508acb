import { Failure } from '@switchboard/errors';

/** The tenant. Nothing is ever shared between two of them. */
export interface Organisation {
  /** Empty until it is created. */
  readonly name: string;
  readonly createdAt: Date;
}

/** One public face of an organisation, with its departments. */
export interface Brand {
  /** Empty until it is created. */
  readonly organisationId: string;
  readonly name: string;
  readonly departments: readonly Department[];
  readonly changedAt: Date;
}

/** Operators who answer together. */
export interface Department {
  readonly departmentId: string;
  readonly name: string;
}

export interface CreateOrganisation {
  readonly kind: 'create-organisation';
  readonly at: Date;
  readonly name: string;
}

export interface CreateBrand {
  readonly kind: 'create-brand';
  readonly at: Date;
  readonly organisationId: string;
  readonly name: string;
}

export interface CreateDepartment extends Department {
  readonly kind: 'create-department';
  readonly at: Date;
  /** Only in this organisation's brand; null = whosever it is. */
  readonly organisationId: string | null;
}

export const noOrganisation = (): Organisation => ({ name: '', createdAt: new Date(0) });

export const noBrand = (): Brand => ({ organisationId: '', name: '', departments: [], changedAt: new Date(0) });

/** Creating is safe to repeat: the same content changes nothing, other content is a conflict. */
export function decideOrganisation(organisation: Organisation, command: CreateOrganisation): Organisation {
  if (organisation.name === '') return { name: command.name, createdAt: command.at };
  if (organisation.name !== command.name) throw taken('organisation');
  return organisation;
}

export function decideBrand(brand: Brand, command: CreateBrand | CreateDepartment): Brand {
  if (command.kind === 'create-department') return addDepartment(brand, command);
  const { organisationId, name, at } = command;
  if (brand.organisationId === '') return { organisationId, name, departments: [], changedAt: at };
  if (brand.organisationId !== organisationId || brand.name !== name) throw taken('brand');
  return brand;
}

function addDepartment(brand: Brand, command: CreateDepartment): Brand {
  const isVisible = command.organisationId === null || command.organisationId === brand.organisationId;
  if (brand.organisationId === '' || !isVisible) throw notFound('brand');
  const existing = brand.departments.find(({ departmentId }) => departmentId === command.departmentId);
  if (existing) {
    if (existing.name !== command.name) throw taken('department');
    return brand;
  }
  const { departmentId, name } = command;
  return { ...brand, departments: [...brand.departments, { departmentId, name }], changedAt: command.at };
}

const taken = (what: 'organisation' | 'brand' | 'department'): Failure =>
  new Failure(
    'conflict',
    `account.${what}-exists`,
    `there is another ${what} with this id; choose another id or repeat the call with the same content`,
  );

export const notFound = (what: 'organisation' | 'brand' | 'department'): Failure =>
  new Failure('not-found', `account.${what}-not-found`, `no such ${what}; create it first`);
