import { createHmac } from 'node:crypto';
import { IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { topics, whatsappMessages, whatsappQuarantine } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createLookback, createProducer, createTail, ensureTopics, topicSpec } from '@switchboard/kafka';
import { startAll } from '@switchboard/service-kit';
import { eventually, freePort, jwtSecret, servers } from '@switchboard/testing';
import { Registry } from 'prom-client';
import { readConfig } from '../src/config.js';
import { ingressService } from '../src/service.js';
import { envelope, text } from './support/bodies.js';
import { quarantineContract } from './support/quarantine-contract.js';

/** The service's own parts on a real Kafka, whose address whoever runs these suites gives. */

jest.setTimeout(120_000);

const { brokers } = servers;
const number = `${Date.now()}${process.pid}`;
const quiet = { trace: noop, debug: noop, info: noop, warn: noop, error: noop, fatal: noop } as never;
const kafka = connectKafka({ brokers: brokers.split(','), clientId: 'ingress-test' });
const stops: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

let opened = 0;
const producer = createProducer(kafka, { recordBytes: 4 * 1024 * 1024 });
beforeAll(async () => {
  await producer.start();
  stops.push(producer.stop);
}, 60_000);

quarantineContract('Kafka', async () => {
  const name = `test.quarantine.${number}.${(opened += 1)}`;
  await ensureTopics(kafka, [topicSpec({ ...whatsappQuarantine, name }, { partitions: 3, replication: 1 })]);
  const lookback = createLookback(kafka, name);
  stops.push(lookback.close);
  return { lookback, append: (records) => producer.send(records.map((each) => ({ ...each, topic: name }))) };
});

describe('the service', () => {
  let url = '';
  let grpc = '';
  const seen: { topic: string; id: string; key: string; traceparent: string | undefined }[] = [];
  const mine = (topic: string) => seen.filter((each) => each.topic === topic).map(({ id }) => id);

  beforeAll(async () => {
    const layout = { partitions: 12, replication: 1 };
    await ensureTopics(
      kafka,
      topics.map((topic) => topicSpec(topic, layout)),
    );
    const tail = createTail(kafka, {
      topics: [whatsappMessages, whatsappQuarantine],
      select: ({ key, headers }, topic) =>
        key?.startsWith(number)
          ? { topic, key, id: headers['id'] ?? '', traceparent: headers['traceparent'] }
          : undefined,
    });
    await tail.start();
    const reading = new AbortController();
    void (async () => {
      for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal })) {
        if (each.kind === 'item') seen.push(each.item);
      }
    })();
    const [httpPort, grpcPort] = [await freePort(), await freePort()];
    const config = readConfig({
      KAFKA_BROKERS: brokers,
      HTTP_PORT: String(httpPort),
      GRPC_PORT: String(grpcPort),
      META_APP_SECRETS: 'app-secret',
      META_VERIFY_TOKEN: 'verify-me',
      JWT_SECRET: jwtSecret,
    });
    const platform = {
      service: 'ingress',
      instance: 'i-1',
      logger: quiet,
      metrics: new Registry(),
      now: () => new Date(),
      monotonicMs: () => performance.now(),
      aheadMs: () => 0,
    };
    const stop = await startAll(ingressService(config, platform), quiet, new AbortController().signal);
    stops.push(
      tail.stop,
      () => {
        reading.abort();
      },
      stop,
    );
    url = `http://127.0.0.1:${httpPort}/webhook`;
    grpc = `127.0.0.1:${grpcPort}`;
  }, 120_000);

  const post = async (body: unknown): Promise<number> => {
    const bytes = JSON.stringify(body);
    const signature = createHmac('sha256', 'app-secret').update(bytes).digest('hex');
    return (
      await fetch(url, { method: 'POST', body: bytes, headers: { 'x-hub-signature-256': `sha256=${signature}` } })
    ).status;
  };
  const change = (phoneNumberId: string, ...items: unknown[]) => ({
    field: 'messages',
    value: { metadata: { phone_number_id: phoneNumberId }, messages: items },
  });

  it('RX-2, RX-3 has every item of 3 × 3 × 5 in the log when it answers, in order per number', async () => {
    const [entries, changes, items] = [
      ['1', '2', '3'],
      ['1', '2', '3'],
      ['1', '2', '3', '4', '5'],
    ];
    const entry = entries.map((e) => ({
      id: `${number}-${e}`,
      changes: changes.map((c) => change(`${number}${e}${c}`, ...items.map((i) => text(`${number}.${e}${c}${i}`)))),
    }));

    expect(await post({ object: 'whatsapp_business_account', entry })).toBe(200);

    await eventually(() => {
      expect(mine(whatsappMessages.name)).toHaveLength(45);
    });
    for (const e of entries) {
      for (const c of changes) {
        const of = seen.filter(({ key }) => key === `${number}${e}${c}`).map(({ id }) => id);
        expect(of).toEqual(items.map((i) => `${number}.${e}${c}${i}`));
      }
    }
    expect(new Set(seen.map(({ traceparent }) => traceparent)).size).toBe(1);
    expect(seen[0]?.traceparent).toMatch(/^00-/);
  });

  it('RX-1 has a message of 2.9 MB in the log, and a poison one beside it in quarantine', async () => {
    const large = text(`${number}.large`, { text: { body: 'x'.repeat(2.9 * 1024 * 1024) } });
    const body = { entry: [{ id: `${number}-large`, changes: [change(`${number}9`, large, 'poison')] }] };

    expect(await post(body)).toBe(200);

    await eventually(() => {
      expect(mine(whatsappMessages.name)).toContain(`${number}.large`);
      expect(mine(whatsappQuarantine.name)).toHaveLength(1);
    });
  });

  it('lists the poison one over gRPC, and says why it cannot be replayed', async () => {
    const token = await signToken(jwtSecret, { subject: 'tests', scope: 'ingress.*', ttlSeconds: 60 });
    const client = grpcClient(IngressServiceService, grpc, { token });
    stops.push(client.close);

    const { items } = await client.listQuarantined({ pageSize: 500 }, { deadlineMs: 20_000 });

    const found = items.find(({ entryId }) => entryId === `${number}-large`);
    expect(found).toMatchObject({ code: 'ingress.unreadable-item', raw: Buffer.from('"poison"'), part: 'messages' });
    await expect(
      client.replayQuarantined({ quarantineId: found?.quarantineId ?? '' }, { deadlineMs: 20_000 }),
    ).rejects.toMatchObject({ kind: 'invalid', code: 'ingress.unreadable-item' });
  });

  it('tells a body that comes five times with the same ids', async () => {
    const body = envelope(change(`${number}7`, text(`${number}.again`)));

    expect(await Promise.all([1, 2, 3, 4, 5].map(() => post(body)))).toEqual([200, 200, 200, 200, 200]);

    await eventually(() => {
      expect(seen.filter(({ key }) => key === `${number}7`).map(({ id }) => id)).toEqual(
        Array(5).fill(`${number}.again`),
      );
    });
  });
});

function noop(): void {
  // A quiet log.
}
