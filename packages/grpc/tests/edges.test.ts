import { EventEmitter, once } from 'node:events';
import type { ListQuarantinedRequest } from '@switchboard/contracts/ingress/v1/ingress_service';
import type { WatchChatsResponse } from '@switchboard/contracts/routing/v1/chat_service';
import { Failure, invalid } from '@switchboard/errors';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { signToken, unary } from '../src/index.js';
import { eventually } from '@switchboard/testing';
import { said, secret, serve, stopAll } from './support/serve.js';

afterEach(stopAll);

const response = (cursor: string): WatchChatsResponse => ({ cursor, change: undefined });
const fails = (failure: Failure) => ({ listQuarantined: unary(() => Promise.reject(failure)) });

describe('a handler with a bug', () => {
  const bug = (): never => {
    throw new TypeError('secret detail');
  };

  it.each([
    ['throws before its first await', unary<ListQuarantinedRequest, never>(bug)],
    [
      'answers what cannot be serialised',
      unary<ListQuarantinedRequest, never>(() => Promise.resolve({ items: 7, nextPageToken: '' } as never)),
    ],
    ['answers nothing', unary<ListQuarantinedRequest, never>(() => Promise.resolve(undefined as never))],
  ])('is answered INTERNAL and logged, and the process goes on: one that %s', async (_, listQuarantined) => {
    said.length = 0;
    const { client } = await serve({ listQuarantined });

    await expect(client.listQuarantined({})).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'internal error',
    });
    expect(said.map(({ level }) => level)).toContain('error');
  });

  it('ends its stream with INTERNAL', async () => {
    const { watcher } = await serve({}, bug);

    await expect(watcher.watchChats({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: status.INTERNAL,
    });
  });
});

describe('a failure that is hard to carry', () => {
  it('arrives although its words are cut in the middle of a character', async () => {
    const violations = [{ field: 'text\ud83d', description: 'must not end like this: \ud83d' }];
    const { client } = await serve(fails(invalid('ingress.\u00e9t\u00e9', violations)));

    await expect(client.listQuarantined({})).rejects.toMatchObject({
      kind: 'invalid',
      violations: [{ field: 'text\ufffd', description: 'must not end like this: \ufffd' }],
    });
  });

  it.each([
    ['a long message', new Failure('conflict', 'ingress.example', 'é'.repeat(100_000), { retryAfterMs: 2_000.5 })],
    ['long details', new Failure('conflict', 'ingress.example', 'no', { details: { a: '🙂'.repeat(50_000), b: '7' } })],
    [
      'many violations',
      invalid(
        'ingress.example',
        Array.from({ length: 5_000 }, (_, index) => ({ field: `items[${index}]`, description: 'must not be empty' })),
      ),
    ],
    [
      'one endless violation',
      invalid('ingress.example', [{ field: 'f'.repeat(90_000), description: '字'.repeat(90_000) }]),
    ],
  ])('arrives with as much as fits: %s', async (_, failure) => {
    const { client } = await serve(fails(failure));

    const caught = await client.listQuarantined({}).catch((error: unknown) => error);

    expect(caught).toMatchObject({ kind: failure.kind, code: 'ingress.example' });
    expect((caught as Failure).message.slice(0, 2)).toBe(failure.message.slice(0, 2));
    if (failure.violations.length > 1) {
      const { violations } = caught as Failure;
      expect(violations[0]).toEqual(failure.violations[0]);
      expect(violations.at(-1)?.description).toContain(`${5_000 - violations.length + 1} more`);
    }
  });
});

