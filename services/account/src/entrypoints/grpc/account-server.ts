import { type AccountServiceServer, AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { OperatorRole } from '@switchboard/contracts/account/v1/events';
import { type Call, type ServedService, unary } from '@switchboard/grpc';
import type { NumberUseCases, NumberView } from '../../use-cases/numbers.js';
import type { BrandView, OrganisationUseCases, OrganisationView, Tenant } from '../../use-cases/organisations.js';
import type { OperatorUseCases, OperatorView } from '../../use-cases/operators.js';
import { type NumberToProto } from './number-view.js';

const tenantOf = ({ caller }: Call): Tenant => caller.organisationId ?? null;

/** Organisations, brands, departments, operators and numbers. */
export function accountServer(
  organisations: OrganisationUseCases,
  operators: OperatorUseCases,
  numbers: NumberUseCases,
  toNumber: NumberToProto,
): ServedService {
  const numberToProto = ({ phoneNumberId, version, number }: NumberView) => toNumber(phoneNumberId, version, number);
  const implementation: AccountServiceServer = {
    createOrganisation: unary(async (request, call) => ({
      organisation: organisationToProto(await organisations.createOrganisation(tenantOf(call), request)),
    })),
    getOrganisation: unary(async ({ organisationId }, call) => ({
      organisation: organisationToProto(await organisations.getOrganisation(tenantOf(call), organisationId)),
    })),
    createBrand: unary(async (request, call) => ({
      brand: brandToProto(await organisations.createBrand(tenantOf(call), request)),
    })),
    createDepartment: unary(async (request, call) => ({
      department: await organisations.createDepartment(tenantOf(call), request),
    })),
    putOperator: unary(async ({ operator }, call) => ({
      operator: operatorToProto(
        await operators.putOperator(tenantOf(call), {
          operatorId: operator?.operatorId ?? '',
          organisationId: operator?.organisationId ?? '',
          name: operator?.name ?? '',
          role: operator && roleOf.get(operator.role),
          departmentIds: operator?.departmentIds ?? [],
          concurrentLimit: operator?.concurrentLimit ?? 0,
        }),
      ),
    })),
    getOperator: unary(async ({ operatorId }, call) => ({
      operator: operatorToProto(await operators.getOperator(tenantOf(call), operatorId)),
    })),
    listOperators: unary(async (request, call) => {
      const { operators: page, nextPageToken } = await operators.listOperators(tenantOf(call), request);
      return { operators: page.map(operatorToProto), nextPageToken };
    }),
    removeOperator: unary(async ({ operatorId }, call) => {
      await operators.removeOperator(tenantOf(call), operatorId);
      return {};
    }),
    registerNumber: unary(async (request, call) => ({
      number: numberToProto(await numbers.registerNumber(tenantOf(call), request)),
    })),
    connectNumber: unary(async (request, call) => ({
      number: numberToProto(await numbers.connectNumber(tenantOf(call), request)),
    })),
    disconnectNumber: unary(async ({ phoneNumberId }, call) => ({
      number: numberToProto(await numbers.disconnectNumber(tenantOf(call), phoneNumberId)),
    })),
    getNumber: unary(async ({ phoneNumberId }, call) => ({
      number: numberToProto(await numbers.getNumber(tenantOf(call), phoneNumberId)),
    })),
    listNumbers: unary(async (request, call) => {
      const { numbers: page, nextPageToken } = await numbers.listNumbers(tenantOf(call), request);
      return { numbers: page.map(numberToProto), nextPageToken };
    }),
    getMetaToken: unary(async ({ phoneNumberId }, call) => {
      const { metaToken, version } = await numbers.getMetaToken(tenantOf(call), phoneNumberId);
      return { metaToken, version: BigInt(version) };
    }),
  };
  return {
    definition: AccountServiceService,
    implementation,
    scopes: {
      createOrganisation: 'account.organisations:write',
      getOrganisation: 'account.organisations:read',
      createBrand: 'account.organisations:write',
      createDepartment: 'account.organisations:write',
      putOperator: 'account.organisations:write',
      getOperator: 'account.organisations:read',
      listOperators: 'account.organisations:read',
      removeOperator: 'account.organisations:write',
      registerNumber: 'account.numbers:write',
      connectNumber: 'account.numbers:write',
      disconnectNumber: 'account.numbers:write',
      getNumber: 'account.numbers:read',
      listNumbers: 'account.numbers:read',
      getMetaToken: 'account.tokens:read',
    },
  };
}

const organisationToProto = ({ organisationId, name, brands, createdAt }: OrganisationView) => ({
  organisationId,
  name,
  brands: brands.map(brandToProto),
  createdAt,
});

const brandToProto = ({ brandId, organisationId, name, departments }: BrandView) => ({
  brandId,
  organisationId,
  name,
  departments: departments.map((department) => ({ brandId, ...department })),
});

const roles = {
  administrator: OperatorRole.OPERATOR_ROLE_ADMINISTRATOR,
  supervisor: OperatorRole.OPERATOR_ROLE_SUPERVISOR,
  associate: OperatorRole.OPERATOR_ROLE_ASSOCIATE,
} as const;
const roleOf = new Map(
  Object.entries(roles).map(([role, proto]) => [proto as OperatorRole, role as keyof typeof roles]),
);

const operatorToProto = ({ operatorId, version, operator }: OperatorView) => ({
  operatorId,
  organisationId: operator.organisationId,
  name: operator.name,
  role: roles[operator.role],
  departmentIds: [...operator.departmentIds],
  concurrentLimit: operator.concurrentLimit,
  version: BigInt(version),
});
