import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@switchboard/errors';
import { failureHandler, httpServer } from '@switchboard/http';
import { createIsSigned, isSameSecret, sha256 } from '../src/adapters/node/crypto.js';
import { toRecord } from '../src/adapters/kafka/webhook-log.js';
import type { Read } from '../src/domain/events.js';
import { createWebhookApp, LARGEST_BODY } from '../src/entrypoints/http/webhook.js';
import { createAcceptWebhook } from '../src/use-cases/accept-webhook.js';
import { payloads, receivedAt } from './support/bodies.js';

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
  const app = createWebhookApp({
    acceptWebhook: createAcceptWebhook({
      isSigned: createIsSigned([current, former]),
      append: async (events) => {
        await append(events);
        log.push(...events);
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
  return { url, log, outcomes, post };
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
  const filled = (bytes: number) => {
    const frame = '{"object":"x","entry":[],"padding":""}';
    return Buffer.from(frame.replace('""}', `"${'x'.repeat(bytes - frame.length)}"}`));
  };

  it('takes a body of exactly the limit', async () => {
    const { post } = await ingress();

    expect((await post(filled(LARGEST_BODY))).status).toBe(200);
  });

  it('refuses one byte more', async () => {
    const { post, log } = await ingress();

    expect((await post(filled(LARGEST_BODY + 1))).status).toBe(413);
    expect(log).toEqual([]);
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

  it('an envelope without entries is answered 200', async () => {
    const { post, log } = await ingress();

    expect((await post('{"object":"x","entry":[]}')).status).toBe(200);
    expect(log).toEqual([]);
  });
});

describe('RX-3 the log', () => {
  it.each([
    ['away', new Failure('unavailable', 'kafka.unreachable', 'no broker answers')],
    ['full', new Failure('exhausted', 'kafka.queue-full', 'the queue is full')],
  ])('%s is answered 503, so that Meta repeats', async (_, failure) => {
    const { post, log } = await ingress(() => Promise.reject(failure));

    const response = await post(sample);

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(log).toEqual([]);
  });

  it('is waited for: no answer before every event of the body is there', async () => {
    let acknowledge: () => void = () => undefined;
    const { post } = await ingress(
      () =>
        new Promise((resolve) => {
          acknowledge = resolve;
        }),
    );
    let status = 0;

    const answer = post(sample).then((response) => {
      status = response.status;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(status).toBe(0);
    acknowledge();
    await answer;

    expect(status).toBe(200);
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
});
