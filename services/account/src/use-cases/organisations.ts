import { Failure } from '@switchboard/errors';
import { aName, anId, anIdOrNone, demand } from '../domain/names.js';
import { notFound, type Brand, type Department, type Organisation } from '../domain/organisation.js';
import type { Brands, Clock, Directory, NewId, Organisations } from './ports.js';

/** Whose data a caller may see: one organisation, or all of them for internal services. */
export type Tenant = string | null;

export interface OrganisationView extends Organisation {
  readonly organisationId: string;
  readonly brands: readonly BrandView[];
}

export interface BrandView extends Brand {
  readonly brandId: string;
}

export type OrganisationUseCases = ReturnType<typeof createOrganisationUseCases>;

export function createOrganisationUseCases(deps: {
  organisations: Organisations;
  brands: Brands;
  directory: Directory;
  now: Clock;
  newId: NewId;
}) {
  const seen = (tenant: Tenant, organisationId: string): boolean => tenant === null || tenant === organisationId;

  async function mustExist(tenant: Tenant, organisationId: string): Promise<Organisation> {
    const found = seen(tenant, organisationId) ? await deps.organisations.read(organisationId) : null;
    if (!found) throw notFound('organisation');
    return found.state;
  }

  return {
    async createOrganisation(tenant: Tenant, request: { organisationId: string; name: string }) {
      demand(anIdOrNone('organisation_id', request.organisationId), aName('name', request.name));
      const organisationId = request.organisationId || deps.newId();
      if (!seen(tenant, organisationId)) {
        throw new Failure(
          'forbidden',
          'account.other-organisation',
          'the token is for another organisation; organisations are created by tokens without one',
        );
      }
      const organisation = await deps.organisations.command(organisationId, {
        kind: 'create-organisation',
        at: deps.now(),
        name: request.name,
      });
      return { organisationId, ...organisation, brands: [] } satisfies OrganisationView;
    },

    async getOrganisation(tenant: Tenant, organisationId: string): Promise<OrganisationView> {
      demand(anId('organisation_id', organisationId));
      const organisation = await mustExist(tenant, organisationId);
      const ids = await deps.directory.brandsOf(organisationId);
      const brands = await Promise.all(
        ids.map(async (brandId) => ({ brandId, read: await deps.brands.read(brandId) })),
      );
      return {
        organisationId,
        ...organisation,
        brands: brands.flatMap(({ brandId, read }) => (read ? [{ brandId, ...read.state }] : [])),
      };
    },

    async createBrand(tenant: Tenant, request: { organisationId: string; brandId: string; name: string }) {
      demand(
        anId('organisation_id', request.organisationId),
        anIdOrNone('brand_id', request.brandId),
        aName('name', request.name),
      );
      await mustExist(tenant, request.organisationId);
      const brandId = request.brandId || deps.newId();
      const { organisationId, name } = request;
      const brand = await deps.brands.command(brandId, { kind: 'create-brand', at: deps.now(), organisationId, name });
      return { brandId, ...brand } satisfies BrandView;
    },

    async createDepartment(
      tenant: Tenant,
      request: { brandId: string; departmentId: string; name: string },
    ): Promise<Department & { brandId: string }> {
      demand(
        anId('brand_id', request.brandId),
        anIdOrNone('department_id', request.departmentId),
        aName('name', request.name),
      );
      const departmentId = request.departmentId || deps.newId();
      const { brandId, name } = request;
      const at = deps.now();
      await deps.brands.command(brandId, { kind: 'create-department', at, organisationId: tenant, departmentId, name });
      return { brandId, departmentId, name };
    },
  };
}
