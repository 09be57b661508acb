import { type Aggregates } from '@switchboard/aggregates';
import { Failure } from '@switchboard/errors';
import { type Candidate, choosePayer } from '../domain/payer/choose.js';
import { type DeliveredService, type Input, type Told } from '../domain/payer/fold.js';
import { type Payer } from '../domain/payer/payer.js';
import { availableOf } from '../domain/wallet/accounts.js';
import { type Clock, type Directory, type Wallets } from './ports.js';
import { createFindWallet, type Tenant } from './wallets.js';

export type Payers = Aggregates<Payer, Input, Payer>;

/** Which numbers there are, and what was chosen for brands. */
export interface PayerDirectory {
  /** Numbers of a wallet that are told otherwise of its credit. */
  readonly ofWallet: (walletId: string, hasCredit: boolean) => Promise<readonly string[]>;
  readonly ofOrganisation: (organisation: string) => Promise<readonly string[]>;
  /** The wallet chosen for a brand; empty = none. */
  readonly brandWallet: (organisation: string, brand: string) => Promise<string>;
  /** Within what the volume of an account counts: its portfolio, else itself; empty when no number of it is known. */
  readonly portfolioOf: (waba: string) => Promise<string>;
  readonly putBrandWallet: (organisation: string, brand: string, walletId: string) => Promise<void>;
}

export type PayerUseCases = ReturnType<typeof createPayerUseCases>;

/** Who pays for which number (BL-6, ON-7): chosen, or the organisation's only standalone wallet. */
export function createPayerUseCases(deps: {
  payers: Pick<Payers, 'read' | 'command'>;
  wallets: Pick<Wallets, 'read'>;
  directory: Pick<Directory, 'walletsOf'>;
  payerDirectory: PayerDirectory;
  now: Clock;
}) {
  const { payers, wallets, directory, payerDirectory, now } = deps;
  const findWallet = createFindWallet(wallets);

  async function candidatesOf(organisation: string, named: readonly string[]): Promise<Candidate[]> {
    const ids = new Set([...(await directory.walletsOf(organisation, '', MAX_WALLETS)), ...named.filter(Boolean)]);
    const found = await Promise.all([...ids].map((id) => wallets.read(id)));
    return found.flatMap((each) =>
      each
        ? [
            {
              walletId: each.aggregateId,
              organisation: each.state.organisation,
              kind: each.state.kind,
              hasCredit: availableOf(each.state.balances) > 0n,
            },
          ]
        : [],
    );
  }

  /** Looks at who pays, and again after it was written: whoever wrote an older answer since looks again as well. */
  async function settle(number: string): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = (await payers.read(number))?.state;
      if (!found || found.organisation === '') return;
      const { organisation, brand, assigned, wallet, hasCredit } = found;
      const ofBrand = await payerDirectory.brandWallet(organisation, brand);
      const chosen = choosePayer(
        { organisation, assigned, ofBrand },
        await candidatesOf(organisation, [assigned, ofBrand]),
      );
      if (tries > 0 && chosen.wallet === wallet && chosen.hasCredit === hasCredit) return;
      await payers.command(number, { kind: 'settle', ...chosen, at: now() });
    }
  }

  const settleAll = async (numbers: readonly string[]): Promise<void> => {
    for (const number of numbers) await settle(number);
  };

  async function mine(tenant: Tenant, number: string): Promise<Payer> {
    const found = (await payers.read(number))?.state;
    if (!found || found.organisation === '' || (tenant !== undefined && tenant !== found.organisation))
      throw numberNotFound();
    return found;
  }

  /** The wallet of that organisation, or none. */
  async function mustBeOf(organisation: string, walletId: string): Promise<void> {
    if (walletId !== '') await findWallet(organisation, walletId);
  }

  return {
    async tellNumber(number: string, told: Omit<Told, 'kind' | 'at'>): Promise<void> {
      await payers.command(number, { kind: 'told', ...told, at: now() });
      await settle(number);
    },

    /** A wallet has credit, or has none any more. */
    walletStands: async (walletId: string, hasCredit: boolean): Promise<void> =>
      settleAll(await payerDirectory.ofWallet(walletId, hasCredit)),

    /** Wallets of the organisation were made or changed. */
    walletsChanged: async (organisation: string): Promise<void> =>
      settleAll(await payerDirectory.ofOrganisation(organisation)),

    async delivered(number: string, messages: readonly DeliveredService[]): Promise<void> {
      await payers.command(number, { kind: 'delivered', messages, at: now() });
    },

    async putNumber(tenant: Tenant, number: string, wallet: string, timeZone: string): Promise<Payer> {
      const { organisation } = await mine(tenant, number);
      await mustBeOf(organisation, wallet);
      await payers.command(number, { kind: 'assign', wallet, timeZone, at: now() });
      await settle(number);
      return mine(tenant, number);
    },

    async putBrand(organisation: string, brand: string, wallet: string): Promise<void> {
      await mustBeOf(organisation, wallet);
      await payerDirectory.putBrandWallet(organisation, brand, wallet);
      await settleAll(await payerDirectory.ofOrganisation(organisation));
    },

    getNumber: mine,
  };
}

/** More wallets than this has no organisation of which one could be the only one. */
const MAX_WALLETS = 500;
const MAX_TRIES = 10;

const numberNotFound = (): Failure =>
  new Failure('not-found', 'billing.number-not-found', 'no such number here; connect it to a brand first');
