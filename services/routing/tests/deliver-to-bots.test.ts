import { type Chunk } from '@switchboard/kafka';
import { routingThreads } from '@switchboard/contracts/topics';
import {
  ChatCompleted,
  ChatHandedOver,
  MessageAppended,
  type ThreadEvent,
} from '@switchboard/contracts/routing/v1/events';
import { Webhook } from 'standardwebhooks';
import { createPostWebhook } from '../src/adapters/http/post-webhook.js';
import { createBotNews, newsOf } from '../src/entrypoints/kafka/bot-news.js';
import { createCurrentBots } from '../src/use-cases/bots/current-bots.js';
import { createDeliverToBots, GIVE_UP_AFTER_MS, usualWaitMs } from '../src/use-cases/bots/deliver-to-bots.js';
import { attached, memoryBots, NUMBER, openWebhook, threadEvent, twoNumbers, vault } from './support/bots-world.js';

/** Webhooks of bots over real HTTP on loopback; time is ours, so nothing is waited for. */

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

async function start({ allowsPrivate = true, timeoutMs = 10_000 } = {}) {
  const webhook = await openWebhook();
  const store = memoryBots();
  await store.save(attached({ webhookUrl: webhook.url, secret: vault.seal(secret) }));
  const webhooks = createPostWebhook({ allowsPrivate, now: () => new Date(), timeoutMs });
  stops.push(webhook.close, webhooks.close);
  const ended: string[] = [];
  let ms = 0;
  const stopped: number[] = [];
  const deliver = createDeliverToBots({
    bots: createCurrentBots({ store, numbers: await twoNumbers(), monotonic: () => ms }),
    async stopBot(bot) {
      stopped.push(bot.version);
      await store.save({ ...bot, isStopped: true, version: bot.version + 1 });
      ms += 2_000;
    },
    vault,
    post: webhooks.post,
    pause: (wait) => {
      ms += wait;
      return Promise.resolve();
    },
    monotonic: () => ms,
    observe(how, { eventId }) {
      ended.push(`${eventId.slice(NUMBER.length + 3)} ${how}`);
    },
  });
  const controller = new AbortController();
  return {
    webhook,
    store,
    ended,
    stopped,
    passed: () => ms,
    abort: () => {
      controller.abort(new Error('given up'));
    },
    deliver: (...events: ThreadEvent[]) => deliver(events.map(newsOf), controller.signal),
  };
}

const said = (thread: string, sequence: number, body: string): ThreadEvent =>
  threadEvent(thread, sequence, {
    event: {
      $case: 'messageAppended',
      value: {
        ...MessageAppended.decode(new Uint8Array()),
        whatsappMessageId: `w${sequence}`,
        author: 1,
        content: { kind: { $case: 'text', value: { body } } } as never,
        raw: Buffer.from('{"from":"Meta"}'),
      },
    },
  });
const handedOver = (thread: string, sequence: number): ThreadEvent =>
  threadEvent(thread, sequence, { event: { $case: 'chatHandedOver', value: ChatHandedOver.decode(new Uint8Array()) } });

it('BT-1 gets what happens as JSON that Standard Webhooks verifies', async () => {
  const { webhook, deliver } = await start();

  await deliver(said('ana', 3, 'Olá 🙂'));

  const [call] = webhook.received;
  const verified = new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {});
  expect(verified).toEqual({
    threadId: `${NUMBER}.1.ana`,
    sequence: '3',
    phoneNumberId: NUMBER,
    organisationId: 'acme',
    chatId: `${NUMBER}.1.ana:1`,
    botId: 'echo',
    occurredAt: '2026-11-25T12:00:00.000Z',
    messageAppended: { whatsappMessageId: 'w3', author: 'AUTHOR_CUSTOMER', content: { text: { body: 'Olá 🙂' } } },
  });
  expect(call?.headers).toMatchObject({ 'webhook-id': `${NUMBER}.1.ana:3`, 'content-type': 'application/json' });
  expect(() => new Webhook(secret).verify(`${call?.body ?? ''} `, call?.headers ?? {})).toThrow();
});

it('BT-2 gets two messages of one moment, in order, also where the first had to be sent again', async () => {
  const { webhook, deliver, passed } = await start();
  webhook.answers((_call, nth) => (nth <= 3 ? 500 : 204));

  await deliver(said('ana', 1, 'a'), said('ana', 2, 'b'));

  expect(webhook.ids().map((id) => id.slice(-1))).toEqual(['1', '1', '1', '1', '2']);
  expect(passed()).toBe(usualWaitMs(1) + usualWaitMs(2) + usualWaitMs(3));
});

it('BT-2 is in order too when the second comes while the first is under way', async () => {
  const { webhook, deliver } = await start();
  let go = (): void => undefined;
  webhook.answers((_call, nth) =>
    nth > 1
      ? 200
      : new Promise(
          (resolve) =>
            (go = () => {
              resolve(200);
            }),
        ),
  );

  const first = deliver(said('ana', 1, 'a'));
  await webhook.until(1);
  const second = deliver(said('ana', 2, 'b'));
  go();
  await Promise.all([first, second]);

  expect(webhook.ids()).toEqual([`${NUMBER}.1.ana:1`, `${NUMBER}.1.ana:2`]);
});

it('a thread whose event is not taken holds up no other', async () => {
  const { webhook, deliver } = await start();
  let go = (): void => undefined;
  webhook.answers(({ id }) =>
    id.includes('.ana:')
      ? new Promise(
          (resolve) =>
            (go = () => {
              resolve(200);
            }),
        )
      : 200,
  );

  const all = deliver(said('ana', 1, 'a'), said('bob', 1, 'b'), said('bob', 2, 'c'));
  await webhook.until(3);

  expect(webhook.ids().filter((id) => id.includes('.bob:'))).toHaveLength(2);
  go();
  await all;
});

