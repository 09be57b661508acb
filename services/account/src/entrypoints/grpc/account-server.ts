import { type AccountServiceServer, AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type Call, type ServedService, unary } from '@switchboard/grpc';
import type { NumberUseCases, NumberView } from '../../use-cases/numbers.js';
import type { BrandView, OrganisationUseCases, OrganisationView, Tenant } from '../../use-cases/organisations.js';
import { type NumberToProto } from './number-view.js';

const tenantOf = ({ caller }: Call): Tenant => caller.organisationId ?? null;

/** Organisations, brands, departments and numbers. */
export function accountServer(
  organisations: OrganisationUseCases,
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
