import { FileState } from '@switchboard/contracts/egress/v1/media_service';
import { DeliveryState } from '@switchboard/contracts/routing/v1/chat_service';
import { type FileDesk, manyFiles, openFileDesk } from './support/file-desk.js';
import { heads, padded, sending, sha256 } from './support/files.js';
import { soon } from './support/journey.js';
import { startSystem, type System } from './support/system.js';

jest.setTimeout(180_000);

const KB = 1_024;
const MB = 1_024 * KB;

let system: System;
let desk: FileDesk;

beforeAll(async () => {
  system = await startSystem({ env: manyFiles });
  desk = await openFileDesk(system);
}, 300_000);
afterAll(async () => {
  await (desk as FileDesk | undefined)?.close();
  await (system as System | undefined)?.stop();
});

describe('an operator sends files', () => {
  const pdf = padded(heads.pdf, 300 * KB, 32);
  const photo = padded(heads.jpeg, 200 * KB);

  it('AT-4, TX-5: Meta has their bytes, and has them once however often they are sent', async () => {
    const [anna, ben] = [desk.journey.newPerson(), desk.journey.newPerson()];
    const [chat, other] = [await desk.chatWith(anna), await desk.chatWith(ben)];
    const [pdfId, photoId] = [await desk.keep('Invoice 7.pdf', pdf), await desk.keep('photo.jpg', photo)];

    await desk.say(chat, sending('document', pdfId, { caption: 'Your invoice' }));
    await desk.say(chat, sending('image', photoId));
    const toAnna = await desk.received(anna, chat, 2);
    await desk.say(other, sending('document', pdfId));
    const toBen = await desk.received(ben, other, 1);

    expect(toAnna).toMatchObject([
      { type: 'document', filename: 'Invoice 7.pdf', caption: 'Your invoice' },
      { type: 'image' },
    ]);
    const [document, image] = toAnna;
    expect(await system.simulator.fileAt(desk.brand.number, document?.id ?? '')).toEqual({
      sha256: sha256(pdf),
      size: pdf.length,
    });
    expect(await system.simulator.fileAt(desk.brand.number, image?.id ?? '')).toEqual({
      sha256: sha256(photo),
      size: photo.length,
    });
    expect(toBen).toMatchObject([{ id: document?.id, filename: 'Invoice 7.pdf' }]);
    const { messages } = await desk.olivia.chats.listMessages({ chatId: chat });
    expect(messages.map(({ content }) => content?.kind?.$case)).toEqual(['text', 'media', 'media']);
  });

  it('AT-4: what Meta has lost is uploaded anew, and arrives once', async () => {
    const person = desk.journey.newPerson();
    const chatId = await desk.chatWith(person);
    const fileId = await desk.keep('again.jpg', padded(heads.jpeg, 10 * KB, 1));
    await desk.say(chatId, sending('image', fileId));
    const [first] = await desk.received(person, chatId, 1);
    await system.simulator.forgetFile(first?.id ?? '');

    await desk.say(chatId, sending('image', fileId));

    const all = await desk.received(person, chatId, 2);
    expect(all).toHaveLength(2);
    expect(all[1]?.id).not.toBe(first?.id);
  });

  it('TX-1, SE-1: a file that is not there, or is of another kind, is refused with the field, and stands in no chat', async () => {
    const chatId = await desk.chatWith(desk.journey.newPerson());
    const fileId = await desk.keep('photo.jpg', photo);
    const { organisationId } = system.demo;

    await expect(desk.say(chatId, sending('image', 'nobody-has-it'))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.media-not-found',
      violations: [{ field: 'content.media.file_id' }],
    });
    await expect(desk.say(chatId, sending('video', fileId))).rejects.toMatchObject({
      code: 'egress.media-mismatch',
      violations: [{ field: 'content.media.kind' }],
    });
    expect((await desk.files.getFile({ file: { fileId, phoneNumberId: '', mediaId: '' } })).file).toMatchObject({
      organisationId,
    });
    expect((await desk.olivia.chats.listMessages({ chatId })).messages).toHaveLength(1);
  });
});

