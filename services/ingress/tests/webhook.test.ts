import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whatsappMessages } from '@switchboard/contracts/topics';
import { Failure } from '@switchboard/errors';
import { failureHandler, httpServer } from '@switchboard/http';
import { createIsSigned, isSameSecret, sha256 } from '../src/adapters/node/crypto.js';
import { fittingRecord, toRecord } from '../src/adapters/kafka/webhook-log.js';
import type { Read } from '../src/domain/events.js';
import { createWebhookApp, LARGEST_BODY } from '../src/entrypoints/http/webhook.js';
import { createAcceptWebhook } from '../src/use-cases/accept-webhook.js';
import { envelope, messages, payloads, readBody, receivedAt, text } from './support/bodies.js';

const current = 'the-current-secret';
const former = 'the-former-secret';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The route as the service has it, with a log in memory. */
async function ingress(append: (events: readonly Read[]) => Promise<void> = () => Promise.resolve()) {
  const log: Read[] = [];
  const outcomes: string[] = [];
  const traces: (string | undefined)[] = [];
  const app = createWebhookApp({
    acceptWebhook: createAcceptWebhook({
      isSigned: createIsSigned([current, former]),
      append: async (events, traceparent) => {
        await append(events);
        log.push(...events);
        traces.push(traceparent);
      },
      hash: sha256,
      now: () => receivedAt,
      observe: () => undefined,
    }),
    isVerifyToken: (token) => isSameSecret(token, 'verify-me'),
    observe: (outcome) => outcomes.push(outcome),
  });
  app.use(failureHandler({ error: () => undefined } as never));
  const server = httpServer({ port: 0, app, drainMs: 100 });
  await server.start();
  stops.push(() => server.stop());
  const url = `http://127.0.0.1:${server.port()}/webhook`;
  const post = (body: string | Buffer, headers: Record<string, string> = signed(body)) =>
    fetch(url, { method: 'POST', body, headers });
  return { url, log, outcomes, traces, post };
}

const signed = (body: string | Buffer, secret = current) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});
const sample = readFileSync(join(payloads, 'inbound-text.json'));

describe('RX-1 verification', () => {
  it('answers the challenge to who knows the token', async () => {
    const { url } = await ingress();
    const query = 'hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444';

    const response = await fetch(`${url}?${query}`);

    expect([response.status, await response.text()]).toEqual([200, '1158201444']);
  });

  it.each([
    'hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1',
    'hub.challenge=1',
    'hub.verify_token=verify-me',
  ])('refuses %s', async (query) => {
    const { url } = await ingress();

    expect((await fetch(`${url}?${query}`)).status).toBe(403);
  });
});

describe('RX-1 signatures', () => {
  it('takes what Meta’s check value says', () => {
    const body = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');
    const signature = 'sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756';

    expect(createIsSigned(['test_app_secret'])(body, signature)).toBe(true);
  });

  it('takes a body signed with the current secret, and with one that is being replaced', async () => {
    const { post, log } = await ingress();

    expect((await post(sample)).status).toBe(200);
    expect((await post(sample, signed(sample, former))).status).toBe(200);
    expect(log).toHaveLength(2);
  });

  it.each([
    ['none', {}],
    ['of another secret', signed(sample, 'another')],
    ['of another shape', { 'x-hub-signature-256': 'sha1=abc' }],
    ['over the body written anew', signed(JSON.stringify(JSON.parse(String(sample))))],
  ])('refuses %s, and stores nothing', async (_, headers) => {
    const { post, log, outcomes } = await ingress();

    expect((await post(sample, headers as Record<string, string>)).status).toBe(401);
    expect(log).toEqual([]);
    expect(outcomes).toEqual(['unsigned']);
  });
});

