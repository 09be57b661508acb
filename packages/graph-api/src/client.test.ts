import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { createGraphClient } from './index.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function meta(handle: (request: IncomingMessage, response: ServerResponse) => void, timeoutMs = 2_000) {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createGraphClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    version: 'v25.0',
    timeoutMs,
  });
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });
  return client;
}

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const errorBody = (code: number, extra: object = {}) => ({
  error: {
    message: `(#${code}) said`,
    type: 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details: 'why' },
    fbtrace_id: 'T',
    ...extra,
  },
});

const body = { messaging_product: 'whatsapp', to: '12025550143', type: 'text', text: { body: 'Hi' } };

describe('sending a message', () => {
  it('posts the body with the token and tells Meta’s id', async () => {
    let seen = '';
    const client = await meta((request, response) => {
      void readText(request).then((sent) => {
        seen = `${request.method} ${request.url} ${request.headers.authorization} ${sent}`;
        answering(200, {
          messages: [{ id: 'wamid.1', message_status: 'accepted' }],
          contacts: [{ input: '1', wa_id: '12025550143' }],
        })(request, response);
      });
    });

    const outcome = await client.sendMessage('341', 'TOKEN', body);

    expect(outcome).toEqual({
      kind: 'accepted',
      whatsappMessageId: 'wamid.1',
      messageStatus: 'accepted',
      phone: '12025550143',
    });
    expect(seen).toBe(`POST /v25.0/341/messages Bearer TOKEN ${JSON.stringify(body)}`);
  });

  it('reads the user id of an answer to a user id', async () => {
    const client = await meta(
      answering(200, { messages: [{ id: 'wamid.1' }], contacts: [{ input: 'US.1', user_id: 'US.1' }] }),
    );

    expect(await client.sendMessage('341', 'T', body)).toMatchObject({ kind: 'accepted', userId: 'US.1' });
  });

  const refused = (consequence: string, error: object = {}) => ({ kind: 'refused', ruling: { consequence }, error });

  it.each([
    [429, errorBody(130429), refused('back-off', { code: 130429 })],
    [400, errorBody(131056), refused('back-off')],
    [503, errorBody(2), refused('back-off')],
    [429, '<html>slow down</html>', refused('back-off', { title: 'HTTP 429' })],
    [400, errorBody(999999, { is_transient: true }), refused('back-off')],
    [400, errorBody(131047), refused('never', { code: 131047, details: 'why', traceId: 'T' })],
    [401, errorBody(190), refused('stop')],
    [400, errorBody(100, { error_subcode: 33 }), refused('stop', { code: 100, subcode: 33 })],
    [400, errorBody(100), refused('fix')],
    [500, errorBody(131000), refused('few-tries')],
    [400, errorBody(131048), refused('wait')],
  ])('TX-5 an answer %i %j is refused with what follows: %j', async (status, answer, expected) => {
    const client = await meta(answering(status, answer));

    expect(await client.sendMessage('341', 'T', body)).toMatchObject(expected);
  });

  it.each([
    [404, 'not found', 'stop'],
    [403, '<html>', 'stop'],
    [302, '', 'stop'],
    [413, 'too large', 'few-tries'],
  ])('an answer %i %j, which is not Meta’s, says nothing against the message: %s', async (status, answer, expected) => {
    const client = await meta(answering(status, answer));

    expect(await client.sendMessage('341', 'T', body)).toMatchObject(refused(expected, { code: 0 }));
  });

  it.each([
    [200, 'not json'],
    [200, { messages: [] }],
    [502, '<html>'],
    [504, ''],
    [408, ''],
  ])('TX-4 an answer %i %j leaves us not knowing', async (status, answer) => {
    const client = await meta(answering(status, answer));

    expect(await client.sendMessage('341', 'T', body)).toMatchObject({ kind: 'unknown' });
  });

  it('passes on when to try again', async () => {
    const client = await meta(answering(429, errorBody(130429), { 'retry-after': '3' }));

    expect(await client.sendMessage('341', 'T', body)).toMatchObject({ kind: 'refused', retryAfterMs: 3_000 });
  });

  it('TX-4 a cut connection after the request is unknown', async () => {
    const client = await meta((request) => {
      request.resume();
      request.on('end', () => request.socket.destroy());
    });

    expect((await client.sendMessage('341', 'T', body)).kind).toBe('unknown');
  });

  it('TX-4 an answer that never comes is unknown', async () => {
    const client = await meta(() => undefined, 150);

    expect(await client.sendMessage('341', 'T', body)).toEqual({ kind: 'unknown', reason: 'time-out' });
  });

  it('TX-4 a body that stops half-way is unknown', async () => {
    const client = await meta((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"messages":[{"id":"wamid.1"');
      setTimeout(() => response.destroy(), 20);
    });

    expect((await client.sendMessage('341', 'T', body)).kind).toBe('unknown');
  });

  it('a refused connection was not sent', async () => {
    const client = createGraphClient({ baseUrl: 'http://127.0.0.1:1', version: 'v25.0' });

    expect(await client.sendMessage('341', 'T', body)).toEqual({ kind: 'not-sent', reason: 'ECONNREFUSED' });
    await client.close();
  });

  it('a name that does not resolve was not sent', async () => {
    const client = createGraphClient({ baseUrl: 'http://graph.invalid', version: 'v25.0' });

    expect((await client.sendMessage('341', 'T', body)).kind).toBe('not-sent');
    await client.close();
  });

  it('an abort before the call began was not sent', async () => {
    const client = await meta(answering(200, {}));

    expect((await client.sendMessage('341', 'T', body, { signal: AbortSignal.abort() })).kind).toBe('not-sent');
  });
});

describe('numbers', () => {
  it('are read with their fields', async () => {
    const client = await meta((request, response) => {
      answering(200, { id: '341', url: request.url })(request, response);
    });

    expect(await client.getPhoneNumber('341', 'T', ['status', 'name_status'])).toEqual({
      id: '341',
      url: '/v25.0/341?fields=status%2Cname_status',
    });
  });

  it('are listed over all pages', async () => {
    const client = await meta((request, response) => {
      const after = new URL(request.url!, 'http://x').searchParams.get('after') ?? '0';
      const next = String(Number(after) + 1);
      answering(200, {
        data: [{ id: after }],
        paging: { cursors: { after: next }, ...(Number(after) < 3 && { next: 'more' }) },
      })(request, response);
    });

    const ids: unknown[] = [];
    for await (const { id } of client.listPhoneNumbers('waba', 'T', ['id'])) ids.push(id);

    expect(ids).toEqual(['0', '1', '2', '3']);
  });

  it.each([
    [401, errorBody(190), 'unauthenticated', 'meta.190'],
    [400, errorBody(80007), 'exhausted', 'meta.80007'],
    [400, errorBody(4), 'exhausted', 'meta.4'],
    [503, errorBody(2), 'unavailable', 'meta.2'],
    [404, errorBody(100), 'not-found', 'meta.100'],
    [503, 'away', 'unavailable', 'meta.503'],
  ])('an answer %i is the failure it is', async (status, answer, kind, code) => {
    const client = await meta(answering(status, answer));

    await expect(client.getPhoneNumber('341', 'T', ['id'])).rejects.toMatchObject({ kind, code });
  });
});

describe('a read receipt', () => {
  it.each([
    [false, {}],
    [true, { typing_indicator: { type: 'text' } }],
  ])(
    'TX-5: names the message, and says that an answer is being written where that is wanted (%s)',
    async (isTyping, more) => {
      let seen = '';
      const client = await meta((request, response) => {
        void readText(request).then((sent) => {
          seen = `${request.method} ${request.url} ${request.headers.authorization} ${sent}`;
          answering(200, { success: true })(request, response);
        });
      });

      await client.markRead('341', 'TOKEN', 'wamid.1', isTyping);

      const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.1', ...more };
      expect(seen).toBe(`POST /v25.0/341/messages Bearer TOKEN ${JSON.stringify(receipt)}`);
    },
  );

  it('TX-5: throws what Meta says against it', async () => {
    const client = await meta(answering(400, errorBody(131_009)));

    await expect(client.markRead('341', 'T', 'wamid.1', false)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'meta.131009',
    });
  });
});

describe('blocking users', () => {
  it('PF-3 names each by phone or user id, and tells whom Meta did not block', async () => {
    const seen: string[] = [];
    const client = await meta((request, response) => {
      void readText(request).then((sent) => {
        seen.push(`${request.method} ${request.url} ${sent}`);
        const errors = [{ message: 'Re-engagement required', code: 131_047, error_data: { details: 'why' } }];
        const block_users = { added_users: [], failed_users: [{ input: '12025550143', errors }] };
        answering(400, { ...errorBody(139_100), block_users })(request, response);
      });
    });

    expect(await client.blockUsers('341', 'EAAG', [{ phone: '12025550143' }, { userId: 'US.1' }])).toEqual([
      { user: '12025550143', code: 131_047, reason: 'Re-engagement required: why' },
    ]);
    await client.unblockUsers('341', 'EAAG', [{ userId: 'US.1' }]);

    expect(seen).toEqual([
      'POST /v25.0/341/block_users {"messaging_product":"whatsapp","block_users":[{"user":"12025550143"},{"user_id":"US.1"}]}',
      'DELETE /v25.0/341/block_users {"messaging_product":"whatsapp","block_users":[{"user_id":"US.1"}]}',
    ]);
  });

  it.each([
    [139_102, 'unavailable'],
    [139_101, 'invalid'],
  ])('throws for the whole with %d as %s', async (code, kind) => {
    const client = await meta(answering(400, errorBody(code)));

    await expect(client.blockUsers('341', 'EAAG', [{ phone: '1' }])).rejects.toMatchObject({
      kind,
      code: `meta.${code}`,
    });
  });
});
