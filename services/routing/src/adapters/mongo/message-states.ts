import { translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { MessageStates } from '../../use-cases/ports.js';

interface MessageStateDocument {
  _id: string;
  t: string;
  seq: number;
  st: number;
  w: string;
  code: string;
  reason: string;
  times: Record<string, Date>;
}

export function createMessageStates(connection: Connection): MessageStates {
  const collection = connection.collection<MessageStateDocument>('message_states');
  return {
    note: (rows) =>
      translated(async () => {
        if (rows.length === 0) return;
        const operations = rows.flatMap(
          ({ messageId, threadId, sequence, state, reached, wamid, at, code, reason }) => [
            // Times are the earliest of each state, in whatever order they are told.
            {
              updateOne: {
                filter: { _id: messageId },
                update: {
                  $min: { [`times.${reached}`]: at },
                  $setOnInsert: { t: threadId, seq: 0, st: 0, w: '', code: '', reason: '' },
                },
                upsert: true,
              },
            },
            {
              updateOne: {
                filter: { _id: messageId, seq: { $lt: sequence } },
                update: { $set: { seq: sequence, st: state, code, reason, ...(wamid !== '' && { w: wamid }) } },
              },
            },
          ],
        );
        await collection.bulkWrite(operations, { ordered: true });
      }),
    of: (messageIds) =>
      translated(async () => {
        if (messageIds.length === 0) return [];
        const found = await collection.find({ _id: { $in: [...messageIds] } }).toArray();
        return found.map(({ _id, t, seq, st, w, code, reason, times }) => ({
          messageId: _id,
          threadId: t,
          sequence: seq,
          state: st,
          wamid: w,
          code,
          reason,
          times: Object.entries(times).map(([state, at]) => ({ state: Number(state), at })),
        }));
      }),
  };
}