describe('RX-1 sizes', () => {
  const MB = 1024 * 1024;
  /** A body of exactly so many bytes that holds one text. */
  const filled = (bytes: number): string => {
    const bodyOf = (filling: string) => JSON.stringify(envelope(messages(text('a', { text: { body: filling } }))));
    return bodyOf('x'.repeat(Math.floor(bytes) - bodyOf('').length));
  };

  it('takes 2.9 MB, and exactly the limit', async () => {
    const { post, log } = await ingress();

    for (const bytes of [2.9 * MB, LARGEST_BODY]) expect((await post(filled(bytes))).status).toBe(200);

    expect(log.map(({ topic }) => topic)).toEqual(['messages', 'messages']);
  });

  it.each([3.1 * MB, LARGEST_BODY + 1])('refuses %d bytes with 413, and stores nothing', async (bytes) => {
    const { post, log, outcomes } = await ingress();

    expect((await post(filled(bytes))).status).toBe(413);
    expect(log).toEqual([]);
    expect(outcomes).toEqual(['too-large']);
  });

  it('refuses one that does not say how large it is', async () => {
    const { url, log } = await ingress();
    const body = filled(3.1 * MB);
    const stream = ReadableStream.from([Buffer.from(body.slice(0, MB)), Buffer.from(body.slice(MB))]);

    const response = await fetch(url, { method: 'POST', body: stream, headers: signed(body), duplex: 'half' });

    expect(response.status).toBe(413);
    expect(log).toEqual([]);
  });

  it('passes on a message of 2.9 MB in a record that the log takes: of unknown content, and raw', () => {
    const [read] = readBody(JSON.parse(filled(2.9 * MB))) ?? [];
    if (!read) throw new Error('nothing came out');

    const { value } = fittingRecord(read);

    expect(value?.byteLength).toBeLessThan(whatsappMessages.largestRecordBytes ?? 0);
    const event = whatsappMessages.decode(value ?? new Uint8Array());
    expect(event).toMatchObject({ messageId: 'a', content: { kind: { $case: 'unknown', value: { type: 'text' } } } });
    expect(event.raw.length).toBeGreaterThan(2.8 * MB);
  });
});

describe('RX-1 what cannot be read', () => {
  it.each([
    ['no JSON', 'not json', 'ingress.not-json'],
    ['no envelope', '{"hello":1}', 'ingress.not-an-envelope'],
  ])('%s goes to quarantine whole, and is answered 200', async (_, body, code) => {
    const { post, log } = await ingress();

    expect((await post(body)).status).toBe(200);
    expect(log).toMatchObject([{ topic: 'quarantine', event: { code, raw: Buffer.from(body) } }]);
  });

  it('a body that the parser fails on goes to quarantine whole, and is answered 200', async () => {
    const { post, log } = await ingress();
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const body = JSON.stringify(envelope(messages(text('a')))).replace('"a"', deep);

    expect((await post(body)).status).toBe(200);
    expect(log).toMatchObject([{ topic: 'quarantine', event: { code: 'ingress.unreadable-body', part: 'body' } }]);
  });

  it('a body with an event that the log will never take goes to quarantine whole', async () => {
    const { post, log } = await ingress((events) =>
      events[0]?.topic === 'quarantine'
        ? Promise.resolve()
        : Promise.reject(new Failure('invalid', 'kafka.record-too-large', 'a record may be 4 MB long')),
    );

    expect((await post(sample)).status).toBe(200);
    expect(log).toMatchObject([{ topic: 'quarantine', event: { code: 'ingress.too-large', raw: sample } }]);
  });

  it('an envelope without entries is answered 200', async () => {
    const { post, log } = await ingress();

    expect((await post('{"object":"x","entry":[]}')).status).toBe(200);
    expect(log).toEqual([]);
  });
});

