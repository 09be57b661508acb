import { once } from 'node:events';
import { Failure } from '@switchboard/errors';
import { sha256Digest } from '../src/adapters/node/file-links.js';
import { MB } from '../src/domain/media/policy.js';
import { samples, zip } from './support/file-samples.js';
import { createMediaWorld, type MediaWorld, pieces, wholeOf } from './support/media-world.js';

/** Files of operators and services: over real gRPC and HTTP, with stores in memory. */

let world: MediaWorld;
beforeEach(async () => {
  world = await createMediaWorld();
});
afterEach(() => world.stop());

const [pdf] = samples['paper.pdf'] ?? [Buffer.alloc(0)];
const [png] = samples['photo.png'] ?? [Buffer.alloc(0)];
const big = (bytes: number): Buffer => Buffer.concat([pdf, Buffer.alloc(bytes - pdf.length, 'x')]);
const hashOf = (bytes: Buffer): string => {
  const digest = sha256Digest();
  digest.update(bytes);
  return digest.end();
};
const failed = async (call: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await call.then(
    () => new Error('it went through'),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
};

it('AT-2: keeps a file with what it is, and gives its bytes back', async () => {
  const client = await world.client();
  const bytes = big(2 * MB);

  const { file } = await client.upload(pieces({ filename: 'Offer – März.pdf', mimeType: 'application/pdf' }, bytes));

  expect(file).toMatchObject({
    organisationId: 'acme',
    kind: 'document',
    mimeType: 'application/pdf',
    filename: 'Offer – März.pdf',
    sizeBytes: BigInt(bytes.length),
    sha256: hashOf(bytes),
    state: 2,
    inbound: false,
  });
  const { fileId = '' } = file ?? {};
  const reference = { file: { fileId, phoneNumberId: '', mediaId: '' } };
  expect((await client.getFile(reference)).file).toEqual(file);
  expect((await wholeOf(client.download(reference))).equals(bytes)).toBe(true);
  expect(world.drafts.open.size).toBe(0);
  expect(world.results).toEqual(['upload kept']);
});

it('AT-2: refuses what is too large as soon as it is, and keeps nothing', async () => {
  const client = await world.client();
  let sent = 0;
  async function* endless() {
    yield* pieces({ filename: 'a.png' }, png);
    for (; sent < 64 * MB; sent += 65_536) {
      yield await Promise.resolve({ piece: { $case: 'bytes' as const, value: Buffer.alloc(65_536) } });
    }
  }

  const refusal = await failed(client.upload(endless()));

  expect(refusal).toMatchObject({
    kind: 'invalid',
    code: 'egress.media-too-large',
    details: { kind: 'image', limitBytes: String(5 * MB), formats: 'jpeg,jpg,png' },
  });
  expect(refusal.message).toContain('5 MB');
  expect(sent).toBeLessThan(32 * MB);
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
});

it('AT-2: refuses before the first byte what is said to be too large', async () => {
  const client = await world.client();
  const begun: string[] = [];
  async function* said() {
    yield* pieces({ filename: 'a.png' }, [], BigInt(5 * MB + 1));
    begun.push('read on');
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect((await failed(client.upload(said()))).code).toBe('egress.media-too-large');
});

it.each([
  ['of another content', { filename: 'a.png' }, pdf, 'egress.media-mismatch'],
  ['declared as something else', { filename: 'a.pdf', mimeType: 'image/png' }, pdf, 'egress.media-mismatch'],
  ['of a format that may not be sent', { filename: 'a.docx' }, zip(['word/document.xml']), 'egress.media-not-allowed'],
  ['without a byte', { filename: 'a.txt' }, Buffer.alloc(0), 'egress.media-empty'],
  ['with a path in its name', { filename: '../a.txt' }, Buffer.from('a'), 'egress.bad-request'],
  [
    'to be sent as something that is no kind',
    { filename: 'a.txt', kind: 'film' },
    Buffer.from('a'),
    'egress.bad-request',
  ],
  ['of another organisation', { filename: 'a.txt', organisationId: 'globex' }, Buffer.from('a'), 'egress.bad-request'],
])('AT-2: refuses a file %s and keeps nothing', async (_what, about, bytes, code) => {
  const client = await world.client();

  const refusal = await failed(client.upload(pieces(about, bytes)));

  expect(refusal).toMatchObject({ kind: 'invalid', code });
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
});

it('AT-2: refuses a stream that does not begin with what it is, or begins twice', async () => {
  const client = await world.client();
  async function* nameless() {
    yield await Promise.resolve({ piece: { $case: 'bytes' as const, value: Buffer.from('a') } });
  }
  async function* twice() {
    yield* pieces({ filename: 'a.txt' }, Buffer.from('a'));
    yield* pieces({ filename: 'b.txt' }, Buffer.from('b'));
  }

  expect((await failed(client.upload(nameless()))).code).toBe('egress.bad-upload');
  expect((await failed(client.upload(twice()))).code).toBe('egress.bad-upload');
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
});

it('AT-2: keeps nothing when the caller gives up half-way', async () => {
  const client = await world.client();
  const giving = new AbortController();
  let isOn: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    isOn = resolve;
  });
  async function* half() {
    yield* pieces({ filename: 'a.pdf' }, big(MB));
    isOn();
    await once(giving.signal, 'abort');
  }
  const call = failed(client.upload(half(), { signal: giving.signal }));
  await reached;

  giving.abort();

  expect((await call).code).toBe('grpc.given-up');
  for (let turn = 0; turn < 2_000 && world.drafts.open.size > 0; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([0, 0]);
});

it('AT-4: keeps nothing that is infected, and takes nothing while the scanner is away', async () => {
  const client = await world.client();
  world.levers.scanner = {
    scan: async (content) => ((await wholeOf(content)).includes('EICAR') ? 'Eicar-Signature' : undefined),
  };

  const refusal = await failed(client.upload(pieces({ filename: 'a.txt' }, Buffer.from('an EICAR test'))));
  await client.upload(pieces({ filename: 'a.txt' }, Buffer.from('a clean one')));
  world.levers.scanner = { scan: () => Promise.reject(new Failure('unavailable', 'egress.media-scanner', 'away')) };
  const away = await failed(client.upload(pieces({ filename: 'b.txt' }, Buffer.from('another'))));

  expect(refusal).toMatchObject({
    kind: 'invalid',
    code: 'egress.media-infected',
    details: { virus: 'Eicar-Signature' },
  });
  expect(away).toMatchObject({ kind: 'unavailable' });
  expect([world.store.objects.size, world.drafts.open.size]).toEqual([1, 0]);
  expect(world.results).toEqual(['upload infected', 'upload kept', 'upload unavailable']);
});

it('AT-2: what a killed process left is removed, and nothing that is used', async () => {
  const client = await world.client();
  const { file } = await client.upload(pieces({ filename: 'a.txt' }, Buffer.from('kept')));
  const [used = ''] = [...world.store.objects.keys()];
  await world.drafts.begin(used);
  await world.drafts.begin('half');
  world.store.objects.set('half', Buffer.from('half a fi'));
  await world.engine.sweepDrafts.sweep();
  expect(world.store.objects.size).toBe(2);
  await world.clock.advance(3_601_000);

  await world.engine.sweepDrafts.sweep();

  expect([...world.store.objects.keys()]).toEqual([used]);
  expect(world.drafts.open.size).toBe(0);
  expect((await client.getFile({ file: { fileId: file?.fileId ?? '', phoneNumberId: '', mediaId: '' } })).file).toEqual(
    file,
  );
});

it('SE-1: a file of another organisation is not there', async () => {
  const { file } = await (await world.client()).upload(pieces({ filename: 'a.txt' }, Buffer.from('ours')));
  const reference = { file: { fileId: file?.fileId ?? '', phoneNumberId: '', mediaId: '' } };
  const stranger = await world.client('globex');

  for (const call of [
    stranger.getFile(reference),
    stranger.getLink(reference),
    wholeOf(stranger.download(reference)),
  ]) {
    expect((await failed(call)).kind).toBe('not-found');
  }
  expect((await (await world.client('')).getFile(reference)).file).toEqual(file);
});

it('AT-2: a policy narrows, widens up to Meta and falls back', async () => {
  const client = await world.client();
  const rule = { kind: 'sticker', maxBytes: BigInt(500 * 1_024), formats: ['webp'] };
  const [webp] = samples['moving.webp'] ?? [Buffer.alloc(0)];
  expect((await client.getPolicy({})).source).toBe('default');

  await client.putPolicy({ brandId: 'b', policy: { rules: [rule] } });

  expect(await client.getPolicy({ brandId: 'b' })).toEqual({ source: 'brand', policy: { rules: [rule] } });
  expect((await client.upload(pieces({ filename: 'a.webp', brandId: 'b' }, webp))).file?.kind).toBe('sticker');
  expect((await failed(client.upload(pieces({ filename: 'a.webp' }, webp)))).code).toBe('egress.media-not-allowed');
  expect((await failed(client.upload(pieces({ filename: 'a.pdf', brandId: 'b' }, pdf)))).code).toBe(
    'egress.media-not-allowed',
  );
  await client.putPolicy({ brandId: 'b' });
  expect((await client.getPolicy({ brandId: 'b' })).source).toBe('default');
  const tooWide = { rules: [{ ...rule, maxBytes: BigInt(MB) }] };
  expect((await failed(client.putPolicy({ policy: tooWide }))).violations[0]?.field).toBe('policy.rules[0].max_bytes');
});

it('asks for the scope to write, and for the organisation where the token has none', async () => {
  const reader = await world.client('acme', 'egress.media:read');
  const service = await world.client('');

  expect((await failed(reader.upload(pieces({ filename: 'a.txt' }, Buffer.from('a'))))).kind).toBe('forbidden');
  expect((await failed(service.getPolicy({}))).violations[0]?.field).toBe('organisation_id');
  const named = pieces({ filename: 'a.txt', organisationId: 'globex' }, Buffer.from('a'));
  expect((await service.upload(named)).file?.organisationId).toBe('globex');
});
