import { aMetaId, aName, anId, aPageSize, aPageToken, aToken, demand } from '../domain/names.js';
import { numberNotFound, sendingOf, type NumberState } from '../domain/number.js';
import { notFound } from '../domain/organisation.js';
import { Failure } from '@switchboard/errors';
import type { Tenant } from './organisations.js';
import type { Brands, Clock, Directory, Numbers, Vault, VersionedNumber } from './ports.js';

export interface NumberView extends VersionedNumber {
  readonly phoneNumberId: string;
}

export interface RegisterNumberRequest {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly portfolioId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
  readonly metaToken: string;
}

export type NumberUseCases = ReturnType<typeof createNumberUseCases>;

export function createNumberUseCases(deps: {
  numbers: Numbers;
  brands: Brands;
  directory: Directory;
  vault: Vault;
  now: Clock;
}) {
  async function mustExist(tenant: Tenant, phoneNumberId: string): Promise<VersionedNumber> {
    demand(aMetaId('phone_number_id', phoneNumberId));
    const found = await deps.numbers.read(phoneNumberId);
    if (!found || !mayTouch(tenant, found.state)) throw numberNotFound();
    return { version: found.sequence, number: found.state };
  }

  return {
    async registerNumber(tenant: Tenant, request: RegisterNumberRequest): Promise<NumberView> {
      demand(
        aMetaId('phone_number_id', request.phoneNumberId),
        aMetaId('waba_id', request.wabaId),
        aMetaId('portfolio_id', request.portfolioId),
        aName('display_phone_number', request.displayPhoneNumber),
        aName('verified_name', request.verifiedName),
        aToken('meta_token', request.metaToken),
      );
      const { phoneNumberId, metaToken, ...about } = request;
      const known = await deps.numbers.read(phoneNumberId);
      if (known && !mayTouch(tenant, known.state)) throw numberNotFound();
      const token = deps.vault.seal(metaToken);
      const command = { kind: 'register', at: deps.now(), ...about, token, organisationId: tenant } as const;
      const result = await deps.numbers.command(phoneNumberId, command);
      return { phoneNumberId, ...result };
    },

    async connectNumber(
      tenant: Tenant,
      request: { phoneNumberId: string; brandId: string; departmentId: string },
    ): Promise<NumberView> {
      const { phoneNumberId, brandId, departmentId } = request;
      demand(aMetaId('phone_number_id', phoneNumberId), anId('brand_id', brandId), anId('department_id', departmentId));
      const brand = await deps.brands.read(brandId);
      if (!brand || (tenant !== null && tenant !== brand.state.organisationId)) throw notFound('brand');
      if (!brand.state.departments.some((department) => department.departmentId === departmentId)) {
        throw notFound('department');
      }
      const { organisationId } = brand.state;
      const at = deps.now();
      const result = await deps.numbers.command(phoneNumberId, {
        kind: 'connect',
        at,
        organisationId,
        brandId,
        departmentId,
      });
      return { phoneNumberId, ...result };
    },

    async disconnectNumber(tenant: Tenant, phoneNumberId: string): Promise<NumberView> {
      demand(aMetaId('phone_number_id', phoneNumberId));
      const at = deps.now();
      const result = await deps.numbers.command(phoneNumberId, { kind: 'disconnect', at, organisationId: tenant });
      return { phoneNumberId, ...result };
    },

    async getNumber(tenant: Tenant, phoneNumberId: string): Promise<NumberView> {
      return { phoneNumberId, ...(await mustExist(tenant, phoneNumberId)) };
    },

    async listNumbers(
      tenant: Tenant,
      request: { organisationId: string; pageSize: number; pageToken: string },
    ): Promise<{ numbers: NumberView[]; nextPageToken: string }> {
      const organisationId = request.organisationId || (tenant ?? '');
      demand(
        anId('organisation_id', organisationId),
        aPageSize('page_size', request.pageSize),
        aPageToken('page_token', request.pageToken),
      );
      if (tenant !== null && tenant !== organisationId) throw notFound('organisation');
      const size = request.pageSize || 50;
      const ids = await deps.directory.numbersOf(organisationId, request.pageToken, size + 1);
      const page = ids.slice(0, size);
      const read = await Promise.all(page.map((id) => deps.numbers.read(id)));
      // Those that have left the organisation since they were listed are not its any more.
      const numbers = read.flatMap((each) =>
        each?.state.organisationId === organisationId
          ? [{ phoneNumberId: each.aggregateId, version: each.sequence, number: each.state }]
          : [],
      );
      return { numbers, nextPageToken: ids.length > size ? (page.at(-1) ?? '') : '' };
    },

    async getMetaToken(tenant: Tenant, phoneNumberId: string): Promise<{ metaToken: string; version: number }> {
      const { number, version } = await mustExist(tenant, phoneNumberId);
      if (!number.token) {
        throw new Failure(
          'not-found',
          'account.token-missing',
          `the number may not send (${sendingOf(number)}): register it again with a token`,
        );
      }
      return { metaToken: deps.vault.open(number.token), version };
    },
  };
}

/** A number that is nobody's may be seen by everybody who may administrate numbers; a connected one only by its own. */
const mayTouch = (tenant: Tenant, number: NumberState): boolean =>
  tenant === null || number.organisationId === null || number.organisationId === tenant;
