import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type PayerDirectory } from '../../use-cases/payers.js';

const PAYERS = 'payers';
const BRANDS = 'brand_wallets';
const PAGE = 500;

interface PayerFields {
  readonly _id: string;
  readonly organisation: string;
  readonly wallet: string;
  readonly hasCredit: boolean;
  readonly waba: string;
  readonly portfolio: string;
}

/** The indexes of the queries below. */
export const payerDirectoryIndexes: readonly IndexSpec[] = [
  { collection: PAYERS, key: { wallet: 1, hasCredit: 1 } },
  { collection: PAYERS, key: { organisation: 1 } },
  { collection: PAYERS, key: { waba: 1 } },
];

const MAJORITY = { w: 'majority', journal: true, wtimeoutMS: 10_000 } as const;

/** Which numbers there are, from the aggregates' own collection; and the wallets of brands. */
export function createPayerDirectory(connection: Connection): PayerDirectory & {
  readonly all: () => AsyncGenerator<string>;
} {
  const payers = connection.collection<PayerFields>(PAYERS);
  const brands = connection.collection<{ _id: string; wallet: string }>(BRANDS);
  const ids = (filter: Parameters<typeof payers.find>[0], limit = 0): Promise<string[]> =>
    translated(async () => {
      const found = payers.find(filter, { projection: { _id: 1 }, sort: { _id: 1 }, limit, readConcern: 'majority' });
      return (await found.toArray()).map(({ _id }) => _id);
    });
  const brandId = (organisation: string, brand: string): string => `${organisation}/${brand}`;

  return {
    ofWallet: (wallet, hasCredit) => ids({ wallet, hasCredit: !hasCredit }),
    ofOrganisation: (organisation) => ids({ organisation }),
    brandWallet: (organisation, brand) =>
      translated(async () => {
        const found = await brands.findOne({ _id: brandId(organisation, brand) }, { readConcern: 'majority' });
        return found?.wallet ?? '';
      }),
    portfolioOf: (waba) =>
      translated(async () => {
        const found = await payers.findOne({ waba }, { projection: { portfolio: 1 }, readConcern: 'majority' });
        return found && (found.portfolio || waba);
      }).then((portfolio) => portfolio ?? ''),
    putBrandWallet: (organisation, brand, wallet) =>
      translated(async () => {
        const filter = { _id: brandId(organisation, brand) };
        await brands.updateOne(filter, { $set: { wallet } }, { upsert: true, writeConcern: MAJORITY });
      }),
    async *all() {
      for (let after = ''; ;) {
        const page = await ids({ _id: { $gt: after } }, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1) ?? '';
      }
    },
  };
}
