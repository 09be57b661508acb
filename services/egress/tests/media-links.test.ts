import { samples } from './support/file-samples.js';
import { createMediaWorld, type MediaWorld, pieces } from './support/media-world.js';

/** Files for browsers: signed links over real HTTP. */

let world: MediaWorld;
beforeEach(async () => {
  world = await createMediaWorld();
});
afterEach(() => world.stop());

async function linkTo(filename: string, bytes: Buffer, validSeconds = 0): Promise<string> {
  const client = await world.client();
  const { file } = await client.upload(pieces({ filename }, bytes));
  const { url } = await client.getLink({
    file: { fileId: file?.fileId ?? '', phoneNumberId: '', mediaId: '' },
    validSeconds,
  });
  return url;
}
const [png] = samples['photo.png'] ?? [Buffer.alloc(0)];

it('AT-3: gives the bytes with their type, and nothing that could run', async () => {
  const response = await fetch(await linkTo('Foto 1.png', png));

  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(png.length),
    'content-disposition': 'inline; filename="Foto 1.png"',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  });
});

it('AT-3: a document is saved, not shown, whatever its name', async () => {
  const response = await fetch(await linkTo('a"; x=ü<script>.txt', Buffer.from('<script>')));

  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=".*"; filename\*=UTF-8''/);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});

it.each([
  ['bytes=0-3', 206, 'bytes 0-3/10', '0123'],
  ['bytes=4-', 206, 'bytes 4-9/10', '456789'],
  ['bytes=-2', 206, 'bytes 8-9/10', '89'],
  ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
  ['bytes=10-', 416, 'bytes */10', ''],
  ['bytes=0-1,4-5', 200, null, '0123456789'],
  ['lines=1-2', 200, null, '0123456789'],
])('AT-3: answers the range %s with %i', async (range, status, contentRange, text) => {
  const response = await fetch(await linkTo('a.txt', Buffer.from('0123456789')), { headers: { range } });

  expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([
    status,
    contentRange,
    text,
  ]);
});

it('AT-3: answers HEAD without bytes', async () => {
  const response = await fetch(await linkTo('a.txt', Buffer.from('0123456789')), { method: 'HEAD' });

  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '10', '']);
});

it('AT-3: a link is good until its time, for its file and as it was signed', async () => {
  const url = await linkTo('a.txt', Buffer.from('a'), 10);
  const other = new URL(await linkTo('b.txt', Buffer.from('b'), 10));
  const tampered = [
    url.replace('signature=', 'signature=A'),
    url.replace(/until=\d+/, 'until=9999999999'),
    url.replace(/&signature=.*/, ''),
    url.replace(/&signature=.*/, '&signature='),
    `${url}&signature=x`,
    url.replace(/signature=.*/, `signature=${other.searchParams.get('signature')}`),
  ];

  expect((await fetch(url)).status).toBe(200);
  for (const each of tampered) expect((await fetch(each)).status).toBe(403);
  await world.clock.advance(11_000);
  expect((await fetch(url)).status).toBe(403);
});

it('AT-3: refuses a link for longer than an hour', async () => {
  await expect(linkTo('a.txt', Buffer.from('a'), 3_601)).rejects.toMatchObject({
    violations: [{ field: 'valid_seconds' }],
  });
});
