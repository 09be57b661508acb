import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { servers } from '@switchboard/testing';
import { templateAggregate } from '../src/adapters/kafka/template-aggregate.js';
import { createDirectory, directoryIndexes } from '../src/adapters/mongo/directory.js';
import { directoryContract } from './support/directory.js';

/** The port on a real MongoDB, by the contract that its twin passes too. */

const mongo = connectMongo(servers.mongoUrl, { database: `template-ports-${process.pid}` });
const { connection } = mongo;

beforeAll(async () => {
  await mongo.start();
  await ensureIndexes(connection, [...mongoStoreIndexes('templates'), ...directoryIndexes]);
  // What the suite below asks is written down by the server, where it is read badly.
  const filter = { ns: { $not: /system/ }, $or: [{ planSummary: /COLLSCAN/ }, { hasSortStage: true }] };
  await connection.db?.command({ profile: 1, filter });
}, 60_000);
afterAll(async () => {
  await connection.dropDatabase();
  await mongo.stop();
});

directoryContract('MongoDB', () => ({
  directory: createDirectory(connection),
  templates: createAggregates({
    definition: templateAggregate,
    store: createMongoStore(connection, 'templates'),
    publish: () => Promise.resolve(),
  }),
}));

it('reads every id once, more of them than a page holds', async () => {
  await connection
    .collection<{ _id: string }>('templates')
    .insertMany(Array.from({ length: 1_001 }, (_, n) => ({ _id: `all-${String(n).padStart(5, '0')}` })));
  const found: string[] = [];

  for await (const id of createDirectory(connection).all()) if (id.startsWith('all-')) found.push(id);

  expect(found).toHaveLength(1_001);
  expect(new Set(found).size).toBe(1_001);
});

it('reads by indexes, in their order', async () => {
  const badly = await connection.collection('system.profile').find().toArray();

  expect(badly.map(({ command }) => command as object)).toEqual([]);
});
