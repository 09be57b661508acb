import { isDuplicate, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { AttachedBot } from '../../domain/bots/attached-bot.js';
import type { BotStore } from '../../use-cases/bots/ports.js';

type BotDocument = Omit<AttachedBot, 'number' | 'version'> & { _id: string; v: number };

export function createBotStore(connection: Connection): BotStore {
  const collection = connection.collection<BotDocument>('bots');
  return {
    find: (numbers) =>
      translated(async () => {
        if (numbers.length === 0) return [];
        const found = await collection.find({ _id: { $in: [...numbers] } }, { readConcern: 'majority' }).toArray();
        return found.map(({ _id, v, ...bot }) => ({ ...bot, number: _id, version: v }));
      }),
    save: ({ number, version, ...bot }) =>
      translated(async () => {
        try {
          const filter = { _id: number, v: version - 1 };
          await collection.updateOne(filter, { $set: { ...bot, v: version } }, { upsert: true });
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
  };
}
