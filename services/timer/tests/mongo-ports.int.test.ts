import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { servers } from '@switchboard/testing';
import { createReferenceClock, createShards } from '../src/adapters/mongo/shards.js';
import { createTimerStore, TIMERS, timersIndexes } from '../src/adapters/mongo/timers.js';
import { shardsContract, timersContract } from './support/contracts.js';

/** The ports on a real MongoDB, by the contracts that their twins pass too. */

const mongo = connectMongo(servers.mongoUrl, { database: `timer-ports-${process.pid}` });
const { connection } = mongo;

beforeAll(async () => {
  await mongo.start();
  await ensureIndexes(connection, timersIndexes);
}, 60_000);
afterAll(async () => {
  await connection.dropDatabase();
  await mongo.stop();
});

timersContract('mongodb', () => createTimerStore(connection));
shardsContract('mongodb', () => createShards(connection, 'test'));

describe('timers in MongoDB', () => {
  const stages = async (query: object, sort: Record<string, 1>) =>
    JSON.stringify(await connection.collection(TIMERS).find(query).sort(sort).explain());

  it('are looked ahead by their one index, and listed by their ids, without sorting', async () => {
    const ahead = await stages({ s: 1, ix: { $lt: new Date() } }, { ix: 1 });
    const listed = await stages({ _id: { $gte: 'routing/', $lt: 'routing0' } as never }, { _id: 1 });

    expect(ahead).toContain('s_1_ix_1');
    expect(listed).toContain('_id_');
    for (const plan of [ahead, listed]) expect(plan).not.toMatch(/COLLSCAN|"stage":"SORT"/);
  });

  it('T3 do not touch the index when a deadline moves later: 20 resets of 50 timers write no index key', async () => {
    const timers = createTimerStore(connection);
    const holder = { number: 500, epoch: 1 };
    const content = { firedKey: 'k', payload: Buffer.from('p') };
    const ids = Array.from({ length: 50 }, (_, index) => `routing/t3:${index}`);
    const hour = 3_600_000;
    await timers.apply(
      holder,
      ids.map((id) => ({ id, version: 1, due: 24 * hour, content, isCancelled: false })),
    );
    const before = await indexWrites();

    for (let message = 1; message <= 20; message += 1) {
      const due = 24 * hour + message * hour;
      await timers.apply(
        holder,
        ids.map((id) => ({ id, version: 1 + message, due, content, isCancelled: false })),
      );
    }

    expect(await indexWrites()).toBe(before);
  });

  it('the clock of the database is asked', async () => {
    const now = await createReferenceClock(connection).now();

    expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
  });
});

/** Keys that were put into or taken out of the look-again index, as the storage engine counts them. */
async function indexWrites(): Promise<number> {
  const [stats] = await connection
    .collection(TIMERS)
    .aggregate<{ storageStats: { indexDetails: Record<string, { cursor: Record<string, number> }> } }>([
      { $collStats: { storageStats: {} } },
    ])
    .toArray();
  const cursor = stats?.storageStats.indexDetails['s_1_ix_1']?.cursor ?? {};
  return (cursor['insert calls'] ?? NaN) + (cursor['remove calls'] ?? NaN);
}
