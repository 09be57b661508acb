import type { Connection } from 'mongoose';
import type { Directory } from '../../use-cases/ports.js';

/** Who belongs to whom, from the aggregates' own collections. */
export function createDirectory(connection: Connection): Directory {
  const idsIn = async (collection: string, filter: Record<string, unknown>, limit: number): Promise<string[]> => {
    const found = connection
      .collection<{ _id: string }>(collection)
      .find(filter, { projection: { _id: 1 }, sort: { _id: 1 }, limit, readConcern: 'majority' });
    return (await found.toArray()).map(({ _id }) => _id);
  };
  return {
    brandsOf: (organisationId) => idsIn('brands', { organisationId }, 10_000),
    numbersOf: (organisationId, after, limit) => idsIn('numbers', { organisationId, _id: { $gt: after } }, limit),
  };
}

/** The indexes of the queries above. */
export const directoryIndexes = {
  brands: [{ organisationId: 1, _id: 1 }],
  numbers: [{ organisationId: 1, _id: 1 }],
} as const;
