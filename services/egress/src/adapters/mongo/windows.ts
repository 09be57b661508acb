import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type CustomerOfNumber, type Windows } from '../../use-cases/ports.js';

interface WindowDocument {
  /** `number:customer` */
  _id: string;
  lastInboundAt: Date;
}

const WINDOWS = 'windows';
/** A window lasts 24 h and a free entry 72; after a week the document says nothing. */
const KEPT_SECONDS = 7 * 86_400;

export const windowsIndexes: readonly IndexSpec[] = [
  { collection: WINDOWS, key: { lastInboundAt: 1 }, options: { expireAfterSeconds: KEPT_SECONDS } },
];

/** A projection of `routing.threads`: may be written twice, late, and by anybody. */
export function createWindows(connection: Connection): Windows {
  const collection: mongo.Collection<WindowDocument> = connection.collection<WindowDocument>(WINDOWS);

  return {
    note: (seen) =>
      translated(async () => {
        const latest = new Map<string, Date>();
        for (const { lastInboundAt, ...of } of seen) {
          const known = latest.get(idOf(of));
          if (!known || lastInboundAt > known) latest.set(idOf(of), lastInboundAt);
        }
        if (latest.size === 0) return;
        const operations = [...latest].map(([_id, lastInboundAt]) => ({
          updateOne: { filter: { _id }, update: { $max: { lastInboundAt } }, upsert: true },
        }));
        await collection.bulkWrite(operations, { ordered: false });
      }),
    lastInbound: (of) =>
      translated(async () => {
        const ids = of.map(idOf);
        const found = await collection.find({ _id: { $in: [...new Set(ids)] } }).toArray();
        const times = new Map(found.map(({ _id, lastInboundAt }) => [_id, lastInboundAt]));
        return ids.map((id) => times.get(id));
      }),
  };
}

const idOf = ({ number, customer }: CustomerOfNumber): string => `${number}:${customer}`;
