import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { ChatCounts, ChatTimes } from '../../use-cases/settings/ports.js';
import { CHAT_ROWS } from './chat-rows.js';

/** Neither field ever changes, so it costs one write per chat and none per message. */
const opened = { organisationId: 1, brandId: 1, openedAt: 1 } as const;

export const chatTimesIndexes: readonly IndexSpec[] = [{ collection: CHAT_ROWS, key: opened }];

/** Longer than that nobody waits for an estimate. */
const LONGEST_MS = 15_000;

const none: ChatCounts = {
  chats: 0,
  wouldBeMissed: 0,
  wouldCloseMissed: 0,
  wouldCloseCustomerOwes: 0,
  wouldCloseOperatorOwes: 0,
};

export function createChatTimes(connection: Connection): ChatTimes {
  const collection = connection.collection(CHAT_ROWS);
  // A row without the field never waited that way: nothing is not a number, and below all of them.
  const lasted = (field: string, ms: number | null) =>
    ms === null ? { $sum: 0 } : { $sum: { $cond: [{ $gte: [`$${field}`, ms] }, 1, 0] } };

  return {
    count: ({ organisationId, brandId, since, times }) =>
      translated(async () => {
        const [counts] = await collection
          .aggregate<ChatCounts>(
            [
              { $match: { organisationId, brandId, openedAt: { $gte: since } } },
              {
                $group: {
                  _id: null,
                  chats: { $sum: 1 },
                  wouldBeMissed: lasted('longestWaitMs', times.waitingMs),
                  wouldCloseMissed: lasted('missedForMs', times.missedCloseMs),
                  wouldCloseCustomerOwes: lasted('longestIdleCustomerMs', times.idleCustomerOwesMs),
                  wouldCloseOperatorOwes: lasted('longestIdleOperatorMs', times.idleOperatorOwesMs),
                },
              },
              { $project: { _id: 0 } },
            ],
            { hint: opened, maxTimeMS: LONGEST_MS },
          )
          .toArray();
        return counts ?? none;
      }),
  };
}
