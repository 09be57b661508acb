import { request as send } from 'node:http';
import { connect } from 'node:net';
import { Failure, failureKinds, invalid } from '@switchboard/errors';
import express, { Router } from 'express';
import { createApp, failureHandler, httpServer, httpStatus, readBody } from './index.js';

const said: object[] = [];
const logger = { error: (facts: object) => void said.push(facts) } as never;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(build: (app: ReturnType<typeof createApp>) => void): Promise<string> {
  const app = createApp();
  build(app);
  app.use(failureHandler(logger));
  const server = httpServer({ port: 0, app, drainMs: 100 });
  await server.start();
  stops.push(() => server.stop());
  return `http://127.0.0.1:${server.port()}`;
}

describe('an app', () => {
  it('behaves as Express does although requests are born with its prototypes', async () => {
    const url = await serve((app) => {
      app.use(
        '/sub',
        Router().get(
          '/:id',
          (request, response) => void response.json({ id: request.params.id, base: request.baseUrl }),
        ),
      );
      app.post('/json', express.json(), (request, response) => void response.status(201).send(request.body));
    });

    expect(await (await fetch(`${url}/sub/7?x=1`)).json()).toEqual({ id: '7', base: '/sub' });
    const created = await fetch(`${url}/json`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect([created.status, await created.json()]).toEqual([201, { a: 1 }]);
    expect((await fetch(`${url}/none`)).status).toBe(404);
    expect(created.headers.get('x-powered-by')).toBeNull();
  });

  it.each(failureKinds)('answers a failure of kind %s', async (kind) => {
    const url = await serve((app) => {
      app.get('/', () => {
        throw new Failure(kind, 'http.example', 'a sentence', { retryAfterMs: 1_200 });
      });
    });

    const response = await fetch(url);

    expect(response.status).toBe(httpStatus[kind]);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toEqual({ error: { code: 'http.example', message: 'a sentence' } });
  });

  it('answers with every field that is wrong', async () => {
    const violations = [{ field: 'name', description: 'must not be empty; give a name' }];
    const url = await serve((app) => {
      app.get('/', () => Promise.reject(invalid('http.invalid', violations)));
    });

    expect(await (await fetch(url)).json()).toMatchObject({ error: { violations } });
  });

  it('says nothing about a bug to the caller', async () => {
    const url = await serve((app) => {
      app.get('/', () => Promise.reject(new TypeError('secret detail')));
    });

    const response = await fetch(url);

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(said.at(-1)).toMatchObject({ err: { message: 'secret detail' } });
  });
});

describe('what Express refuses', () => {
  const refusing = () =>
    serve((app) => {
      app.post('/json', express.json({ limit: 100 }), (_, response) => void response.end());
      app.get('/items/:id', (_, response) => void response.end());
    });
  const post = async (body: string) =>
    fetch(`${await refusing()}/json`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

  it.each([
    ['a body that is not JSON', 'private words', 400, 'http.entity-parse-failed'],
    ['a body that is too large', JSON.stringify('x'.repeat(100)), 413, 'http.entity-too-large'],
  ])('is answered with its status and without its words: %s', async (_, body, status, code) => {
    said.length = 0;

    const response = await post(body);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/; send/) } });
    expect(said).toEqual([]);
  });

  it('is not taken for what another service refused us', async () => {
    const url = await serve((app) => {
      app.get('/', () => Promise.reject(Object.assign(new Error('gone there'), { status: 404 })));
    });

    expect((await fetch(url)).status).toBe(500);
  });

  it('is told of a malformed path', async () => {
    const response = await fetch(`${await refusing()}/items/%E0%A4%A`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'http.malformed-path' } });
  });
});

describe('a body', () => {
  const echo = (limit: number) =>
    serve((app) => {
      app.post('/', async (request, response) => {
        const body = await readBody(request, limit);
        if (body.kind === 'read') response.send(body.bytes);
        else response.status(body.kind === 'too-large' ? 413 : 400).end();
      });
    });

  it('comes as it was sent, up to the limit', async () => {
    const url = await echo(100_000);
    const bytes = Buffer.alloc(100_000, 'é');

    const response = await fetch(url, { method: 'POST', body: bytes });

    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('is refused one byte over the limit, told by its length', async () => {
    const url = await echo(1_000);

    expect((await fetch(url, { method: 'POST', body: Buffer.alloc(1_001) })).status).toBe(413);
  });

  it('is refused one byte over the limit, sent in pieces', async () => {
    const url = new URL(await echo(1_000));

    const status = await new Promise((resolve, reject) => {
      const request = send(url, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.write(Buffer.alloc(600));
      request.end(Buffer.alloc(401));
    });

    expect(status).toBe(413);
  });

  it('is refused to a sender who reads the answer only when all is written', async () => {
    const url = new URL(await echo(1_000_000));
    const socket = connect(Number(url.port), url.hostname);
    const answer: string[] = [];
    const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1900000\r\n\r\n`;

    socket.write(head);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(Buffer.alloc(1_900_000), () => {
        resolve();
      });
    });
    for await (const chunk of socket) {
      answer.push(String(chunk));
      if (answer.join('').includes('\r\n\r\n')) break;
    }

    expect(answer.join('')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['in pieces', 'transfer-encoding: chunked'],
    ['of a length it told', 'content-length: 1000000000000'],
  ])('is not read for ever: the connection of a sender who does not stop is ended, %s', async (_, header) => {
    const url = new URL(await echo(1_000));
    const socket = connect(Number(url.port), url.hostname);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.resume();

    socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`);
    const write = (): void => {
      if (!socket.destroyed) socket.write(`10\r\n${'x'.repeat(16)}\r\n`, () => setImmediate(write));
    };
    write();

    await closed;
  });
});
