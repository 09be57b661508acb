import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Directory } from '../../use-cases/ports.js';

const WALLETS = 'wallets';
const PAGE = 500;

/** The index of the queries below. */
export const directoryIndexes: readonly IndexSpec[] = [{ collection: WALLETS, key: { organisation: 1, _id: 1 } }];

/** Which wallets there are, from the aggregates' own collection. */
export function createDirectory(connection: Connection): Directory {
  const idsIn = (filter: Record<string, unknown>, limit: number): Promise<string[]> =>
    translated(async () => {
      const found = connection
        .collection<{ _id: string }>(WALLETS)
        .find(filter, { projection: { _id: 1 }, sort: { _id: 1 }, limit, readConcern: 'majority' });
      return (await found.toArray()).map(({ _id }) => _id);
    });
  return {
    walletsOf: (organisation, after, limit) => idsIn({ organisation, _id: { $gt: after } }, limit),
    async *all() {
      for (let after = ''; ;) {
        const page = await idsIn({ _id: { $gt: after } }, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1) ?? '';
      }
    },
  };
}
