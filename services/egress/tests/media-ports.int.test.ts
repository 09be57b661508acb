import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { servers } from '@switchboard/testing';
import { createGridFsStore } from '../src/adapters/mongo/file-store.js';
import { createDrafts } from '../src/adapters/mongo/drafts.js';
import { createFiles } from '../src/adapters/mongo/files.js';
import { createMediaIds } from '../src/adapters/mongo/media-ids.js';
import { createPolicies } from '../src/adapters/mongo/policies.js';
import { mediaIndexes } from '../src/media-parts.js';
import {
  draftsContract,
  filesContract,
  fileStoreContract,
  mediaIdsContract,
  policiesContract,
} from './support/media-contracts.js';

/** The ports of files on a real MongoDB, by the contracts that their twins pass too. */

const mongo = connectMongo(servers.mongoUrl, { database: `egress-media-${process.pid}` });
const { connection } = mongo;

beforeAll(async () => {
  await mongo.start();
  await ensureIndexes(connection, mediaIndexes);
}, 60_000);
afterAll(async () => {
  await connection.dropDatabase();
  await mongo.stop();
});

fileStoreContract('GridFS', () => createGridFsStore(connection));
filesContract('MongoDB', () => createFiles(connection));
draftsContract('MongoDB', (now) => createDrafts(connection, now));
mediaIdsContract('MongoDB', () => createMediaIds(connection));
policiesContract('MongoDB', () => createPolicies(connection));

it('AT-2: GridFS removes also what a killed process has left of a file', async () => {
  const chunks = connection.collection<{ files_id: string; n: number; data: Buffer }>('media.chunks');
  await chunks.insertOne({ files_id: 'half', n: 0, data: Buffer.from('half') });

  await createGridFsStore(connection).remove('half');

  expect(await chunks.countDocuments({ files_id: 'half' })).toBe(0);
});

it('AT-3: what is to be fetched is read by its index', async () => {
  const filter = { fetch: { $exists: true }, 'fetch.partition': { $in: [1, 2] }, 'fetch.due': { $lte: new Date() } };
  const plan = await connection.collection('files').find(filter).sort({ 'fetch.due': 1 }).limit(8).explain();

  expect(JSON.stringify(plan)).toContain('fetch.partition_1_fetch.due_1');
  expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
});
