import { Failure } from '@switchboard/errors';
import { contextOf, type DeliveryContext, handle, type Handler } from './handler.js';
import { done, skip } from './outcome.js';
import { defaultPatience, type Patience, settle } from './settle.js';

describe('whose fault is it', () => {
  it('nobody’s: the outcome is what the handler says', async () => {
    expect(
      await settle(
        hearing(() => Promise.resolve(skip('already charged'))),
        bytes,
        context(),
        eager,
      ),
    ).toEqual({
      outcome: { kind: 'skipped', reason: 'already charged' },
      attempts: 1,
    });
  });

  it.each(['unavailable', 'exhausted'] as const)(
    'the world’s (%s): it is tried for as long as it takes',
    async (kind) => {
      const attempts: number[] = [];
      const handler = hearing((_, { attempt }) => {
        attempts.push(attempt);
        return attempt < 50 ? Promise.reject(new Failure(kind, 'store.away', 'away')) : Promise.resolve(done);
      });

      expect(await settle(handler, bytes, context(), eager)).toEqual({ outcome: done, attempts: 50 });
      expect(attempts.at(-1)).toBe(50);
    },
  );

  it.each(['invalid', 'unauthenticated', 'forbidden', 'not-found', 'conflict'] as const)(
    'the event’s (%s): it is set aside at once',
    async (kind) => {
      const settled = await settle(
        hearing(() => Promise.reject(new Failure(kind, 'a.code', 'a sentence'))),
        bytes,
        context(),
        eager,
      );

      expect(settled).toEqual({ outcome: { kind: 'set-aside', reason: 'a.code: a sentence' }, attempts: 1 });
    },
  );

  it('ours: it is tried a few times, set aside, and the bug is told', async () => {
    const bug = new TypeError('undefined is not a function');

    const settled = await settle(
      hearing(() => Promise.reject(bug)),
      bytes,
      context(),
      eager,
    );

    expect(settled).toEqual({ outcome: { kind: 'set-aside', reason: String(bug) }, attempts: 3, bug });
  });

  it('bytes that are no event are the event’s fault', async () => {
    const broken = {
      ...topic,
      decode: () => {
        throw new Error('index out of range');
      },
    };

    const settled = await settle(
      handle(broken, () => Promise.resolve(done)),
      bytes,
      context(),
      eager,
    );

    expect(settled).toMatchObject({
      outcome: { kind: 'set-aside', reason: expect.stringContaining('kafka.undecodable') as string },
      attempts: 1,
    });
  });

  it('stops waiting when the partition is given up, and says nothing of the event', async () => {
    const giveUp = new AbortController();
    const handler = hearing(() => {
      giveUp.abort();
      return Promise.reject(new Failure('unavailable', 'store.away', 'away'));
    });

    expect(await settle(handler, bytes, context(giveUp.signal), defaultPatience)).toBeUndefined();
  });
});

describe('the context of a delivery', () => {
  it('carries what the headers say', () => {
    const headers = { id: 'wamid.1', time: '2026-03-01T10:00:00Z', org: 'o-1', traceparent: '00-a-b-01' };

    const about = contextOf(
      'whatsapp.messages',
      3,
      { offset: 7, key: '4711', value: null, headers, timestamp: 0 },
      new AbortController().signal,
    );

    expect(about).toMatchObject({
      eventId: 'wamid.1',
      time: new Date('2026-03-01T10:00:00Z'),
      org: 'o-1',
      traceparent: '00-a-b-01',
      partition: 3,
      offset: 7,
      key: '4711',
    });
  });

  it('names an event without an id by its place, which is the same when it comes again', () => {
    const about = contextOf(
      't',
      3,
      { offset: 7, key: null, value: null, headers: {}, timestamp: 5 },
      new AbortController().signal,
    );

    expect(about).toMatchObject({ eventId: 't:3:7', time: new Date(5) });
  });
});

const topic = { name: 't', code: 't', generation: 1, decode: (value: Uint8Array) => value };
const bytes = new Uint8Array();
const eager: Patience = { attemptsForBugs: 3, wait: () => Promise.resolve() };

const hearing = (hear: Parameters<typeof handle<Uint8Array>>[1]): Handler => handle(topic, hear);

const context = (signal = new AbortController().signal): DeliveryContext =>
  contextOf('t', 0, { offset: 0, key: 'k', value: bytes, headers: {}, timestamp: 0 }, signal);
