import { type Project, type Written } from '@switchboard/aggregates';
import { type IndexSpec, isDuplicate, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Account, type Balance } from '../../domain/wallet/accounts.js';
import { type Entry, type EntryKind, type Flag, type MessageCost } from '../../domain/wallet/entry.js';
import { apply, type Held } from '../../domain/wallet/known.js';
import { type Counted } from '../../domain/reconciliation/sides.js';
import { type Wallet } from '../../domain/wallet/wallet.js';
import { type Progress } from '../../use-cases/looked-up.js';
import { type Entries, type EntryFilter, type SpendGroup } from '../../use-cases/ports.js';

const ENTRIES = 'entries';

interface EntryDocument {
  /** `<wallet>/<entry>`. */
  _id: string;
  wallet: string;
  seq: number;
  at: Date;
  kind: EntryKind;
  from: Account;
  to: Account;
  amount: bigint;
  ref: string;
  message: MessageCost | null;
  flags: readonly Flag[];
  memo: string;
  by: string;
}

/** The indexes of the queries below. */
export const entriesIndexes: readonly IndexSpec[] = [
  // Unique, so that no two entries can ever have one place.
  { collection: ENTRIES, key: { wallet: 1, seq: 1 }, options: { unique: true } },
  { collection: ENTRIES, key: { wallet: 1, ref: 1, seq: 1 } },
  { collection: ENTRIES, key: { wallet: 1, kind: 1, at: 1, seq: 1 } },
  {
    collection: ENTRIES,
    key: { 'message.number': 1, 'message.deliveredAt': 1 },
    options: { partialFilterExpression: { 'message.deliveredAt': { $type: 'date' } } },
  },
];

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const READ = { readConcern: 'majority', useBigInt64: true, maxTimeMS: 30_000 } as const;
/** What is charged: part of a message's price may be captured beside its settlement, under the same reference. */
const CHARGES: EntryKind[] = ['settle', 'capture'];

/** Entries of wallets: inserted beside the publication, by wallet and sequence, once. */
export function createEntries(connection: Connection): Entries & Progress & { readonly project: Project<Wallet> } {
  const entries = connection.collection<EntryDocument>(ENTRIES);
  /** What this process knows to be in the ledger. */
  const projectedUpTo = new Map<string, number>();

  async function insert(documents: readonly EntryDocument[]): Promise<void> {
    try {
      await entries.insertMany(documents, { ordered: false, ...MAJORITY });
    } catch (error) {
      // Another process, or this one before, has written some of them: entries never change.
      if (!isDuplicate(error)) throw error;
    }
  }

  return {
    projected: (walletId) => projectedUpTo.get(walletId) ?? 0,

    project: (written) =>
      translated(async () => {
        const documents = written.flatMap((each) => documentsOf(each, projectedUpTo.get(each.aggregateId) ?? 0));
        if (documents.length > 0) await insert(documents);
        for (const { aggregateId, state } of written) {
          projectedUpTo.set(aggregateId, Math.max(state.entries, projectedUpTo.get(aggregateId) ?? 0));
        }
      }),

    lookup: (wallet, references) =>
      translated(async () => {
        const filter = { wallet, ref: { $in: [...references] } };
        const found = await entries.find(filter, { ...READ, sort: { wallet: 1, ref: 1, seq: 1 } }).toArray();
        const holds = new Map<string, Held>();
        for (const entry of found.map(fromDocument)) {
          const held = apply(holds.get(entry.reference), entry);
          if (held) holds.set(entry.reference, held);
        }
        return { holds, entries: new Set(found.map(({ _id }) => _id.slice(wallet.length + 1))) };
      }),

    list: (wallet, wanted, after, limit) =>
      translated(async () => {
        const filter = { wallet, seq: { $gt: after }, ...wantedFilter(wanted) };
        return (await entries.find(filter, { ...READ, sort: { wallet: 1, seq: 1 }, limit }).toArray()).map(
          fromDocument,
        );
      }),

    sums: (wallet, upTo) =>
      translated(async () => {
        const match = { $match: { wallet, seq: { $lte: upTo } } };
        const sumBy = (side: 'from' | 'to') => ({ $group: { _id: `$${side}`, sum: { $sum: '$amount' } } });
        const [sums] = await entries
          .aggregate<{
            gave: { _id: Account; sum: bigint }[];
            got: { _id: Account; sum: bigint }[];
            count: { n: number | bigint }[];
          }>([match, { $facet: { gave: [sumBy('from')], got: [sumBy('to')], count: [{ $count: 'n' }] } }], {
            ...READ,
            maxTimeMS: 300_000,
          })
          .toArray();
        const balances: Partial<Record<Account, Balance>> = {};
        for (const { _id, sum } of sums?.gave ?? []) balances[_id] = { gave: BigInt(sum), got: 0n };
        for (const { _id, sum } of sums?.got ?? []) {
          balances[_id] = { gave: balances[_id]?.gave ?? 0n, got: BigInt(sum) };
        }
        return { count: Number(sums?.count[0]?.n ?? 0), balances };
      }),

    openHolds: (wallet, day, after, limit) =>
      translated(async () => {
        const from = new Date(day);
        const until = new Date(from.getTime() + 24 * 3_600_000);
        const found = await entries
          .aggregate<{ seq: number | bigint; ref: string }>(
            [
              { $match: { wallet, kind: 'hold', at: { $gte: from, $lt: until }, seq: { $gt: after } } },
              { $sort: { wallet: 1, kind: 1, at: 1, seq: 1 } },
              {
                $lookup: {
                  from: ENTRIES,
                  let: { ref: '$ref' },
                  pipeline: [
                    { $match: { wallet, $expr: { $eq: ['$ref', '$$ref'] }, kind: { $ne: 'hold' } } },
                    { $limit: 1 },
                  ],
                  as: 'ends',
                },
              },
              { $match: { ends: [] } },
              { $limit: limit },
              { $project: { seq: 1, ref: 1 } },
            ],
            { ...READ, maxTimeMS: 300_000 },
          )
          .toArray();
        return found.map(({ seq, ref }) => ({ sequence: Number(seq), id: ref }));
      }),

    charged: (numbers, from, until) =>
      translated(async () => {
        const delivered = { 'message.deliveredAt': { $gte: from, $lt: until, $type: 'date' as const } };
        const found = await entries
          .aggregate<{ _id: ChargedKey; messages: number | bigint; cost: bigint }>(
            [
              { $match: { 'message.number': { $in: [...numbers] }, ...delivered, kind: { $in: CHARGES } } },
              { $group: { _id: chargedKey, messages: { $sum: isMessage }, cost: { $sum: '$amount' } } },
              { $sort: { _id: 1 } },
            ],
            { ...READ, maxTimeMS: 300_000 },
          )
          .toArray();
        return found.map(({ _id, messages, cost }) => ({
          ..._id,
          type: 'regular',
          messages: Number(messages),
          cost: BigInt(cost),
        }));
      }),

    spend: (wallets, { from, until, groups, limit }) =>
      translated(async () => {
        const key = Object.fromEntries(groups.map((group) => [group, spendKeys[group]]));
        const found = await entries
          .aggregate<{ _id: Record<string, string | null>; messages: number | bigint; amount: bigint }>(
            [
              { $match: { wallet: { $in: [...wallets] }, kind: { $in: CHARGES }, at: { $gte: from, $lt: until } } },
              { $group: { _id: key, messages: { $sum: isMessage }, amount: { $sum: '$amount' } } },
              { $sort: { _id: 1 } },
              { $limit: limit },
            ],
            { ...READ, maxTimeMS: 300_000 },
          )
          .toArray();
        return found.map(({ _id, messages, amount }) => ({
          keys: groups.map((group) => _id[group] ?? ''),
          messages: Number(messages),
          amount: BigInt(amount),
        }));
      }),
  };
}

