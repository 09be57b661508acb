import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMediaClient, type MediaClient } from './media.js';

const opened: { server: Server; client: MediaClient }[] = [];
afterEach(async () => {
  for (const { server, client } of opened.splice(0)) {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});

async function open(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createMediaClient({ baseUrl: url, version: 'v25.0', timeoutMs: 2_000 });
  opened.push({ server, client });
  return { url, client };
}

async function* inPieces(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}
const textOf = async (content: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString();
};
const file = (content = inPieces('one ', 'two')) => ({
  content,
  sizeBytes: 7,
  mimeType: 'text/plain',
  filename: 'a "b"\n.txt',
});

describe('an upload', () => {
  it('AT-4: is a form of a known length', async () => {
    const { client } = await open((request, response) => {
      const { url, method } = request;
      const { authorization } = request.headers;
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      void (async () => {
        const form = await new Response(Buffer.from(await textOf(request)), { headers }).formData(); // eslint-disable-line @typescript-eslint/no-deprecated -- small here
        const given = form.get('file') as File;
        const seen = { url, method, authorization, type: form.get('type'), of: form.get('messaging_product') };
        response.end(
          JSON.stringify({
            id: JSON.stringify({ ...seen, name: given.name, mime: given.type, text: await given.text() }),
          }),
        );
      })();
    });

    const outcome = await client.upload('55', 'secret', file());

    expect(outcome.kind === 'uploaded' ? JSON.parse(outcome.mediaId) : outcome).toEqual({
      url: '/v25.0/55/media',
      method: 'POST',
      authorization: 'Bearer secret',
      type: 'text/plain',
      of: 'whatsapp',
      name: 'a "b"\n.txt',
      mime: 'text/plain',
      text: 'one two',
    });
  });

  it.each<[string, number, object, object]>([
    [
      'refused, with what follows',
      400,
      { error: { code: 131_053, message: 'no' } },
      { kind: 'refused', ruling: { consequence: 'fix' } },
    ],
    ['refused for now', 429, { error: { code: 130_429 } }, { kind: 'refused', ruling: { consequence: 'back-off' } }],
    ['failed when Meta has an error of its own', 502, {}, { kind: 'failed' }],
    ['failed without an id in the answer', 200, {}, { kind: 'failed' }],
  ])('AT-4: is %s', async (_what, status, body, expected) => {
    const { client } = await open((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)));
    });

    expect(await client.upload('55', 'secret', file())).toMatchObject(expected);
  });

  it('AT-4: fails when Meta hangs up, and throws what its content throws', async () => {
    const { client } = await open((request) => request.socket.destroy());
    const broken = new Error('the store broke');
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('one'));
      throw broken;
    }

    expect(await client.upload('55', 'secret', file())).toMatchObject({ kind: 'failed' });
    await expect(client.upload('55', 'secret', file(breaking()))).rejects.toBe(broken);
  });
});

describe('a download', () => {
  it('AT-3: takes the token along, also over a redirect of the same origin', async () => {
    const { url, client } = await open((request, response) => {
      if (request.url === '/first') response.writeHead(302, { location: '/second' }).end();
      else response.end(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    });

    expect(await textOf(await client.download(`${url}/first`, 'secret'))).toBe('/second Bearer secret');
  });

  it.each([
    ['http://127.0.0.1:1/a'],
    ['http://169.254.169.254/latest/meta-data'],
    ['https://10.0.0.1/a'],
    ['https://[::1]/a'],
    ['https://localhost/a'],
    ['http://example.org/a'],
    ['ftp://example.org/a'],
  ])('AT-4: calls %s neither at once nor behind a redirect', async (address) => {
    const { url, client } = await open((_request, response) => response.writeHead(302, { location: address }).end());

    for (const each of [address, `${url}/a`]) {
      await expect(client.download(each, 'secret')).rejects.toMatchObject({
        kind: 'forbidden',
        code: 'meta.address-closed',
      });
    }
  });

  it('AT-4: gives up after three redirects', async () => {
    const { url, client } = await open((_request, response) => response.writeHead(302, { location: '/again' }).end());

    await expect(client.download(`${url}/a`, 'secret')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    [404, 'not-found'],
    [401, 'unauthenticated'],
    [429, 'exhausted'],
    [503, 'unavailable'],
  ])('AT-3: HTTP %i is %s', async (status, kind) => {
    const { url, client } = await open((_request, response) => response.writeHead(status).end());

    await expect(client.download(`${url}/a`, 'secret')).rejects.toMatchObject({ kind, code: `meta.${status}` });
  });

  it('AT-3: that breaks off is unavailable', async () => {
    const { url, client } = await open((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });

    await expect(client.download(`${url}/a`, 'secret').then(textOf)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
