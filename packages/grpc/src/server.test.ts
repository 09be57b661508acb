import { IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { ChatServiceService, type WatchChatsResponse } from '@switchboard/contracts/routing/v1/chat_service';
import { Failure, failureKinds, invalid } from '@switchboard/errors';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { logger, said, secret, serve, stopAll } from '../tests/support/serve.js';
import { grpcClient, grpcServer, localTokens, signToken, unary } from './index.js';

afterEach(stopAll);

describe('a unary call', () => {
  it('answers, and tells the handler who calls', async () => {
    const subjects: string[] = [];
    const { client } = await serve({
      listQuarantined: unary((request, { caller }) => {
        subjects.push(caller.subject);
        return Promise.resolve({ items: [], nextPageToken: `after-${request.pageToken}` });
      }),
    });

    expect(await client.listQuarantined({ pageToken: 'x' })).toEqual({ items: [], nextPageToken: 'after-x' });
    expect(subjects).toEqual(['test']);
  });

  it.each(failureKinds)('carries a failure of kind %s to the other side, whole', async (kind) => {
    const failure = new Failure(kind, 'ingress.example', 'a sentence', { details: { id: '7' }, retryAfterMs: 1_500 });
    const { client } = await serve({ listQuarantined: unary(() => Promise.reject(failure)) });

    await expect(client.listQuarantined({})).rejects.toMatchObject({
      kind,
      code: 'ingress.example',
      message: 'a sentence',
      details: { id: '7' },
      retryAfterMs: 1_500,
    });
  });

  it('carries field violations', async () => {
    const violations = [{ field: 'page_size', description: 'must be 1 to 500; ask for smaller pages' }];
    const { client } = await serve({
      listQuarantined: unary(() => Promise.reject(invalid('ingress.invalid', violations))),
    });

    await expect(client.listQuarantined({})).rejects.toMatchObject({ kind: 'invalid', violations });
  });

  it('tells the caller nothing about a bug, and the log everything', async () => {
    said.length = 0;
    const { client } = await serve({ listQuarantined: unary(() => Promise.reject(new TypeError('secret detail'))) });

    await expect(client.listQuarantined({})).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'internal error',
    });
    expect(said.find(({ level }) => level === 'error')?.facts).toMatchObject({ err: { message: 'secret detail' } });
  });

  it('is given up at its deadline, and the handler is told', async () => {
    const told = new Promise<void>((resolve) => {
      void serve({
        listQuarantined: unary((_, { signal }) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
          return new Promise(() => undefined);
        }),
      }).then(({ client }) =>
        expect(client.listQuarantined({}, { deadlineMs: 100 })).rejects.toMatchObject({ kind: 'unavailable' }),
      );
    });

    await told;
  });

  it('is not given up when it was answered', async () => {
    const gone: unknown[] = [];
    const { client, server } = await serve({
      listQuarantined: unary((_, { signal }) => {
        signal.addEventListener('abort', (event) => gone.push(event));
        return Promise.resolve({ items: [], nextPageToken: '' });
      }),
    });

    await client.listQuarantined({});
    await server.stop();

    expect(gone).toEqual([]);
  });

  it('is unavailable when nobody listens', async () => {
    const client = grpcClient(IngressServiceService, '127.0.0.1:1', { token: 'x' });

    await expect(client.listQuarantined({})).rejects.toMatchObject({ kind: 'unavailable' });
    client.close();
  });
});

