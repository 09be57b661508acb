import type { BrandState } from '@switchboard/contracts/account/v1/events';
import type { Brands } from '../../use-cases/settings/ports.js';

/** The view of `account.brands`, which is in memory whole. */
export function createBrands(table: {
  readonly get: (brandId: string) => BrandState | undefined;
  readonly values: () => Iterable<BrandState>;
}): Brands {
  return {
    find(brandId) {
      const state = table.get(brandId);
      return state && { organisationId: state.organisationId };
    },
    hasDepartment(organisationId, departmentId) {
      for (const brand of table.values()) {
        if (brand.organisationId !== organisationId) continue;
        if (brand.departments.some((department) => department.departmentId === departmentId)) return true;
      }
      return false;
    },
    ofDepartments(organisationId, departmentIds) {
      const found: string[] = [];
      for (const brand of table.values()) {
        if (brand.organisationId !== organisationId) continue;
        if (brand.departments.some((each) => departmentIds.includes(each.departmentId))) found.push(brand.brandId);
      }
      return found;
    },
  };
}
