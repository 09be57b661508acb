import { type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads, topics } from '@switchboard/contracts/topics';
import {
  committed,
  connectKafka,
  createConsumer,
  createProducer,
  ensureTopics,
  eventRecord,
  topicSpec,
} from '@switchboard/kafka';
import { eventually, servers } from '@switchboard/testing';
import { createPostWebhook } from '../src/adapters/http/post-webhook.js';
import { pauseUntil } from '../src/adapters/node/machine.js';
import { botSources, createBotNews } from '../src/entrypoints/kafka/bot-news.js';
import { createCurrentBots } from '../src/use-cases/bots/current-bots.js';
import { createDeliverToBots } from '../src/use-cases/bots/deliver-to-bots.js';
import { attached, memoryBots, openWebhook, threadEvent, twoNumbers, vault } from './support/bots-world.js';

/** Webhooks of bots behind a real Kafka: a restart in the middle loses nothing. */

jest.setTimeout(120_000);

const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'routing-bots-test' });
const producer = createProducer(kafka, { patience: 'retry' });
const group = `routing-bots-${process.pid}-${Date.now()}`;
const number = `${process.pid}${Date.now()}`;
const secret = vault.seal(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
const webhooks = createPostWebhook({ allowsPrivate: true, now: () => new Date() });

beforeAll(async () => {
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, { partitions: 12, replication: 1 })),
  );
  await producer.start();
});
afterAll(async () => {
  await producer.stop();
  await webhooks.close();
});

const happened = (thread: string, sequence: number): ThreadEvent =>
  threadEvent(thread, sequence, { threadId: `${number}.1.${thread}`, phoneNumberId: number });

async function say(...events: ThreadEvent[]): Promise<void> {
  await producer.send(
    events.map((event) =>
      eventRecord(routingThreads, event, {
        key: number,
        id: `${event.threadId}:${event.sequence}`,
        time: new Date(),
        org: 'acme',
      }),
    ),
  );
}

async function newProcess(url: string) {
  const store = memoryBots();
  await store.save(attached({ number, webhookUrl: url, secret }));
  const numbers = await twoNumbers();
  const owner = { organisationId: 'acme', brandId: 'b', departmentId: 'd' };
  await numbers.save(number, undefined, { version: 1, spans: [{ from: 0, connection: 1, owner }] });
  const ended: string[] = [];
  const monotonic = (): number => performance.now();
  const consumer = createConsumer(kafka, {
    group,
    instance: 'one',
    topics: botSources,
    openChunks: 64,
    handle: createBotNews({
      keep: () => Promise.resolve(),
      deliver: createDeliverToBots({
        bots: createCurrentBots({ store, numbers, monotonic }),
        stopBot: () => Promise.resolve(),
        vault,
        post: webhooks.post,
        pause: pauseUntil,
        monotonic,
        waitMs: () => 100,
        observe: (how, { eventId }) => ended.push(`${eventId.split('.')[2] ?? ''} ${how}`),
      }),
    }),
  });
  return { ended, start: consumer.start, stop: consumer.stop };
}

it('BT-1 BT-2 a process that ends while a bot is away leaves its events to the next, in order', async () => {
  const webhook = await openWebhook();
  webhook.answers(({ id }) => (id.includes('.ana:') ? 500 : 200));
  const first = await newProcess(webhook.url);
  await first.start();
  await say(happened('ana', 1), happened('bob', 1), happened('ana', 2), happened('bob', 2));
  await eventually(() => {
    expect(first.ended).toEqual(['bob:1 delivered', 'bob:2 delivered']);
  });
  await first.stop();

  webhook.answers(() => 200);
  const second = await newProcess(webhook.url);
  await second.start();
  await say(happened('ana', 3));
  await eventually(() => {
    expect(second.ended.filter((each) => each.startsWith('ana'))).toEqual([
      'ana:1 delivered',
      'ana:2 delivered',
      'ana:3 delivered',
    ]);
  });

  await eventually(async () => {
    const offsets = [
      ...((await committed(kafka, group, [routingThreads.name])).get(routingThreads.name)?.values() ?? []),
    ];
    expect(offsets.some((offset) => offset >= 5)).toBe(true);
  });
  await second.stop();
  await webhook.close();
});