describe('a message that is too large', () => {
  const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

  it('is not sent, and never tried again: it is invalid, with the limit', async () => {
    let heard = 0;
    const { client } = await serve({
      listQuarantined: unary(() => {
        heard += 1;
        return Promise.resolve({ items: [], nextPageToken: '' });
      }),
    });

    await expect(client.listQuarantined({ pageToken: megabytes(9) })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'grpc.message-too-large',
      message: expect.stringContaining('8388608'),
    });
    expect(heard).toBe(0);
  });

  it('is invalid to callers with clients of their own', async () => {
    const { address } = await serve({});
    const token = await signToken(secret, { subject: 's', scope: 'ingress.*', ttlSeconds: 60 });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    const client = new Client(address, credentials.createInsecure());
    const path = '/switchboard.ingress.v1.IngressService/ListQuarantined';
    const bytes = Buffer.concat([Buffer.from([0x12, 0x80, 0x80, 0xc0, 0x04]), Buffer.alloc(9 * 1024 * 1024, 'x')]);

    const error = await new Promise<ServiceError | null>((resolve) => {
      const same = (each: Buffer): Buffer => each;
      client.makeUnaryRequest<Buffer, Buffer>(path, same, same, bytes, metadata, {}, resolve);
    });

    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining('8388608') });
    client.close();
  });

  it('is invalid when it is the answer', async () => {
    const { client } = await serve({
      listQuarantined: unary(() => Promise.resolve({ items: [], nextPageToken: megabytes(9) })),
    });

    await expect(client.listQuarantined({})).rejects.toMatchObject({
      kind: 'invalid',
      code: 'grpc.message-too-large',
    });
  });

  it('is invalid when it is part of a stream', async () => {
    const { watcher } = await serve({}, async function* () {
      await Promise.resolve();
      yield response(megabytes(9));
    });

    await expect(watcher.watchChats({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      kind: 'invalid',
      code: 'grpc.message-too-large',
    });
  });
});

describe('a caller who gave up before', () => {
  it('gets no answer of a unary call, and the other side hears nothing', async () => {
    let heard = 0;
    const { client } = await serve({
      listQuarantined: unary(() => {
        heard += 1;
        return Promise.resolve({ items: [], nextPageToken: '' });
      }),
    });

    await expect(client.listQuarantined({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(heard).toBe(0);
  });

  it('gets nothing of a stream', async () => {
    const { watcher } = await serve({}, async function* () {
      await Promise.resolve();
      yield response('first');
    });
    const got: string[] = [];

    for await (const { cursor } of watcher.watchChats({}, { signal: AbortSignal.abort() })) got.push(cursor);

    expect(got).toEqual([]);
  });
});

describe('a stream', () => {
  /** Says one thing and then waits for ever, whatever happens. */
  const deaf = (): AsyncIterable<WatchChatsResponse> => {
    let said = 0;
    return {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          (said += 1) === 1 ? Promise.resolve({ done: false, value: response('first') }) : new Promise(() => undefined),
      }),
    };
  };

  it('ends at its deadline although its iterator does not listen', async () => {
    said.length = 0;
    const { watcher } = await serve({}, deaf);
    const read = async () => {
      for await (const { cursor } of watcher.watchChats({}, { deadlineMs: 300 })) expect(cursor).toBe('first');
    };

    await expect(read()).rejects.toMatchObject({ kind: 'unavailable' });
    await eventually(() => {
      // Whichever of the two clocks is first.
      const code = expect.stringMatching(/^(CANCELLED|DEADLINE_EXCEEDED)$/);
      expect(said.map(({ facts }) => facts)).toContainEqual(expect.objectContaining({ code }));
    });
  });

  it.each([
    ['listens', false],
    ['does not listen', true],
  ])(
    'does not hold up a stop for the whole drain, and tells its reader to call again: its iterator %s',
    async (_, isDeaf) => {
      let returned = false;
      const listening = async function* ({ signal }: { readonly signal: AbortSignal }) {
        try {
          yield response('first');
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
        } finally {
          returned = true;
        }
      };
      // A drain far beyond the test's own time.
      const { watcher, server } = await serve({}, isDeaf ? deaf : listening, 600_000);
      const stream = watcher.watchChats({})[Symbol.asyncIterator]();
      await stream.next();

      const ended = expect(stream.next()).rejects.toMatchObject({ kind: 'unavailable', code: 'grpc.stopping' });
      await server.stop();

      await ended;
      expect(returned).toBe(!isDeaf);
    },
  );
});

describe('a call under way when the server stops', () => {
  it('is answered within the drain', async () => {
    const begun = new EventEmitter();
    const finish = new EventEmitter();
    const slow = unary(async () => {
      const finished = once(finish, 'finish');
      begun.emit('begun');
      await finished;
      return { items: [], nextPageToken: 'late' };
    });
    const { client, server } = await serve({ listQuarantined: slow }, undefined, 600_000);

    const isBegun = once(begun, 'begun');
    const answer = client.listQuarantined({});
    await isBegun;
    const stopped = server.stop();
    finish.emit('finish');

    expect(await answer).toMatchObject({ nextPageToken: 'late' });
    await stopped;
  });
});
