import { translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type CustomerToSend, type Preferences } from '../../use-cases/preference-ports.js';
import { type CustomerView } from '../../domain/gate.js';
import { holds, keysOf, type LastWord, marketingKeysOf, type PortfolioOf } from '../../domain/preferences.js';

interface PreferenceDocument extends LastWord {
  /** `number:subject` of blocks, `portfolio:subject` of marketing. */
  _id: string;
}

const PREFERENCES = 'preferences';

/** What was said last of each phone, user id and customer. Kept for ever: a stop holds until it is taken back. */
export function createPreferences(connection: Connection, now: () => Date, portfolioOf: PortfolioOf): Preferences {
  const collection: mongo.Collection<PreferenceDocument> = connection.collection<PreferenceDocument>(PREFERENCES);

  async function read(customers: readonly CustomerToSend[]): Promise<readonly CustomerView[]> {
    const ids = customers.map(({ number, customer, recipient }) => ({
      customer: keysOf(number, { kind: 'block', customer }, portfolioOf),
      aliases: marketingKeysOf(number, recipient, portfolioOf),
    }));
    const asked = [...new Set(ids.flatMap(({ customer, aliases }) => [...customer, ...aliases]))];
    const found = asked.length > 0 ? await collection.find({ _id: { $in: asked } }).toArray() : [];
    const byId = new Map(found.map((document) => [document._id, document]));
    const isNo = (of: readonly string[]): boolean =>
      holds(
        of.flatMap((id) => byId.get(id) ?? []),
        now(),
      );
    return ids.map(({ customer, aliases }) => ({ isBlocked: isNo(customer), hasStoppedMarketing: isNo(aliases) }));
  }

  let open: { readonly asked: CustomerToSend[]; readonly found: Promise<readonly CustomerView[]> } | undefined;

  return {
    note: (news) =>
      translated(async () => {
        const operations = news.flatMap(({ number, at, until, ...of }) =>
          keysOf(number, of, portfolioOf).map((_id) => {
            const said = { _id, no: of.no, at, ...(until && { until }) };
            const isNewer = { $gte: [at, { $ifNull: ['$at', new Date(0)] }] };
            return {
              updateOne: {
                filter: { _id },
                update: [{ $replaceWith: { $cond: [isNewer, { $literal: said }, '$$ROOT'] } }],
                upsert: true,
              },
            };
          }),
        );
        if (operations.length > 0) await collection.bulkWrite(operations, { ordered: true });
      }),
    async of(customers) {
      // Messages that are dispatched together are asked about together: one question for all of them.
      const batch = (open ??= gather());
      const from = batch.asked.push(...customers) - customers.length;
      return (await batch.found).slice(from, from + customers.length);
    },
  };

  function gather() {
    const asked: CustomerToSend[] = [];
    const found = Promise.resolve().then(() => {
      open = undefined;
      return translated(() => read(asked));
    });
    return { asked, found };
  }
}