describe('RX-2 a body of 3 × 3 × 5 items for different numbers', () => {
  it('is in the log whole, with the good ones beside a poison one', async () => {
    const { post, log } = await ingress();
    const change = (entry: number, number: number) => ({
      field: 'messages',
      value: {
        metadata: { phone_number_id: `${entry}${number}` },
        messages: [1, 2, 3, 4, 5].map((item) =>
          entry === 2 && item === 3 ? 'poison' : text(`${entry}${number}${item}`),
        ),
      },
    });
    const entry = [1, 2, 3].map((id) => ({ id: String(id), changes: [1, 2, 3].map((number) => change(id, number)) }));

    const response = await post(JSON.stringify({ object: 'whatsapp_business_account', entry }));

    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(log).toHaveLength(45);
    expect(log.filter(({ topic }) => topic === 'quarantine')).toHaveLength(3);
    const keys = new Set(log.filter(({ topic }) => topic === 'messages').map((each) => toRecord(each).key));
    expect([...keys].sort()).toEqual(['11', '12', '13', '21', '22', '23', '31', '32', '33']);
  });
});

describe('RX-3 the log', () => {
  it.each([
    ['away', new Failure('unavailable', 'kafka.unreachable', 'no broker answers')],
    ['full', new Failure('exhausted', 'kafka.queue-full', 'the queue is full')],
    ['set up for smaller records', new Failure('invalid', 'kafka.record-too-large', 'a record may be 1 MB long')],
  ])('%s is answered 503, so that Meta repeats', async (_, failure) => {
    const { post, log } = await ingress(() => Promise.reject(failure));

    const response = await post(sample);

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(log).toEqual([]);
  });

  it('is waited for: no answer before every event of the body is there', async () => {
    let acknowledge: () => void = () => undefined;
    let wasAsked: () => void = () => undefined;
    const { post } = await ingress(() => {
      wasAsked();
      return new Promise((resolve) => (acknowledge = resolve));
    });
    const asked = new Promise<void>((resolve) => (wasAsked = resolve));

    const answer = post(sample);
    await asked;
    const early = await Promise.race([answer.then(() => 'answered'), nextTurns(20).then(() => 'not answered')]);
    acknowledge();

    expect(early).toBe('not answered');
    expect((await answer).status).toBe(200);
  });

  it('that fails by a bug of ours is answered 500, counted, and says nothing', async () => {
    const { post, outcomes } = await ingress(() => Promise.reject(new TypeError('no such thing')));

    const response = await post(sample);

    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('no such thing')]);
    expect(outcomes).toEqual(['failed']);
  });

  it('gets each event under the key of its number, with the headers every event has', async () => {
    const { post, log } = await ingress();
    await post(sample);

    expect(log.map((each) => toRecord(each, '00-trace-01'))).toMatchObject([
      {
        topic: 'whatsapp.messages',
        key: '341280095512345',
        headers: {
          id: 'wamid.HBgLMTIwMjU1NTAxNDMVAgASGBRFNTM1Mzg3OUJENjlCRkREQ0I0NgA=',
          type: 'switchboard.ingress.v1.MessageReceived',
          time: '2026-11-20T10:00:00.000Z',
          traceparent: '00-trace-01',
        },
      },
    ]);
  });

  it('keys a change by its account, and what has no entry by its body', () => {
    const [change] = readBody(envelope({ field: 'account_update', value: { event: 'X' } })) ?? [];
    const [nobodys] = readBody({ entry: ['poison'] }) ?? [];

    expect([change, nobodys].map((each) => each && toRecord(each))).toMatchObject([
      { topic: 'whatsapp.changes', key: '215' },
      { topic: 'whatsapp.quarantine', key: 'body' },
    ]);
  });
});

describe('RN-2 traces', () => {
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('begin at the webhook, a new one for each body', async () => {
    const { post, traces } = await ingress();

    await post(sample);
    await post(sample);

    expect(traces).toEqual(Array(2).fill(expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)));
    expect(traces[0]).not.toBe(traces[1]);
  });

  it('go on from a gateway that began them, and from nothing that is none', async () => {
    const { post, traces } = await ingress();

    await post(sample, { ...signed(sample), traceparent: given });
    await post(sample, { ...signed(sample), traceparent: 'nonsense' });

    expect(traces[0]).toBe(given);
    expect(traces[1]).toMatch(/^00-[0-9a-f]{32}-/);
  });
});

/** Long enough for an answer on loopback that waits for nothing. */
async function nextTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
