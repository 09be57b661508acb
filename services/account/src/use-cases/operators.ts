import { aLimit, aName, anId, anIdOrNone, aPageSize, demand, ids } from '../domain/names.js';
import { type Operator, operatorNotFound, type Role } from '../domain/operator.js';
import { notFound } from '../domain/organisation.js';
import type { Tenant } from './organisations.js';
import type { Brands, Clock, Directory, NewId, Operators, Organisations, VersionedOperator } from './ports.js';

export interface OperatorView extends VersionedOperator {
  readonly operatorId: string;
}

export interface PutOperatorRequest {
  readonly operatorId: string;
  readonly organisationId: string;
  readonly name: string;
  /** Undefined where the caller said nothing that we know. */
  readonly role: Role | undefined;
  readonly departmentIds: readonly string[];
  readonly concurrentLimit: number;
}

export type OperatorUseCases = ReturnType<typeof createOperatorUseCases>;

export function createOperatorUseCases(deps: {
  operators: Operators;
  organisations: Organisations;
  brands: Brands;
  directory: Directory;
  now: Clock;
  newId: NewId;
}) {
  const seen = (tenant: Tenant, organisationId: string): boolean => tenant === null || tenant === organisationId;

  /** Departments stand in brands, and only an organisation's own may be named. */
  async function departmentsOf(organisationId: string): Promise<ReadonlySet<string>> {
    const brandIds = await deps.directory.brandsOf(organisationId);
    const brands = await Promise.all(brandIds.map((brandId) => deps.brands.read(brandId)));
    return new Set(brands.flatMap((brand) => brand?.state.departments.map(({ departmentId }) => departmentId) ?? []));
  }

  return {
    async putOperator(tenant: Tenant, request: PutOperatorRequest): Promise<OperatorView> {
      const organisationId = request.organisationId || (tenant ?? '');
      const { role } = request;
      demand(
        anIdOrNone('operator.operator_id', request.operatorId),
        anId('operator.organisation_id', organisationId),
        aName('operator.name', request.name),
        role === undefined
          ? { field: 'operator.role', description: 'must be administrator, supervisor or associate; choose one' }
          : undefined,
        ...ids('operator.department_ids', request.departmentIds),
        aLimit('operator.concurrent_limit', request.concurrentLimit),
      );
      if (!seen(tenant, organisationId) || !(await deps.organisations.read(organisationId)))
        throw notFound('organisation');
      const departmentIds = [...new Set(request.departmentIds)].sort();
      const known = departmentIds.length > 0 ? await departmentsOf(organisationId) : new Set<string>();
      if (departmentIds.some((departmentId) => !known.has(departmentId))) throw notFound('department');
      const operatorId = request.operatorId || deps.newId();
      const result = await deps.operators.command(operatorId, {
        kind: 'put-operator',
        at: deps.now(),
        organisationId,
        name: request.name,
        role: role ?? 'associate',
        departmentIds,
        concurrentLimit: request.concurrentLimit,
      });
      return { operatorId, ...result };
    },

    async removeOperator(tenant: Tenant, operatorId: string): Promise<void> {
      demand(anId('operator_id', operatorId));
      const at = deps.now();
      await deps.operators.command(operatorId, { kind: 'remove-operator', at, organisationId: tenant });
    },

    async getOperator(tenant: Tenant, operatorId: string): Promise<OperatorView> {
      demand(anId('operator_id', operatorId));
      const found = await deps.operators.read(operatorId);
      if (!found?.state.active || !seen(tenant, found.state.organisationId)) throw operatorNotFound();
      return { operatorId, version: found.sequence, operator: found.state };
    },

    async listOperators(
      tenant: Tenant,
      request: { organisationId: string; departmentId: string; pageSize: number; pageToken: string },
    ): Promise<{ operators: OperatorView[]; nextPageToken: string }> {
      const organisationId = request.organisationId || (tenant ?? '');
      demand(
        anId('organisation_id', organisationId),
        anIdOrNone('department_id', request.departmentId),
        aPageSize('page_size', request.pageSize, 100),
        anIdOrNone('page_token', request.pageToken),
      );
      if (!seen(tenant, organisationId)) throw notFound('organisation');
      const size = request.pageSize || 100;
      const { departmentId, pageToken } = request;
      const found = await deps.directory.operatorsOf(organisationId, departmentId, pageToken, size + 1);
      const page = found.slice(0, size);
      const read = await Promise.all(page.map((operatorId) => deps.operators.read(operatorId)));
      const isMeant = ({ active, departmentIds }: Operator) =>
        active && (departmentId === '' || departmentIds.includes(departmentId));
      const operators = read.flatMap((each) =>
        each && isMeant(each.state)
          ? [{ operatorId: each.aggregateId, version: each.sequence, operator: each.state }]
          : [],
      );
      return { operators, nextPageToken: found.length > size ? (page.at(-1) ?? '') : '' };
    },
  };
}
