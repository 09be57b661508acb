import { decideBrand, decideOrganisation, noBrand, noOrganisation } from './organisation.js';

const at = new Date('2026-11-01T00:00:00Z');
const createBrand = { kind: 'create-brand', at, organisationId: 'acme', name: 'Acme' } as const;
const createSales = {
  kind: 'create-department',
  at,
  organisationId: 'acme',
  departmentId: 'sales',
  name: 'Sales',
} as const;

describe('an organisation', () => {
  it('is created once, however often it is asked with the same content', () => {
    const created = decideOrganisation(noOrganisation(), { kind: 'create-organisation', at, name: 'Acme' });

    expect(decideOrganisation(created, { kind: 'create-organisation', at, name: 'Acme' })).toBe(created);
  });

  it('refuses other content under a taken id', () => {
    const created = decideOrganisation(noOrganisation(), { kind: 'create-organisation', at, name: 'Acme' });

    expect(() => decideOrganisation(created, { kind: 'create-organisation', at, name: 'Globex' })).toThrow(
      expect.objectContaining({ code: 'account.organisation-exists' }),
    );
  });
});

describe('a brand', () => {
  it('gets departments', () => {
    const brand = decideBrand(decideBrand(noBrand(), createBrand), createSales);

    expect(brand.departments).toEqual([{ departmentId: 'sales', name: 'Sales' }]);
    expect(decideBrand(brand, createSales)).toBe(brand);
  });

  it('refuses a second department under the same id', () => {
    const brand = decideBrand(decideBrand(noBrand(), createBrand), createSales);

    expect(() => decideBrand(brand, { ...createSales, name: 'Support' })).toThrow(
      expect.objectContaining({ code: 'account.department-exists' }),
    );
  });

  it('SE-1 is not found by another organisation', () => {
    const brand = decideBrand(noBrand(), createBrand);

    expect(() => decideBrand(brand, { ...createSales, organisationId: 'globex' })).toThrow(
      expect.objectContaining({ kind: 'not-found', code: 'account.brand-not-found' }),
    );
  });
});