describe('other kinds', () => {
  it('TX-5: an operator answers with a place and something to press; reading and typing is shown', async () => {
    const person = desk.journey.newPerson();
    const chatId = await desk.chatWith(person);

    await desk.olivia.chats.markRead({ chatId, typingIndicator: true });
    await desk.say(chatId, {
      kind: {
        $case: 'location',
        value: { latitude: 52.5, longitude: 13.4, name: 'Shop', address: undefined, url: undefined },
      },
    });
    await desk.say(chatId, {
      kind: {
        $case: 'interactive',
        value: {
          header: undefined,
          body: 'Shall we?',
          footer: '',
          action: { $case: 'replyButtons', value: { buttons: [{ id: 'y', title: 'Yes' }] } },
        },
      },
    });

    expect(await system.simulator.shownTo(person)).toEqual([['read', 'typing']]);
    expect((await desk.received(person, chatId, 2)).map(({ type }) => type)).toEqual(['location', 'interactive']);
  });

  it('TX-5: an operator answers with a reaction', async () => {
    const person = desk.journey.newPerson();
    const chatId = await desk.chatWith(person);
    const [wrote] = (await desk.olivia.chats.listMessages({ chatId })).messages;
    const reaction = { messageId: wrote?.whatsappMessageId ?? '', emoji: '👍' };

    await desk.say(chatId, { kind: { $case: 'reaction', value: reaction } });

    expect(await desk.received(person, chatId, 1, DeliveryState.DELIVERY_STATE_SENT)).toMatchObject([
      { type: 'reaction', message_id: reaction.messageId, emoji: '👍' },
    ]);
  });
});

describe('a customer sends an image', () => {
  it('AT-3: it is fetched, its bytes are behind a link, and it can be sent on', async () => {
    const person = desk.journey.newPerson();
    const bytes = padded(heads.png, 50 * KB, 7);
    const chatId = await desk.chatWith(person);
    await system.simulator.send(person, desk.brand.number, { kind: 'image', mimeType: 'image/png', bytes });
    const mediaId = await soon(async () => {
      const { messages } = await desk.olivia.chats.listMessages({ chatId });
      const said = messages.at(-1)?.content?.kind;
      if (said?.$case !== 'media') throw new Error('no image yet');
      return said.value.mediaId;
    });
    const file = { fileId: '', phoneNumberId: desk.brand.number, mediaId };

    const { url } = await soon(() => desk.files.getLink({ file }));

    const response = await fetch(url);
    expect(response.headers.get('content-type')).toMatch(/^image\/png/);
    expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(sha256(bytes));
    const found = (await desk.files.getFile({ file })).file;
    expect(found).toMatchObject({ state: FileState.FILE_STATE_READY, sha256: sha256(bytes), inbound: true });
    await desk.say(chatId, sending('image', found?.fileId ?? ''));
    const [back] = await desk.received(person, chatId, 1);
    expect(await system.simulator.fileAt(desk.brand.number, back?.id ?? '')).toMatchObject({ sha256: sha256(bytes) });
  });
});

describe('limits', () => {
  it.each([
    ['image', 'photo.jpg', heads.jpeg, 5 * MB],
    ['video', 'film.mp4', heads.mp4, 512 * KB],
    ['audio', 'sound.ogg', heads.ogg, 256 * KB],
    ['document', 'paper.pdf', heads.pdf, 768 * KB],
    ['sticker', 'sticker.webp', heads.sticker, 100 * KB],
    ['sticker', 'moving.webp', heads.movingSticker, 500 * KB],
  ])('AT-1, AT-2: %s goes at its limit, and is refused one byte above it (%s)', async (kind, name, head, limit) => {
    await narrow();
    const person = desk.journey.newPerson();
    const chatId = await desk.chatWith(person);
    const bytes = padded(head, limit);

    await desk.say(chatId, sending(kind, await desk.keep(name, bytes, { brandId: desk.brand.brandId })));

    const [sent] = await desk.received(person, chatId, 1);
    expect(await system.simulator.fileAt(desk.brand.number, sent?.id ?? '')).toEqual({
      sha256: sha256(bytes),
      size: limit,
    });
    await expect(desk.keep(name, padded(head, limit + 1), { brandId: desk.brand.brandId })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.media-too-large',
      details: { kind, limitBytes: String(limit) },
    });
  });

  it.each([
    ['a picture of another format', 'photo.jpg', heads.png],
    ['a film named for a picture', 'photo.jpg', heads.mp4],
    ['a picture named for a document', 'paper.pdf', heads.jpeg],
  ])('AT-2: %s is refused under its name', async (_what, name, head) => {
    await expect(desk.keep(name, padded(head, 10 * KB))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.media-mismatch',
    });
  });

  /** What would take long to fill is narrowed; stickers are allowed. */
  async function narrow(): Promise<void> {
    const rule = (kind: string, maxBytes: number, formats: string[]) => ({ kind, maxBytes: BigInt(maxBytes), formats });
    const rules = [
      rule('image', 5 * MB, ['jpg', 'png']),
      rule('video', 512 * KB, ['mp4']),
      rule('audio', 256 * KB, ['ogg']),
      rule('document', 768 * KB, ['pdf']),
      rule('sticker', 500 * KB, ['webp']),
    ];
    await desk.files.putPolicy({ organisationId: '', brandId: desk.brand.brandId, policy: { rules } });
  }
});
