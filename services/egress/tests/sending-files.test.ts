import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { Media, type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { rulingOf } from '@switchboard/graph-api';
import { type MediaIdResult } from '../src/use-cases/media/ports.js';
import { createWorld, heldBack, messageId, NUMBER, refusal, replyQueued, type World } from './support/world.js';

/** AT-4: files of ours on their way from the queued reply to the call. */

const SECOND = 1_000;
const paper = {
  organisation: 'acme',
  kind: 'document',
  mimeType: 'application/pdf',
  filename: 'paper.pdf',
  sizeBytes: 100,
  state: 'ready',
} as const;

const document: Content = {
  kind: { $case: 'media', value: { ...Media.decode(new Uint8Array()), kind: 'document', fileId: 'paper' } },
};

async function oneProcess() {
  const world = createWorld();
  world.desk.files.set('paper', paper);
  const process = world.start();
  process.own();
  await world.settled();
  return { world, process };
}

const sends = (world: World, sequence = 1, customer = 'anna') =>
  replyQueued(world.clock.now(), sequence, customer, '', document);
const mediaSent = (world: World) =>
  world.calls.map(({ content }) => (content.kind === 'media' ? content.media : undefined));
const refused = (code: number): MediaIdResult => ({
  kind: 'refused',
  error: { code, title: '', message: 'said', details: '', href: '' },
  ...rulingOf(code),
});

async function passes(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += SECOND) {
    await world.clock.advance(SECOND);
    await world.settled();
  }
}

describe('a reply with a file of ours', () => {
  it('TX-5, AT-4 goes with Meta’s id of it, under its name', async () => {
    const { world, process } = await oneProcess();

    await process.hearThreads(sends(world));
    await world.settled();

    expect(mediaSent(world)).toEqual([
      { kind: 'document', mediaId: 'at-meta-1', mimeType: 'application/pdf', filename: 'paper.pdf' },
    ]);
    // What is kept, and shown, is the file that was meant.
    expect(world.message(messageId(1))).toMatchObject({
      state: 'sent',
      content: { media: { fileId: 'paper', filename: 'paper.pdf' } },
    });
  });

  it('AT-4 is uploaded once for all messages of the number', async () => {
    const { world, process } = await oneProcess();

    await process.hearThreads(sends(world));
    await world.settled();
    await process.hearThreads(sends(world, 2), sends(world, 1, 'ben'));
    await world.settled();

    expect(world.desk.uploads).toEqual(['paper']);
    expect(world.calls).toHaveLength(3);
  });

  it.each([
    ['is of another organisation', () => ({ ...paper, organisation: 'globex' }), 'egress.media-not-found'],
    ['has a virus', () => ({ ...paper, state: 'infected' as const }), 'egress.media-infected'],
    ['is of another kind', () => ({ ...paper, kind: 'image' as const }), 'egress.media-mismatch'],
  ])('TX-1 is refused, and says so, when the file %s', async (_what, file, code) => {
    const { world, process } = await oneProcess();
    world.desk.files.set('paper', file());

    await process.hearThreads(sends(world));
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.message(messageId(1))).toMatchObject({ state: 'refused', refusal: { code } });
  });

  it('TX-1 is looked at again at dispatch', async () => {
    const { world, process } = await oneProcess();
    world.tokenOf = () => Promise.reject(new Error('none'));
    await process.hearThreads(sends(world));
    await world.settled();
    world.desk.files.set('paper', { ...paper, state: 'infected' });
    world.tokenOf = () => Promise.resolve('token');

    await passes(world, 130 * SECOND);

    expect(world.message(messageId(1))).toMatchObject({
      state: 'refused',
      refusal: { code: 'egress.media-infected' },
    });
  });
});

