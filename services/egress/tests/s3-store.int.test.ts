import { type S3Server, startS3Server } from '@switchboard/testing';
import { createS3Store } from '../src/adapters/s3/file-store.js';
import { type FileStore } from '../src/use-cases/media/ports.js';
import { fileStoreContract } from './support/media-contracts.js';

/** The store over S3's own protocol, with a server that keeps a folder. */

let server: S3Server | undefined;
let store: ReturnType<typeof createS3Store> | undefined;

beforeAll(async () => {
  server = await startS3Server();
  store = createS3Store({ ...server, region: 'us-east-1' });
}, 120_000);
afterAll(async () => {
  store?.close();
  await server?.stop();
});

fileStoreContract('S3', (): FileStore => {
  if (!store) throw new Error('no server that speaks S3 can be had: is npm there, and a package registry in reach?');
  return store;
});

it('AT-3: a store that cannot be reached is unavailable', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const away = createS3Store({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', bucket: 'files', credentials });

  await expect(away.remove('x')).rejects.toMatchObject({ kind: 'unavailable', code: 'egress.media-store' });
  away.close();
});