/** More than was held is charged beside the settlement of the same message. */
const isMessage = { $cond: [{ $regexMatch: { input: '$_id', regex: ':more$' } }, 0, 1] };

type ChargedKey = Pick<Counted, 'number' | 'country' | 'category' | 'day'>;
const chargedKey: Record<keyof ChargedKey, unknown> = {
  number: '$message.number',
  country: '$message.country',
  category: '$message.category',
  day: { $dateToString: { date: '$message.deliveredAt', format: '%Y-%m-%d' } },
};

const spendKeys: Record<SpendGroup, unknown> = {
  brand: '$message.brand',
  number: '$message.number',
  country: '$message.country',
  category: '$message.category',
  initiator: {
    $switch: {
      branches: [
        { case: { $eq: ['$message.userInitiated', true] }, then: 'user' },
        { case: { $eq: ['$message.userInitiated', false] }, then: 'business' },
      ],
      default: '',
    },
  },
  day: { $dateToString: { date: '$at', format: '%Y-%m-%d' } },
};

function wantedFilter({
  from,
  until,
  kinds,
  reference,
  number,
  country,
  category,
}: EntryFilter): Record<string, unknown> {
  const at = { ...(from && { $gte: from }), ...(until && { $lt: until }) };
  return {
    ...((from ?? until) && { at }),
    ...(kinds.length > 0 && { kind: { $in: [...kinds] } }),
    ...(reference !== '' && { ref: reference }),
    ...(number !== '' && { 'message.number': number }),
    ...(country !== '' && { 'message.country': country }),
    ...(category !== '' && { 'message.category': category }),
  };
}

const documentsOf = ({ aggregateId: wallet, state }: Written<Wallet>, projected: number): EntryDocument[] =>
  state.tail
    .filter(({ sequence }) => sequence > projected)
    .map(({ sequence, id, at, kind, from, to, amount, reference, message, flags, memo, by }) => ({
      _id: `${wallet}/${id}`,
      wallet,
      seq: sequence,
      at,
      kind,
      from,
      to,
      amount,
      ref: reference,
      message,
      flags,
      memo,
      by,
    }));

const fromDocument = ({ _id, wallet, seq, ref, ...rest }: EntryDocument): Entry => ({
  ...rest,
  sequence: Number(seq),
  id: _id.slice(wallet.length + 1),
  amount: BigInt(rest.amount),
  reference: ref,
});
