import { type IndexSpec, isDuplicate, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Purchase, type Purchases } from '../../use-cases/ports.js';

const PURCHASES = 'purchases';

type PurchaseDocument = Omit<Purchase, 'id' | 'paidAt'> & { _id: string; paidAt: Date | null };

/** The index of the list. */
export const purchasesIndexes: readonly IndexSpec[] = [
  { collection: PURCHASES, key: { wallet: 1, createdAt: -1, _id: -1 } },
];

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const READ = { readConcern: 'majority', useBigInt64: true, maxTimeMS: 10_000 } as const;

/** Purchases and grants; what they added to a wallet is in its entries. */
export function createPurchases(connection: Connection): Purchases {
  const purchases = connection.collection<PurchaseDocument>(PURCHASES);
  const find = async (_id: string): Promise<Purchase | undefined> => {
    const found = await purchases.findOne({ _id }, READ);
    return found ? fromDocument(found) : undefined;
  };
  return {
    find: (id) => translated(() => find(id)),
    insertOnce: (purchase) =>
      translated(async () => {
        try {
          const { id, paidAt, ...rest } = purchase;
          await purchases.insertOne({ _id: id, paidAt: paidAt ?? null, ...rest }, MAJORITY);
          return purchase;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          const found = await find(purchase.id);
          if (!found) throw error;
          return found;
        }
      }),
    list: (wallet, after, limit) =>
      translated(async () => {
        const last = after === '' ? undefined : await find(after);
        const behind = last && {
          $or: [{ createdAt: { $lt: last.createdAt } }, { createdAt: last.createdAt, _id: { $lt: last.id } }],
        };
        const sort = { wallet: 1, createdAt: -1, _id: -1 } as const;
        return (await purchases.find({ wallet, ...behind }, { ...READ, sort, limit }).toArray()).map(fromDocument);
      }),
    paid: (id, at) =>
      translated(async () => {
        await purchases.updateOne({ _id: id, state: 'open' }, { $set: { state: 'paid', paidAt: at } }, MAJORITY);
        return find(id);
      }),
  };
}

const fromDocument = ({ _id, paidAt, ...rest }: PurchaseDocument): Purchase => ({
  ...rest,
  id: _id,
  paidAt: paidAt ?? undefined,
});
