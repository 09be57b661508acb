import { type IndexSpec, isDuplicate, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { NumberSpans, Span } from '../../domain/spans.js';
import type { NumberStore } from '../../use-cases/ports.js';

interface NumberDocument {
  _id: string;
  v: number;
  spans: Span[];
}

const NUMBERS = 'numbers';

export const numbersIndexes: readonly IndexSpec[] = [{ collection: NUMBERS, key: { 'spans.owner.brandId': 1 } }];

export function createNumberStore(connection: Connection): NumberStore {
  const collection = connection.collection<NumberDocument>(NUMBERS);
  return {
    find: (numbers) =>
      translated(async () => {
        const found = await collection.find({ _id: { $in: [...numbers] } }, { readConcern: 'majority' }).toArray();
        return new Map(found.map(({ _id, v, spans }): [string, NumberSpans] => [_id, { version: v, spans }]));
      }),
    save: (number, known, next) =>
      translated(async () => {
        try {
          const filter = { _id: number, v: known?.version ?? -1 };
          await collection.updateOne(filter, { $set: { v: next.version, spans: [...next.spans] } }, { upsert: true });
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
    ofBrand: (brandId) =>
      translated(async () => {
        const options = { projection: { _id: 1 }, readConcern: 'majority' as const };
        const found = await collection.find({ 'spans.owner.brandId': brandId }, options).toArray();
        return found.map(({ _id }) => _id);
      }),
  };
}