describe('SE-3 nothing is open', () => {
  const answers = { listQuarantined: unary(() => Promise.resolve({ items: [], nextPageToken: '' })) };

  it.each([
    ['no token', '', 'unauthenticated', 'auth.missing-token'],
    ['a token of another key', 'other', 'unauthenticated', 'auth.invalid-token'],
    ['an expired token', 'expired', 'unauthenticated', 'auth.invalid-token'],
    ['a token without the scope', 'narrow', 'forbidden', 'auth.missing-scope'],
  ])('with %s', async (_, which, kind, code) => {
    const { address } = await serve(answers);
    const sign = (key: string, scope: string, ttlSeconds = 60) => signToken(key, { subject: 's', scope, ttlSeconds });
    const tokens: Record<string, string> = {
      '': '',
      other: await sign(`another-${secret}`, 'ingress.*'),
      expired: await sign(secret, 'ingress.*', -10),
      narrow: await sign(secret, 'routing.*'),
    };
    const client = grpcClient(IngressServiceService, address, { token: tokens[which]! });

    await expect(client.listQuarantined({})).rejects.toMatchObject({ kind, code });
    client.close();
  });

  it('refuses to start when a method names no scope', () => {
    const services = [{ definition: IngressServiceService, implementation: answers, scopes: {} }];

    expect(() => grpcServer({ port: 0, verify: localTokens(secret), logger, services: services })).toThrow(
      /not implemented|names no scope/,
    );
  });

  it.each([
    ['a service', {}],
    ['an operator', { organisationId: 'acme', operatorId: 'olga' }],
    ['a bot', { organisationId: 'acme', botId: 'echo' }],
  ])('tells for whom %s speaks', async (_who, claims) => {
    const token = await signToken(secret, { subject: 's', scope: 'ingress.*', ttlSeconds: 60, ...claims });

    expect(await localTokens(secret)(token)).toEqual({ subject: 's', scopes: ['ingress.*'], ...claims });
  });

  it('takes a token that was good no longer than it says', async () => {
    const verify = localTokens(secret);
    const token = await signToken(secret, { subject: 's', scope: 'ingress.*', ttlSeconds: 60 });
    expect(await verify(token)).toEqual(await verify(token));

    jest.useFakeTimers({ now: Date.now() + 61_000 });
    await expect(verify(token)).rejects.toMatchObject({
      kind: 'unauthenticated',
      message: expect.stringContaining('expired') as string,
    });
    jest.useRealTimers();
  });

  it('refuses a short secret', () => {
    expect(() => localTokens('short')).toThrow('32 characters');
  });
});

describe('a stream', () => {
  const response = (cursor: string): WatchChatsResponse => ({ cursor, change: undefined });

  it('arrives in order and ends', async () => {
    const { watcher } = await serve({}, async function* () {
      for (let index = 0; index < 500; index += 1) yield response(String(index));
      await Promise.resolve();
    });

    const cursors: string[] = [];
    for await (const { cursor } of watcher.watchChats({})) cursors.push(cursor);

    expect(cursors).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });

  it('is returned from when the caller gives up', async () => {
    let returned: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      returned = resolve;
    });
    const { watcher } = await serve({}, async function* ({ signal }) {
      try {
        yield response('first');
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      } finally {
        returned();
      }
    });
    const giveUp = new AbortController();

    for await (const { cursor } of watcher.watchChats({}, { signal: giveUp.signal })) {
      expect(cursor).toBe('first');
      giveUp.abort();
    }

    await left;
  });

  it('ends with the failure it met', async () => {
    const { watcher } = await serve({}, async function* () {
      yield response('first');
      await Promise.resolve();
      throw new Failure('exhausted', 'routing.too-slow', 'read faster');
    });

    const read = async () => {
      for await (const { cursor } of watcher.watchChats({})) expect(cursor).toBe('first');
    };

    await expect(read()).rejects.toMatchObject({ kind: 'exhausted', code: 'routing.too-slow' });
  });

  it('needs the scope as well', async () => {
    const { address } = await serve({});
    const token = await signToken(secret, { subject: 's', scope: 'ingress.*', ttlSeconds: 60 });
    const narrow = grpcClient(ChatServiceService, address, { token });

    await expect(narrow.watchChats({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'forbidden' });
    narrow.close();
  });
});

describe('without a token', () => {
  it('health is answered, for the server and for each service', async () => {
    const { address } = await serve({});
    const client = new Client(address, credentials.createInsecure());

    for (const service of ['', 'switchboard.ingress.v1.IngressService', 'switchboard.routing.v1.ChatService']) {
      expect(await rawUnary(client, '/grpc.health.v1.Health/Check', field(1, service))).toEqual(Buffer.from([8, 1]));
    }
    client.close();
  });

  it('reflection gives the files of a service, with the types as they were written', async () => {
    const { address } = await serve({});
    const client = new Client(address, credentials.createInsecure());
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

    const stream = client.makeBidiStreamRequest<Buffer, Buffer>(
      path,
      (each) => each,
      (each) => each,
      new Metadata(),
    );
    stream.write(field(4, 'switchboard.ingress.v1.IngressService'));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      stream.once('data', resolve);
      stream.once('error', reject);
    });

    expect(answer.toString('latin1')).toContain('.google.protobuf.Timestamp');
    expect(answer.toString('latin1')).not.toContain('.switchboard.ingress.v1.google');
    stream.end();
    client.close();
  });
});

/** One protobuf field of type string. */
const field = (number: number, text: string): Buffer =>
  text === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)]);

const rawUnary = (client: Client, path: string, request: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, response?: Buffer): void => {
      if (error) reject(error);
      else resolve(response!);
    };
    client.makeUnaryRequest<Buffer, Buffer>(
      path,
      (each) => each,
      (each) => each,
      request,
      new Metadata(),
      {},
      done,
    );
  });