describe('on its way to Meta', () => {
  it('AT-4 nothing is begun, and nothing waits but its customer, while a file is being uploaded', async () => {
    const { world, process } = await oneProcess();
    const upload = heldBack<MediaIdResult>();
    world.desk.upload = () => upload.promise;

    await process.hearThreads(
      sends(world),
      replyQueued(world.clock.now(), 2),
      replyQueued(world.clock.now(), 1, 'ben'),
    );
    await world.settled();
    expect(world.message(messageId(1))).toMatchObject({ state: 'accepted', attempts: [] });
    expect(world.texts()).toEqual(['ben 1']);

    upload.give({ kind: 'id', mediaId: 'late' });
    await world.settled();

    expect(mediaSent(world)).toMatchObject([undefined, { mediaId: 'late' }, undefined]);
  });

  it('AT-4 waits while the store or Meta is away, and goes when they are back; others go on', async () => {
    const { world, process } = await oneProcess();
    const { upload } = world.desk;
    world.desk.upload = () => Promise.resolve({ kind: 'not-sent', reason: 'ECONNREFUSED' });
    await process.hearThreads(sends(world));
    await passes(world, 10 * SECOND);
    await process.hearThreads(replyQueued(world.clock.now(), 1, 'ben'));
    await world.settled();
    expect(world.texts()).toEqual(['ben 1']);
    expect(world.desk.uploads.length).toBeGreaterThan(2);
    expect(world.desk.uploads.length).toBeLessThan(7);

    world.desk.upload = upload;
    await passes(world, 60 * SECOND);

    expect(world.message(messageId(1))).toMatchObject({ state: 'sent', attempts: [{ number: 1 }] });
  });

  it('AT-4 is refused after 12 hours, and says why', async () => {
    const { world, process } = await oneProcess();
    world.desk.upload = () => Promise.resolve({ kind: 'not-sent', reason: 'ECONNREFUSED' });
    await process.hearThreads(sends(world));
    await world.settled();

    for (let minutes = 0; minutes < 12 * 60 + 2; minutes += 1) {
      await world.clock.advance(60 * SECOND);
      await world.settled();
    }

    expect(world.message(messageId(1))).toMatchObject({
      state: 'refused',
      refusal: { code: 'egress.waited-too-long', reason: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it.each([131_053, 100])('AT-4 is refused with Meta’s code when Meta does not take the file (%i)', async (code) => {
    const { world, process } = await oneProcess();
    world.desk.upload = () => Promise.resolve(refused(code));

    await process.hearThreads(sends(world));
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.message(messageId(1))).toMatchObject({
      state: 'refused',
      refusal: { code: `meta.${code}`, reason: 'said', remedy: rulingOf(code).remedy },
    });
  });

  it('AT-4 stops the number when its token is not good for uploads, until it has another one', async () => {
    const { world, process } = await oneProcess();
    const { upload } = world.desk;
    world.desk.upload = () => Promise.resolve(refused(190));
    await process.hearThreads(sends(world));
    await world.settled();
    expect(world.held).toEqual({ slow: 0, stopped: 1 });

    world.desk.upload = upload;
    world.numbers.set(NUMBER, { organisation: 'acme', version: 2, sending: 'allowed', waba: 'w' });
    await passes(world, 10 * SECOND);

    expect(world.message(messageId(1))).toMatchObject({ state: 'sent' });
    expect(world.held).toEqual({ slow: 0, stopped: 0 });
  });
});

describe('an id that Meta does not know any more', () => {
  const sentence = {
    ...refusal(100),
    error: {
      code: 100,
      title: '',
      message: "(#100) Param document['id'] is not a valid whatsapp business account media attachment ID",
      details: '',
      href: '',
    },
  };

  it.each([
    ['131053', refusal(131_053)],
    ['131052', refusal(131_052)],
    ['a bad parameter', sentence],
  ])('AT-4 is forgotten, and the file is uploaded anew, once (%s)', async (_what, answer) => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    let refusals = 1;
    world.meta = (call) => ((refusals -= 1) >= 0 ? Promise.resolve(answer) : accept(call));

    await process.hearThreads(sends(world));
    await passes(world, 2 * SECOND);

    expect(mediaSent(world)).toMatchObject([{ mediaId: 'at-meta-1' }, { mediaId: 'at-meta-2' }]);
    expect(world.said().map(({ state }) => state)).toEqual([
      MessageState.MESSAGE_STATE_ACCEPTED,
      MessageState.MESSAGE_STATE_SENT,
    ]);
  });

  it('AT-4 fails its message the second time, and is uploaded anew for the next', async () => {
    const { world, process } = await oneProcess();
    const accept = world.meta;
    world.meta = () => Promise.resolve(refusal(131_053));
    await process.hearThreads(sends(world));
    await passes(world, 5 * SECOND);
    expect(world.calls).toHaveLength(2);
    expect(world.message(messageId(1))).toMatchObject({ state: 'failed' });

    world.meta = accept;
    await process.hearThreads(sends(world, 2));
    await passes(world, 2 * SECOND);

    expect(mediaSent(world).at(-1)).toMatchObject({ mediaId: 'at-meta-3' });
  });

  it('AT-4 is no matter of a message without a file of ours', async () => {
    const { world, process } = await oneProcess();
    world.meta = () => Promise.resolve(refusal(131_053));

    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await passes(world, 2 * SECOND);

    expect(world.calls).toHaveLength(1);
    expect(world.message(messageId(1))).toMatchObject({ state: 'failed' });
  });
});