it.each([302, 400, 404, 429, 500])('sends again after HTTP %d, and follows no redirect', async (status) => {
  const { webhook, deliver, ended } = await start();
  webhook.answers((_call, nth) => (nth === 1 ? status : 200));

  await deliver(said('ana', 1, 'a'));

  expect(ended).toEqual(['ana:1 delivered']);
  expect(webhook.received).toHaveLength(2);
  expect(new Set(webhook.ids()).size).toBe(1);
});

it('sends again when nobody answers in time, and when nobody is there', async () => {
  const { webhook, deliver, ended, store } = await start({ timeoutMs: 200 });
  webhook.answers((_call, nth) => (nth === 1 ? new Promise(() => undefined) : 200));
  await deliver(said('ana', 1, 'a'));
  expect(ended).toEqual(['ana:1 delivered']);

  const [bot] = await store.find([NUMBER]);
  await webhook.close();
  stops.shift();
  expect(bot).toBeDefined();
  await deliver(said('ana', 2, 'b'));
  expect(ended.at(-1)).toBe('ana:2 given-up');
});

it('BT-1 gives an event up after two minutes, and those that waited behind it too', async () => {
  const { webhook, deliver, ended, passed } = await start();
  webhook.answers(() => 503);

  await deliver(said('ana', 1, 'a'), said('ana', 2, 'b'), said('ana', 3, 'c'));

  expect(ended).toEqual(['ana:1 given-up', 'ana:2 given-up', 'ana:3 given-up']);
  expect(passed()).toBeLessThanOrEqual(GIVE_UP_AFTER_MS);
});

it('BT-1 has no more patience once people have the chat, and tells the bot so', async () => {
  const { webhook, deliver, ended } = await start();
  webhook.answers(({ id }) => (id.endsWith(':1') ? 500 : 200));

  await deliver(said('ana', 1, 'a'), handedOver('ana', 2), threadEvent('ana', 3, { botId: '' }));

  expect(ended).toEqual(['ana:1 given-up', 'ana:2 delivered']);
  expect(webhook.ids()).toEqual([`${NUMBER}.1.ana:1`, `${NUMBER}.1.ana:2`]);
});

it('stops for good at 410, until the bot is put anew', async () => {
  const { webhook, deliver, ended, stopped } = await start();
  webhook.answers(() => 410);

  await deliver(said('ana', 1, 'a'), said('ana', 2, 'b'));

  expect(ended).toEqual(['ana:1 gone', 'ana:2 nobody']);
  expect(webhook.received).toHaveLength(1);
  expect(stopped).toEqual([1]);
});

it('sends nothing where no bot attends, another does, or the number is another organisation’s', async () => {
  const { webhook, deliver, ended } = await start();

  await deliver(
    threadEvent('ana', 1, { botId: '' }),
    threadEvent('bob', 1, { botId: 'other' }),
    threadEvent('eve', 1, { organisationId: 'globex' }),
  );

  expect(ended).toEqual(['bob:1 nobody', 'eve:1 nobody']);
  expect(webhook.received).toEqual([]);
});

it('rejects when the partition is given up, so that the events come again', async () => {
  const { webhook, deliver, abort, ended } = await start();
  webhook.answers(() => {
    abort();
    return 500;
  });

  await expect(deliver(said('ana', 1, 'a'), said('bob', 1, 'b'))).rejects.toThrow();
  expect(ended).toEqual([]);
});

it('SE-5 calls no closed address, and does not try again', async () => {
  const { webhook, deliver, ended, store, passed } = await start({ allowsPrivate: false });
  await deliver(said('ana', 1, 'a'));
  const [bot] = await store.find([NUMBER]);
  await store.save({ ...attached(bot), webhookUrl: `http://localhost:${webhook.port}/`, version: 2 });

  expect(ended).toEqual(['ana:1 refused']);
  expect(webhook.received).toEqual([]);
  expect(passed()).toBe(0);
});

it('SE-5 looks at what a name leads to', async () => {
  const webhook = await openWebhook();
  const webhooks = createPostWebhook({ allowsPrivate: false, now: () => new Date() });
  stops.push(webhook.close, webhooks.close);
  const call = { secret, id: 'e', body: '{}', signal: new AbortController().signal };

  const outcome = await webhooks.post({ ...call, url: `http://localhost:${webhook.port}/` });

  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('localhost') as string });
  expect(webhook.received).toEqual([]);
});

it('sets aside what is no event, and delivers the rest', async () => {
  const heard: string[] = [];
  const kept: string[] = [];
  const handle = createBotNews({
    deliver: (news) => {
      heard.push(...news.map(({ eventId, isLast }) => `${eventId} ${isLast}`));
      return Promise.resolve();
    },
    keep: (_chunk, { offset }, reason) => {
      kept.push(`${offset}: ${reason}`);
      return Promise.resolve();
    },
  });
  const completed = threadEvent('ana', 2, {
    event: { $case: 'chatCompleted', value: ChatCompleted.decode(new Uint8Array()) },
  });
  const values = [
    routingThreads.encode(said('ana', 1, 'a')),
    Buffer.from([255, 255]),
    routingThreads.encode(completed),
  ];
  const records = values.map((value, offset) => ({ offset, key: NUMBER, value, headers: {}, timestamp: 0 }));
  const chunk: Chunk = { topic: routingThreads.name, code: 't1', partition: 0, records };

  await (
    await handle(chunk, { signal: new AbortController().signal })
  ).done;

  expect(heard).toEqual([`${NUMBER}.1.ana:1 false`, `${NUMBER}.1.ana:2 true`]);
  expect(kept).toEqual(['1: these bytes are no event of routing.threads']);
});
