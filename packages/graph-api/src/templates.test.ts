import { Failure } from '@switchboard/errors';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { createGraphClient } from './index.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>];

/** Meta, as a function of each call; what it was asked is written down. */
async function meta(answer: (request: IncomingMessage) => Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void readText(request).then((sent) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${sent}`.trim());
      const [status, body, headers] = answer(request);
      response.writeHead(status, headers);
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createGraphClient({ baseUrl, version: 'v25.0', timeoutMs: 2_000 });
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });
  return { client, asked };
}

describe('templates', () => {
  it('TP-1 are made, edited, unpaused and deleted', async () => {
    const { client, asked } = await meta(() => [
      200,
      { id: '168', status: 'PENDING', category: 'UTILITY', success: true },
    ]);

    expect(await client.createTemplate('215', 'T', { name: 'order' })).toEqual({
      id: '168',
      status: 'PENDING',
      category: 'UTILITY',
    });
    await client.editTemplate('168', 'T', { components: [] });
    await client.unpauseTemplate('168', 'T');
    await client.deleteTemplate('215', 'T', 'order');
    await client.deleteTemplate('215', 'T', 'order', '168');

    expect(asked).toEqual([
      'POST /v25.0/215/message_templates Bearer T {"name":"order"}',
      'POST /v25.0/168 Bearer T {"components":[]}',
      'POST /v25.0/168/unpause Bearer T {}',
      'DELETE /v25.0/215/message_templates?name=order Bearer T',
      'DELETE /v25.0/215/message_templates?name=order&hsm_id=168 Bearer T',
    ]);
  });

  it('TP-2 are listed in pages, up to the last', async () => {
    const { client, asked } = await meta(({ url = '' }) =>
      url.includes('after=a')
        ? [200, { data: [{ id: '2' }], paging: { cursors: { after: 'b' } } }]
        : [200, { data: [{ id: '1' }], paging: { cursors: { after: 'a' }, next: 'more' } }],
    );
    const query = { fields: ['id', 'name'], limit: 1 };

    const first = await client.listTemplates('215', 'T', { ...query, name: 'order', language: 'en' });

    expect(first).toEqual({ templates: [{ id: '1' }], after: 'a' });
    expect(await client.listTemplates('215', 'T', { ...query, after: 'a' })).toEqual({
      templates: [{ id: '2' }],
      after: undefined,
    });
    expect(asked).toEqual([
      'GET /v25.0/215/message_templates?fields=id%2Cname&limit=1&name=order&language=en Bearer T',
      'GET /v25.0/215/message_templates?fields=id%2Cname&limit=1&after=a Bearer T',
    ]);
  });

  it.each([
    [
      [400, { error: { code: 100, error_subcode: 2388024, message: 'Invalid', error_user_msg: 'There is one' } }],
      { kind: 'invalid', code: 'meta.100', message: 'Invalid (There is one)', details: { subcode: '2388024' } },
    ],
    [
      [400, { error: { code: 80007, message: 'Too many' } }],
      { kind: 'exhausted', code: 'meta.80007', retryAfterMs: 60_000 },
    ],
    [
      [429, { error: { code: 4, message: 'Too many' } }, { 'retry-after': '7' }],
      { kind: 'exhausted', code: 'meta.4', retryAfterMs: 7_000 },
    ],
    [[200, { status: 'PENDING' }], { kind: 'unavailable', code: 'meta.answer-incomplete' }],
  ] satisfies [Answer, object][])('TX-5 an answer %j is the failure %j', async (answer, failure) => {
    const { client } = await meta(() => answer);

    await expect(client.createTemplate('215', 'T', {})).rejects.toMatchObject(failure);
  });
});

describe('an example', () => {
  const file = (content: AsyncIterable<Uint8Array>) => ({
    content,
    sizeBytes: 100_001,
    mimeType: 'image/png',
    filename: 'a b.png',
  });
  const session = 'upload:MTph==?sig=ARZ';

  it('TP-1 is announced, then its bytes are sent as they come, and its handle is told', async () => {
    const { client, asked } = await meta(({ url = '' }) => [
      200,
      url.includes('/uploads?') ? { id: session } : { h: '4::aW' },
    ]);
    async function* content() {
      yield await Promise.resolve(Buffer.from('x'.repeat(100_000)));
      yield Buffer.from('y');
    }

    expect(await client.uploadExample('app', 'T', file(content()))).toBe('4::aW');
    expect(asked).toEqual([
      'POST /v25.0/app/uploads?file_name=a+b.png&file_length=100001&file_type=image%2Fpng Bearer T',
      `POST /v25.0/${session} OAuth T ${'x'.repeat(100_000)}y`,
    ]);
  });

  it('throws what its content throws', async () => {
    const { client } = await meta(() => [200, { id: session }]);

    async function* content() {
      yield await Promise.resolve(Buffer.from('x'));
      throw new Failure('invalid', 'too-short', 'it ends here');
    }

    await expect(client.uploadExample('app', 'T', file(content()))).rejects.toMatchObject({ code: 'too-short' });
  });
});
