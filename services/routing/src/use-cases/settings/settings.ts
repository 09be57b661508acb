import { Failure, type FieldViolation } from '@switchboard/errors';
import { readFlow } from '../../domain/flow/read-flow.js';
import { completed, defaultSettings, type FlowSettings, type WrittenRule } from '../../domain/flow/written.js';
import { demand, type Tenant } from '../chats/read-chats.js';
import type { Clock, NewId } from '../ports.js';
import type { BrandFlows, Brands, BrandView, SettingsVersion, TellApply } from './ports.js';

export type SettingsUseCases = ReturnType<typeof createSettingsUseCases>;

/** Settings of brands: read, changed, and applied to what is open. */
export function createSettingsUseCases(deps: {
  store: BrandFlows;
  brands: Brands;
  tellApply: TellApply;
  now: Clock;
  newId: NewId;
  observe: (what: 'saved' | 'applied') => void;
}) {
  const { store, brands, tellApply, now, newId, observe } = deps;

  async function newest(brandId: string): Promise<SettingsVersion> {
    const [found] = await store.newerThan([{ brandId, version: 0 }]);
    return found ?? unset(brandId);
  }

  return {
    async getSettings(tenant: Tenant, brandId: string, version: number): Promise<SettingsVersion> {
      brandOf(brands, tenant, brandId);
      const found = version === 0 ? await newest(brandId) : await store.find(brandId, version);
      if (found) return found;
      throw new Failure('not-found', 'routing.settings-not-found', `brand ${brandId} has no version ${version}`);
    },

    /** Makes the version after `expected`, which has to be the newest. */
    async updateSettings(
      tenant: Tenant,
      brandId: string,
      expected: number,
      settings: FlowSettings,
      changedBy: string,
    ): Promise<SettingsVersion> {
      const { organisationId } = brandOf(brands, tenant, brandId);
      const next: SettingsVersion = {
        brandId,
        version: expected + 1,
        settings: completed(settings),
        changedAt: now(),
        changedBy,
      };
      demand(
        ...readFlow(next, settings).violations,
        ...unknownDepartments(brands, organisationId, settings.routingRules, 'flow.routing_rules'),
      );
      if (await store.save(next)) {
        observe('saved');
        return next;
      }
      const { version } = await newest(brandId);
      throw new Failure(
        'conflict',
        'routing.settings-changed',
        `the newest version is ${version} and expected_version ${expected}; read it and make the change on it`,
        { details: { newestVersion: String(version) } },
      );
    },

    /** Newest first; below `before` where one is given. */
    versions(tenant: Tenant, brandId: string, before: number | undefined): AsyncIterable<SettingsVersion> {
      brandOf(brands, tenant, brandId);
      return store.versions(brandId, before);
    },

    /** Asks every owner to arm the brand's open chats by its newest settings, and tells which version that is. */
    async applyNow(tenant: Tenant, brandId: string): Promise<number> {
      const { organisationId } = brandOf(brands, tenant, brandId);
      const { version } = await newest(brandId);
      await tellApply({ commandId: newId(), brandId, version, organisationId, at: now() });
      observe('applied');
      return version;
    },
  };
}

/** The brand, when it is the caller's. Another's is as unknown as one that there is not. */
export function brandOf(brands: Brands, tenant: Tenant, brandId: string): BrandView {
  const brand = brands.find(brandId);
  if (brand && (tenant === undefined || brand.organisationId === tenant)) return brand;
  throw new Failure('not-found', 'routing.brand-not-found', `there is no brand ${brandId}; take its id from account`);
}

/** A chat that goes to a department nobody has would wait for ever. */
export function unknownDepartments(
  brands: Brands,
  organisationId: string,
  rules: readonly WrittenRule[],
  field: string,
): readonly FieldViolation[] {
  return rules.flatMap(({ target: { departmentId } }, index) =>
    departmentId === '' || brands.hasDepartment(organisationId, departmentId)
      ? []
      : [
          {
            field: `${field}[${index}].target.department_id`,
            description: `must be a department of the organisation, and ${departmentId} is none; create it or choose another`,
          },
        ],
  );
}

const unset = (brandId: string): SettingsVersion => ({
  brandId,
  version: 0,
  settings: defaultSettings,
  changedAt: new Date(0),
  changedBy: '',
});
