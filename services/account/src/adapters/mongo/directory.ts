import { type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { Directory } from '../../use-cases/ports.js';

const PAGE = 500;

/** The indexes of the queries below. */
export const directoryIndexes: readonly IndexSpec[] = ['brands', 'numbers', 'operators'].map((collection) => ({
  collection,
  key: { organisationId: 1, _id: 1 },
}));

export type Listed = 'brands' | 'numbers' | 'operators';

/** Who belongs to whom, from the aggregates' own collections. */
export function createDirectory(
  connection: Connection,
): Directory & { readonly all: (collection: Listed) => AsyncGenerator<string> } {
  const idsIn = (collection: string, filter: Record<string, unknown>, limit: number): Promise<string[]> =>
    translated(async () => {
      const found = connection
        .collection<{ _id: string }>(collection)
        .find(filter, { projection: { _id: 1 }, sort: { _id: 1 }, limit, readConcern: 'majority' });
      return (await found.toArray()).map(({ _id }) => _id);
    });
  return {
    brandsOf: (organisationId) => idsIn('brands', { organisationId }, 10_000),
    numbersOf: (organisationId, after, limit) => idsIn('numbers', { organisationId, _id: { $gt: after } }, limit),
    operatorsOf: (organisationId, departmentId, after, limit) =>
      idsIn(
        'operators',
        { organisationId, _id: { $gt: after }, active: true, ...(departmentId && { departmentIds: departmentId }) },
        limit,
      ),
    /** Every id, for publishing all of them anew. */
    async *all(collection) {
      for (let after = ''; ;) {
        const page = await idsIn(collection, { _id: { $gt: after } }, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1) ?? '';
      }
    },
  };
}
