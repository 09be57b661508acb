import { Failure } from '@switchboard/errors';
import { freePort } from '@switchboard/testing';
import { connectMongo } from './connect.js';
import { duplicateIndexes, isDuplicate, translated } from './errors.js';
import { ensureIndexes } from './indexes.js';

const mongodb = connectMongo(process.env['MONGO_URL'] ?? '');
const things = () => mongodb.connection.collection<{ _id: string; v?: number; name?: string }>('things');

beforeAll(() => mongodb.start());
beforeEach(async () => {
  await things().deleteMany({});
});
afterAll(async () => {
  await mongodb.connection.dropDatabase();
  await mongodb.stop();
});

describe('a connection to MongoDB', () => {
  it('waits for a majority and its journal by default', () => {
    expect(mongodb.connection.getClient().options.writeConcern).toMatchObject({ w: 'majority', journal: true });
  });

  it('tries until it is stopped when nobody answers', async () => {
    const nobody = connectMongo(`mongodb://127.0.0.1:${await freePort()}/x`, { timeoutMs: 50, retryMs: 10 });
    const started = nobody.start();

    await nobody.stop();

    await started;
  });

  it('calls a database that does not answer unavailable', async () => {
    const nobody = connectMongo(`mongodb://127.0.0.1:${await freePort()}/x`, { timeoutMs: 100, retryMs: 10 });
    const started = nobody.start();

    const ping = translated(() => nobody.connection.getClient().db().command({ ping: 1 }));

    await expect(ping).rejects.toMatchObject({ kind: 'unavailable', code: 'mongo.unreachable' });
    await nobody.stop();
    await started;
  });

  it('leaves an address that cannot be read to whoever wrote it', async () => {
    await expect(connectMongo('mongo//nowhere').start()).rejects.not.toBeInstanceOf(Failure);
  });
});

describe('a bulk of which some meet a duplicate key', () => {
  it('names those, and has applied the others (rule 1)', async () => {
    await things().insertMany([{ _id: 'b', v: 2 }]);
    const compareAndSet = (id: string) => ({
      updateOne: { filter: { _id: id, v: 1 }, update: { $set: { v: 2, name: 'new' } }, upsert: true },
    });

    const error: unknown = await things()
      .bulkWrite([compareAndSet('a'), compareAndSet('b'), compareAndSet('c')], { ordered: false })
      .catch((reason: unknown) => reason);

    expect(duplicateIndexes(error)).toEqual([1]);
    expect(isDuplicate(error)).toBe(true);
    expect(await things().countDocuments({ name: 'new' })).toBe(2);
  });

  it('is not mistaken for one in which something else went wrong', async () => {
    const error: unknown = await things()
      .bulkWrite([{ updateOne: { filter: { _id: 'a' }, update: { $set: { v: 1, 'v.x': 1 } }, upsert: true } }])
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(Error);
    expect(duplicateIndexes(error)).toBeNull();
  });
});

describe('indexes', () => {
  it('are made once, with their options', async () => {
    const specs = [{ collection: 'things', key: { name: 1 }, options: { unique: true, sparse: true } }] as const;

    await ensureIndexes(mongodb.connection, specs);
    await ensureIndexes(mongodb.connection, specs);

    const made = (await things().indexes()).find(({ name }) => name === 'name_1');
    expect(made).toMatchObject({ unique: true, sparse: true });
  });
});
