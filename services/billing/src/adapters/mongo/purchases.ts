import { type IndexSpec, isDuplicate, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Purchase } from '../../domain/payments/purchase.js';
import { type Purchases } from '../../use-cases/payments/ports.js';

const PURCHASES = 'purchases';

type PurchaseDocument = Omit<Purchase, 'id'> & { _id: string; revision: number };

/** The indexes of the list and of the count. */
export const purchasesIndexes: readonly IndexSpec[] = [
  { collection: PURCHASES, key: { wallet: 1, createdAt: -1, _id: -1 } },
];

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const READ = { readConcern: 'majority', useBigInt64: true, maxTimeMS: 10_000 } as const;

/** Purchases and grants; what they added to a wallet is in its entries. */
export function createPurchases(connection: Connection): Purchases {
  const purchases = connection.collection<PurchaseDocument>(PURCHASES);
  const read = (_id: string) => purchases.findOne({ _id }, READ);
  const find = async (id: string): Promise<Purchase | undefined> => {
    const found = await read(id);
    return found ? fromDocument(found) : undefined;
  };
  return {
    find: (id) => translated(() => find(id)),
    insertOnce: (purchase) =>
      translated(async () => {
        try {
          await purchases.insertOne(toDocument(purchase, 1), MAJORITY);
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
    update: (id, change) =>
      translated(async () => {
        for (;;) {
          const found = await read(id);
          if (!found) return undefined;
          const before = fromDocument(found);
          const after = change(before);
          if (after === before) return before;
          const { revision } = found;
          const { _id, ...document } = toDocument(after, revision + 1);
          const { matchedCount } = await purchases.replaceOne({ _id, revision }, document, MAJORITY);
          if (matchedCount === 1) return after;
        }
      }),
    countSince: (wallet, createdBy, since) =>
      translated(() =>
        purchases.countDocuments(
          { wallet, createdAt: { $gte: since }, createdBy, failure: null },
          { readConcern: 'majority', maxTimeMS: 10_000 },
        ),
      ),
  };
}

const toDocument = ({ id, ...rest }: Purchase, revision: number): PurchaseDocument => ({ _id: id, revision, ...rest });

function fromDocument(document: PurchaseDocument): Purchase {
  const { _id, wallet, organisation, credits, amount, fee, provider, reference, checkoutUrl } = document;
  const { createdAt, reason, createdBy, paidAt, failure, reversals } = document;
  return {
    ...{ id: _id, wallet, organisation, credits, amount, fee, provider, reference, checkoutUrl },
    ...{ createdAt, reason, createdBy, paidAt, failure, reversals },
  };
}
