import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { createMongoStore, mongoStoreIndexes } from './mongo-store.js';
import { aggregateStoreContract } from './store-contract.js';

const mongodb = connectMongo(process.env['MONGO_URL'] ?? '');
let collections = 0;

beforeAll(() => mongodb.start());
afterAll(async () => {
  await mongodb.connection.dropDatabase();
  await mongodb.stop();
});

aggregateStoreContract('MongoDB', async () => {
  const name = `things${collections++}`;
  await ensureIndexes(mongodb.connection, mongoStoreIndexes(name));
  return createMongoStore(mongodb.connection, name);
});
