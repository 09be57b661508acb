import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

const DAY_MS = 24 * 3_600_000;
const KB = 1024;

/** A WebP of this length that moves, or does not. */
function webp(length: number, animated: boolean): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write('RIFF\0\0\0\0WEBPVP8X', 'latin1');
  bytes[20] = animated ? 0x02 : 0;
  return bytes;
}

type World = Awaited<ReturnType<typeof world>>;

async function upload({ url }: World, type: string, bytes: Uint8Array, phone = PHONE) {
  const form = new FormData();
  form.append('messaging_product', 'whatsapp');
  form.append('type', type);
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), 'file');
  const headers = { authorization: 'Bearer token' };
  const response = await fetch(`${url}/v25.0/${phone}/media`, { method: 'POST', headers, body: form });
  return (await response.json()) as { id: string; error?: { code: number; message: string } };
}

const sizes: readonly [why: string, type: string, bytes: Buffer, code: number | undefined][] = [
  ['an image of 5 MB', 'image/png', Buffer.alloc(5 * KB * KB), undefined],
  ['an image beyond 5 MB', 'image/jpeg', Buffer.alloc(5 * KB * KB + 1), 131053],
  ['a voice note with its codec', 'audio/ogg; codecs=opus', Buffer.alloc(1), undefined],
  ['a video beyond 16 MB', 'video/mp4', Buffer.alloc(16 * KB * KB + 1), 131053],
  ['a document of 17 MB', 'application/pdf', Buffer.alloc(17 * KB * KB), undefined],
  ['a sticker of 100 KB', 'image/webp', webp(100 * KB, false), undefined],
  ['a sticker beyond 100 KB that does not move', 'image/webp', webp(100 * KB + 1, false), 131053],
  ['a sticker of 500 KB that moves', 'image/webp', webp(500 * KB, true), undefined],
  ['a sticker beyond 500 KB', 'image/webp', webp(500 * KB + 1, true), 131053],
  ['a type that Meta does not take', 'image/gif', Buffer.alloc(1), 100],
  ['an empty file', 'image/png', Buffer.alloc(0), 131053],
];

describe('AT-1 an upload', () => {
  it.each(sizes)('%s', async (_why, type, bytes, code) => {
    const answer = await upload(await world(), type, bytes);

    expect([answer.error?.code, typeof answer.id]).toEqual([code, code === undefined ? 'string' : 'undefined']);
  });
});

describe('a media id', () => {
  it('lives 30 days when a business uploaded it, and 7 when it came from a customer', async () => {
    const here = await world();
    const { id: ours } = await upload(here, 'image/png', Buffer.from('x'));
    here.control.write(ANA, { message: { type: 'image', image: { id: '4711' } } });
    const alive = async () => [
      (await here.call('GET', `/v25.0/${ours}`)).status,
      (await here.call('GET', '/v25.0/4711')).status,
    ];

    await here.clock.advance(7 * DAY_MS - 1);
    const before = await alive();
    await here.clock.advance(1);
    const week = await alive();
    await here.clock.advance(23 * DAY_MS);
    const month = await alive();

    expect([before, week, month]).toEqual([[200, 200], [200, 400], [400, 400]]); // prettier-ignore
  });

  it('is known to its number only, and can be sent by it only, where that is looked at', async () => {
    const here = await world({ limits: { media_ids: 'strict' } });
    here.control.addNumber({ phone_number_id: '22', waba_id: '1', display_phone_number: '15550140078' });
    for (const phone_number_id of [PHONE, '22']) here.control.write(ANA, { text: 'hello', phone_number_id });
    const { id } = await upload(here, 'image/png', Buffer.from('x'));
    const image = { to: ANA, type: 'image', image: { id } };

    const [own, other] = [await here.send(image), await here.send(image, '22')];

    expect([own.status, other.body.error.code]).toEqual([200, 131053]);
    expect((await here.call('GET', `/v25.0/${id}?phone_number_id=${PHONE}`)).status).toBe(200);
    expect((await here.call('GET', `/v25.0/${id}?phone_number_id=22`)).status).toBe(400);
  });

  it('can be fetched again after as many failures as were ordered', async () => {
    const here = await world();
    const { id } = await upload(here, 'image/png', Buffer.from('x'));
    const describe = async () => (await here.call('GET', `/v25.0/${id}`)).status;
    await here.call('POST', '/control/media/failures', { on: 'description', http: 503 });
    here.control.failMedia({ times: 2 });

    const described = [await describe(), await describe()];
    const { body } = await here.call('GET', `/v25.0/${id}`);
    const headers = { authorization: 'Bearer token' };
    const fetched: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) fetched.push((await fetch(String(body['url']), { headers })).status);

    expect([described, fetched]).toEqual([[503, 200], [500, 500, 200]]); // prettier-ignore
  });
});

describe('CH-2 a customer', () => {
  it('can write from an account that has no phone, and be answered by its user id', async () => {
    const { control, clock, values, send } = await world();

    control.write('BR.48213096651720934475', { text: 'oi', name: 'Maria' });
    await clock.advance(0);
    const { status } = await send({ recipient: 'BR.48213096651720934475', type: 'text', text: { body: 'oi' } });

    const [value] = values();
    expect(value!.contacts).toEqual([{ profile: { name: 'Maria' }, user_id: 'BR.48213096651720934475' }]);
    expect(value!.messages![0]).not.toHaveProperty('from');
    expect(value!.messages![0]).toMatchObject({ from_user_id: 'BR.48213096651720934475' });
    expect(status).toBe(200);
  });

  it.each(['image', 'video', 'audio', 'document', 'sticker'])('sends %s with the bytes it is given', async (type) => {
    const { control, clock, values, url } = await world();
    const bytes = Buffer.from(`bytes of ${type}`);

    control.write(ANA, { message: { type, [type]: { data: bytes.toString('base64') } } });
    await clock.advance(0);

    const media = values()[0]!.messages![0]![type] as { url: string };
    expect(media.url.startsWith(url)).toBe(true);
    const content = await fetch(media.url, { headers: { authorization: 'Bearer token' } });
    expect(Buffer.from(await content.arrayBuffer())).toEqual(bytes);
  });
});
