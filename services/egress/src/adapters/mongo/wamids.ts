import { duplicateIndexes, type IndexSpec, isDuplicate, translated, translateMongoError } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type AttemptId } from '../../domain/callback.js';
import { type StatusOfAttempt } from '../../domain/inputs.js';
import { type Report } from '../../domain/report.js';
import { type Claim, type Wamids } from '../../use-cases/ports.js';

interface WamidDocument {
  /** `number:wamid` */
  _id: string;
  /** When it was first heard of. */
  at: Date;
  claim?: AttemptId;
  parked?: Report[];
  /** Partition of a claim whose parked statuses are not known to be folded. */
  unsettled?: number;
}

const WAMIDS = 'wamids';
/** TX-3. Statuses of messages that are not ours stay here until then, and harm nobody. */
const KEPT_SECONDS = 30 * 86_400;

export const wamidsIndexes: readonly IndexSpec[] = [
  { collection: WAMIDS, key: { at: 1 }, options: { expireAfterSeconds: KEPT_SECONDS } },
  { collection: WAMIDS, key: { 'claim.messageId': 1 }, options: { sparse: true } },
  { collection: WAMIDS, key: { unsettled: 1 }, options: { sparse: true } },
];

/** One document per id of Meta. Claiming and parking are compare-and-sets on whether it has a claim. */
export function createWamids(connection: Connection, now: () => Date): Wamids {
  const collection: mongo.Collection<WamidDocument> = connection.collection<WamidDocument>(WAMIDS);

  async function park(statuses: readonly StatusOfAttempt[]): Promise<readonly number[]> {
    const operations = statuses.map(({ number, whatsappMessageId, report }) => ({
      updateOne: {
        filter: { _id: idOf(number, whatsappMessageId), claim: { $exists: false } },
        update: { $addToSet: { parked: report }, $setOnInsert: { at: now() } },
        upsert: true,
      },
    }));
    try {
      await collection.bulkWrite(operations, { ordered: false });
      return [];
    } catch (error) {
      const claimed = duplicateIndexes(error);
      if (claimed) return claimed;
      throw translateMongoError(error);
    }
  }

  return {
    claim: (number, whatsappMessageId, { messageId, attempt, partition }) =>
      translated(async () => {
        const _id = idOf(number, whatsappMessageId);
        const owner = { messageId, attempt };
        const claimed = [
          {
            $set: {
              claim: owner,
              at: { $ifNull: ['$at', now()] },
              unsettled: { $cond: [{ $gt: [{ $size: { $ifNull: ['$parked', []] } }, 0] }, partition, '$$REMOVE'] },
            },
          },
        ];
        for (;;) {
          try {
            const options = { upsert: true, returnDocument: 'after' } as const;
            const document = await collection.findOneAndUpdate({ _id, claim: { $exists: false } }, claimed, options);
            return claimOf(document, owner, number, whatsappMessageId);
          } catch (error) {
            if (!isDuplicate(error)) throw error;
          }
          const document = await collection.findOne({ _id });
          // A status was parked at the same instant: there is no claim yet.
          if (!document?.claim) continue;
          // Ours already, or somebody else's: what is parked there is ours only in the first case.
          const isOurs = document.claim.messageId === messageId && document.claim.attempt === attempt;
          return claimOf(isOurs ? document : null, owner, number, whatsappMessageId);
        }
      }),
    async meet(statuses) {
      const claims = new Map<StatusOfAttempt, Claim>();
      for (let open = statuses; open.length > 0;) {
        const claimed = (await park(open)).flatMap((index) => open[index] ?? []);
        if (claimed.length === 0) break;
        const ids = claimed.map(({ number, whatsappMessageId }) => idOf(number, whatsappMessageId));
        const found = await translated(() => collection.find({ _id: { $in: ids } }).toArray());
        const byId = new Map(found.map((document) => [document._id, document]));
        for (const status of claimed) {
          const { number, whatsappMessageId } = status;
          const document = byId.get(idOf(number, whatsappMessageId));
          if (document?.claim) claims.set(status, claimOf(document, document.claim, number, whatsappMessageId));
        }
        // Without a claim somebody else parked at the same instant: once more.
        open = claimed.filter((status) => !claims.has(status));
      }
      return statuses.map((status) => claims.get(status));
    },
    settle: ({ number, whatsappMessageId }) =>
      translated(async () => {
        const _id = idOf(number, whatsappMessageId);
        await collection.updateOne({ _id }, { $unset: { parked: true, unsettled: true } });
      }),
    ofMessages: (messageIds) =>
      translated(async () =>
        toClaims(await collection.find({ 'claim.messageId': { $in: [...messageIds] } }).toArray()),
      ),
    unsettled: (partition) =>
      translated(async () => toClaims(await collection.find({ unsettled: partition }).toArray())),
  };
}

const idOf = (number: string, whatsappMessageId: string): string => `${number}:${whatsappMessageId}`;

function toClaims(documents: readonly WamidDocument[]): Claim[] {
  return documents.flatMap((document) => {
    const colon = document._id.indexOf(':');
    const [number, whatsappMessageId] = [document._id.slice(0, colon), document._id.slice(colon + 1)];
    return document.claim ? [claimOf(document, document.claim, number, whatsappMessageId)] : [];
  });
}

const claimOf = (
  document: Pick<WamidDocument, 'parked'> | null,
  { messageId, attempt }: AttemptId,
  number: string,
  whatsappMessageId: string,
): Claim => ({
  number,
  whatsappMessageId,
  owner: { messageId, attempt },
  parked: (document?.parked ?? []).map((report) => ({ number, whatsappMessageId, attempt, report })),
});
