import { createHash } from 'node:crypto';
import { Failure } from '@switchboard/errors';
import { sha256 } from '../src/adapters/node/machine.js';
import { type FileAtMeta } from '../src/use-cases/media/ports.js';
import { samples } from './support/file-samples.js';
import { createMediaWorld, type MediaWorld, NUMBER, PARTITION, pieces, wholeOf } from './support/media-world.js';

/** Customers' files, from the log to the store, with the simulator as Meta. Time is ours. */

let world: MediaWorld;
beforeEach(async () => {
  world = await createMediaWorld();
  world.engine.fetcher.assigned(PARTITION);
});
afterEach(() => world.stop());

const [png] = samples['photo.png'] ?? [Buffer.alloc(0)];
const DAY_MS = 86_400_000;

async function hear(mediaId: string, sha = ''): Promise<string> {
  await world.engine.expectInbound([
    {
      number: NUMBER,
      mediaId,
      partition: PARTITION,
      kind: 'image',
      mimeType: 'image/jpeg',
      filename: '',
      sha256: sha,
      sentAt: world.clock.now(),
    },
  ]);
  return `in-${sha256(`${NUMBER}:${mediaId}`).slice(0, 32)}`;
}

/** Turns the event loop, over real HTTP, until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 3_000; turn += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`it did not come to that: ${world.results.join(', ')}; ${world.warnings.join('; ')}`);
}
const ended = (count: number): Promise<void> => until(() => world.results.length >= count);
const fileOf = (fileId: string) => world.files.find(fileId);

it('AT-3: fetches what a customer sent, checks it and keeps it', async () => {
  const mediaId = world.sendFromCustomer('image', 'image/png', png);

  const fileId = await hear(mediaId, sha256('of something else, but Meta says it better'));

  await ended(1);
  expect(await fileOf(fileId)).toMatchObject({
    state: 'ready',
    organisation: 'acme',
    kind: 'image',
    mimeType: 'image/png',
    sizeBytes: png.length,
    origin: { number: NUMBER, mediaId },
  });
  const client = await world.client();
  const reference = { file: { fileId: '', phoneNumberId: NUMBER, mediaId } };
  expect((await client.getFile(reference)).file).toMatchObject({ fileId, inbound: true });
  expect((await wholeOf(client.download(reference))).equals(png)).toBe(true);
});

it('AT-3: hears of a file twice and fetches it once', async () => {
  const mediaId = world.sendFromCustomer('image', 'image/png', png);

  await hear(mediaId);
  await ended(1);
  await hear(mediaId);
  await world.clock.advance(60_000);

  expect(world.calls.describe).toBe(1);
});

it('AT-3: tries again, later and later, and gets it when Meta has it', async () => {
  const { meta } = world.levers;
  world.levers.meta = {
    ...meta,
    describe: () => Promise.reject(new Failure('unavailable', 'meta.unreachable', 'away')),
  };
  const mediaId = world.sendFromCustomer('image', 'image/png', png);
  const fileId = await hear(mediaId);
  await ended(1);

  for (const [tries, waitMs] of [2_000, 4_000, 8_000].entries()) {
    await world.clock.advance(waitMs - 100);
    expect(world.calls.describe).toBe(tries + 1);
    await world.clock.advance(100);
    await until(() => world.calls.describe === tries + 2 && world.results.length === tries + 2);
  }
  expect(await fileOf(fileId)).toMatchObject({ state: 'fetching', trouble: 'away' });
  world.levers.meta = meta;
  await world.clock.advance(16_000);

  await ended(5);
  expect(await fileOf(fileId)).toMatchObject({ state: 'ready', trouble: '' });
});

it('AT-3: gives up when Meta keeps it no longer, and gets it when it is asked for again', async () => {
  const { meta } = world.levers;
  world.levers.meta = {
    ...meta,
    describe: () => Promise.reject(new Failure('unavailable', 'meta.unreachable', 'away')),
  };
  const mediaId = world.sendFromCustomer('image', 'image/png', png);
  const fileId = await hear(mediaId);
  await ended(1);
  for (let hours = 0; hours <= 7 * 24 && (await fileOf(fileId))?.state === 'fetching'; hours += 1) {
    const before = world.results.length;
    await world.clock.advance(3_600_000);
    await until(() => world.results.length > before);
  }
  expect(await fileOf(fileId)).toMatchObject({ state: 'unavailable', trouble: 'away' });
  const client = await world.client();
  const reference = { file: { fileId, phoneNumberId: '', mediaId: '' } };
  await expect(client.getLink(reference)).rejects.toMatchObject({ code: 'egress.media-not-ready' });
  world.levers.meta = meta;

  expect((await client.retryFetch(reference)).file?.state).toBe(1);

  await until(async () => (await fileOf(fileId))?.state === 'ready');
  expect((await client.retryFetch(reference)).file?.state).toBe(2);
});

it('AT-3: gives up at once what Meta does not know', async () => {
  const fileId = await hear('1999');

  await ended(1);
  expect(await fileOf(fileId)).toMatchObject({
    state: 'unavailable',
    trouble: expect.stringContaining('1999') as string,
  });
});

it.each<[string, Partial<FileAtMeta>]>([
  ['other bytes', { sha256: 'a'.repeat(64) }],
  ['fewer bytes', { sizeBytes: png.length + 1 }],
  ['more bytes', { sizeBytes: png.length - 1 }],
])('AT-3: keeps nothing when Meta gives %s than it says, and tries again', async (_what, said) => {
  const { meta } = world.levers;
  world.levers.meta = { ...meta, describe: async (...args) => ({ ...(await meta.describe(...args)), ...said }) };
  const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));

  await ended(1);
  expect(world.results).toEqual(['fetch postponed']);
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
  world.levers.meta = meta;
  await world.clock.advance(2_000);

  await until(async () => (await fileOf(fileId))?.state === 'ready');
});

it('AT-3: takes a hash of the message in base64 where Meta says none by the file', async () => {
  const { meta } = world.levers;
  const describe: typeof meta.describe = async (...args) => ({ ...(await meta.describe(...args)), sha256: '' });
  world.levers.meta = { ...meta, describe };
  const right = createHash('sha256').update(png).digest('base64');

  const [good, bad] = [
    await hear(world.sendFromCustomer('image', 'image/png', png), right),
    await hear(world.sendFromCustomer('image', 'image/png', png), Buffer.alloc(32).toString('base64')),
  ];

  await ended(2);
  expect((await fileOf(good))?.state).toBe('ready');
  expect((await fileOf(bad))?.state).toBe('fetching');
});

it('AT-4: does not keep what the scanner finds something in', async () => {
  world.levers.scanner = { scan: () => Promise.resolve('Eicar-Signature') };

  const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));

  await ended(1);
  expect(await fileOf(fileId)).toMatchObject({
    state: 'infected',
    trouble: expect.stringContaining('Eicar') as string,
  });
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
  const client = await world.client('');
  const reference = { file: { fileId, phoneNumberId: '', mediaId: '' } };
  expect((await client.retryFetch(reference)).file?.state).toBe(4);
});

it.each(['not-connected', 'no-token', 'unknown'] as const)(
  'AT-3: waits while the number is %s, without a try',
  async (sending) => {
    const connected = world.levers.view;
    world.levers.view = sending === 'unknown' ? undefined : { organisation: '', version: 1, sending, waba: '' };
    const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));
    await ended(1);
    expect(world.results).toEqual(['fetch waits']);
    expect((await fileOf(fileId))?.trouble).toContain('connect it');

    world.levers.view = connected;
    await world.engine.fetcher.numberChanged(NUMBER);

    await until(async () => (await fileOf(fileId))?.state === 'ready');
    expect(world.calls.describe).toBe(1);
    expect((await fileOf(fileId))?.organisation).toBe('acme');
  },
);

it('AT-3: a number without a token for a week has files that could not be had', async () => {
  world.levers.view = undefined;
  const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));
  await ended(1);

  for (let turn = 0; turn < 7 * 96 && (await fileOf(fileId))?.state === 'fetching'; turn += 1) {
    const before = world.results.length;
    await world.clock.advance(900_000);
    await until(() => world.results.length > before);
  }

  expect(await fileOf(fileId)).toMatchObject({ state: 'unavailable' });
  expect(world.clock.now().getTime() - ((await fileOf(fileId))?.createdAt.getTime() ?? 0)).toBeLessThanOrEqual(
    7 * DAY_MS,
  );
});

it('AT-3: who takes a partition over fetches what was left, and nobody else does', async () => {
  world.engine.fetcher.revoked(PARTITION);
  const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));
  await world.clock.advance(120_000);
  expect(world.results).toEqual([]);

  world.engine.fetcher.assigned(PARTITION);

  await until(async () => (await fileOf(fileId))?.state === 'ready');
});

it('AT-4: calls no private address that Meta would name', async () => {
  const { meta } = world.levers;
  const describe: typeof meta.describe = async (...args) => ({
    ...(await meta.describe(...args)),
    url: 'http://127.0.0.1:1/attachments',
  });
  world.levers.meta = { ...meta, describe };

  const fileId = await hear(world.sendFromCustomer('image', 'image/png', png));

  await ended(1);
  expect(await fileOf(fileId)).toMatchObject({
    state: 'unavailable',
    trouble: expect.stringContaining('127.0.0.1') as string,
  });
});

describe('a file of ours, for messages', () => {
  async function uploaded(bytes = png): Promise<string> {
    const { file } = await (await world.client()).upload(pieces({ filename: 'Foto "1".png' }, bytes));
    return file?.fileId ?? '';
  }

  it('AT-4: goes to Meta once, byte for byte, however many ask for it at a time', async () => {
    const { metaMedia } = world.engine;
    const fileId = await uploaded();

    const results = await Promise.all([1, 2, 3].map(() => metaMedia.idOf(NUMBER, fileId)));
    const later = await metaMedia.idOf(NUMBER, fileId);

    const [first] = results;
    expect(first?.kind).toBe('id');
    expect([...results, later].every((each) => JSON.stringify(each) === JSON.stringify(first))).toBe(true);
    expect(world.calls.upload).toBe(1);
    expect((await world.atMeta(first?.kind === 'id' ? first.mediaId : '')).equals(png)).toBe(true);
  });

  it('AT-4: goes again when the id is old, or Meta has forgotten it', async () => {
    const { metaMedia } = world.engine;
    const fileId = await uploaded();
    await metaMedia.idOf(NUMBER, fileId);

    await world.clock.advance(29 * DAY_MS + 1_000);
    await metaMedia.idOf(NUMBER, fileId);
    await metaMedia.forget(NUMBER, fileId);
    await metaMedia.idOf(NUMBER, fileId);

    expect(world.calls.upload).toBe(3);
  });

  it('AT-4: is refused by the consequence of what Meta says', async () => {
    const { metaMedia } = world.engine;
    const fileId = await uploaded(Buffer.concat([png, Buffer.alloc(1_000)]));
    const { meta } = world.levers;
    world.levers.meta = {
      ...meta,
      upload: () =>
        Promise.resolve({
          kind: 'refused',
          error: { code: 131_053, title: '', message: 'no', details: '', href: '' },
          consequence: 'fix',
          scope: 'message',
          remedy: 'another file',
        }),
    };

    expect(await metaMedia.idOf(NUMBER, fileId)).toMatchObject({ kind: 'refused', consequence: 'fix' });
    world.levers.meta = { ...meta, upload: () => Promise.resolve({ kind: 'not-sent', reason: 'ECONNREFUSED' }) };
    expect(await metaMedia.idOf(NUMBER, fileId)).toEqual({ kind: 'not-sent', reason: 'ECONNREFUSED' });
    world.levers.token = () => Promise.reject(new Failure('not-found', 'account.no-token', 'none'));
    expect(await metaMedia.idOf(NUMBER, fileId)).toMatchObject({
      kind: 'refused',
      consequence: 'stop',
      scope: 'number',
    });
    world.levers.token = () => Promise.reject(new Failure('unavailable', 'grpc.unreachable', 'away'));
    expect(await metaMedia.idOf(NUMBER, fileId)).toEqual({ kind: 'not-sent', reason: 'away' });
    expect(await metaMedia.idOf(NUMBER, 'nobody')).toMatchObject({ kind: 'refused', consequence: 'fix' });
    world.levers.token = () => Promise.resolve('token');
    world.levers.meta = meta;
    expect(await metaMedia.idOf(NUMBER, fileId)).toMatchObject({ kind: 'id' });
  });

  it('SE-1: is known to its organisation alone', async () => {
    const fileId = await uploaded();

    expect(await world.engine.metaMedia.about(fileId, 'acme')).toEqual({
      kind: 'image',
      mimeType: 'image/png',
      filename: 'Foto "1".png',
      sizeBytes: png.length,
      state: 'ready',
    });
    expect(await world.engine.metaMedia.about(fileId, 'globex')).toBeUndefined();
    world.levers.view = { organisation: 'globex', version: 2, sending: 'allowed', waba: '1' };
    expect(await world.engine.metaMedia.idOf(NUMBER, fileId)).toMatchObject({ kind: 'refused' });
  });
});
