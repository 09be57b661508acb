import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { servers } from '@switchboard/testing';
import { messageAggregate } from '../src/adapters/kafka/message-aggregate.js';
import { createLeases } from '../src/adapters/mongo/leases.js';
import { createMessageLists, messageListsIndexes } from '../src/adapters/mongo/message-lists.js';
import { createPaces } from '../src/adapters/mongo/paces.js';
import { createPreferences } from '../src/adapters/mongo/preferences.js';
import { createQueue, MESSAGES, queueIndexes } from '../src/adapters/mongo/queue.js';
import { createReach, reachIndexes } from '../src/adapters/mongo/reach.js';
import { createTemplates, templatesIndexes } from '../src/adapters/mongo/templates.js';
import { createWamids, wamidsIndexes } from '../src/adapters/mongo/wamids.js';
import { createWindows, windowsIndexes } from '../src/adapters/mongo/windows.js';
import { leasesContract, wamidsContract, windowsContract } from './support/contracts.js';
import { messageListsContract, queueContract } from './support/message-contracts.js';
import { pacesContract, reachContract } from './support/pace-contracts.js';
import { preferencesContract, templatesContract } from './support/gate-contracts.js';

/** The ports on a real MongoDB, by the contracts that their twins pass too. */

const mongo = connectMongo(servers.mongoUrl, { database: `egress-ports-${process.pid}` });
const { connection } = mongo;

beforeAll(async () => {
  await mongo.start();
  await ensureIndexes(connection, [
    ...mongoStoreIndexes(MESSAGES),
    ...queueIndexes,
    ...messageListsIndexes,
    ...templatesIndexes,
    ...windowsIndexes,
    ...wamidsIndexes,
    ...reachIndexes,
  ]);
}, 60_000);
afterAll(async () => {
  await connection.dropDatabase();
  await mongo.stop();
});

windowsContract('MongoDB', () => createWindows(connection));
wamidsContract('MongoDB', () => createWamids(connection, () => new Date()));
leasesContract(
  'MongoDB',
  (owner, callTimeoutMs) => createLeases(connection, { owner, callTimeoutMs }),
  async (partition, byMs) => {
    const leases = connection.collection<{ _id: number; until: Date }>('leases');
    await leases.updateOne({ _id: partition }, [{ $set: { until: { $subtract: ['$until', 10_000 + byMs] } } }]);
  },
);
const open = () => ({
  queue: createQueue(connection),
  lists: createMessageLists(connection),
  messages: createAggregates({
    definition: messageAggregate,
    store: createMongoStore(connection, MESSAGES),
    publish: () => Promise.resolve(),
  }),
});
const second30 = () => new Date(Date.UTC(2026, 10, 2, 10, 0, 30));
preferencesContract('MongoDB', (portfolioOf = () => undefined) => createPreferences(connection, second30, portfolioOf));
templatesContract('MongoDB', () => createTemplates(connection));
pacesContract('MongoDB', () => createPaces(connection));
reachContract('MongoDB', () => (now) => createReach(connection, now));
queueContract('MongoDB', open);
messageListsContract('MongoDB', open);

describe('the queue in MongoDB', () => {
  it('is read by its index, however many messages are not in it', async () => {
    const filter = { queue: 'waiting', partition: 1, number: '555', priority: 1, customer: { $nin: ['anna'] } };
    const plan = await connection.collection(MESSAGES).find(filter).sort({ order: 1 }).limit(10).explain();

    const { queryPlanner } = plan as { queryPlanner: { winningPlan: unknown } };

    const winner = JSON.stringify(queryPlanner.winningPlan);
    expect(winner).toContain('queue_1_partition_1_number_1_priority_1_order_1_customer_1');
    expect(winner).not.toMatch(/COLLSCAN|SORT/);
  });
});
