import { Bot, BotIdleAction } from '@switchboard/contracts/routing/v1/bot_service';
import { createCurrentBots, MAX_BOT_AGE_MS } from '../src/use-cases/bots/current-bots.js';
import { attached, memoryBots, NUMBER, OTHERS_NUMBER, serveBots, twoNumbers, vault } from './support/bots-world.js';

/** `BotService` over real gRPC on loopback, with the stores in memory. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(options: Parameters<typeof serveBots>[0] = {}) {
  const world = await serveBots(options);
  stops.push(world.stop);
  return { ...world, acme: await world.client('acme') };
}

const echo = {
  phoneNumberId: NUMBER,
  botId: 'echo',
  name: 'Echo',
  webhookUrl: 'https://bots.example.com/echo',
  idleAction: BotIdleAction.BOT_IDLE_ACTION_HAND_OVER,
};
const written = (more: Partial<Bot> = {}): Bot => ({ ...Bot.decode(new Uint8Array()), ...echo, ...more });
const givenSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describe('PutBot', () => {
  it('BT-1 attaches a bot with what holds where nothing is said, and tells the secret it made once', async () => {
    const { acme, store, clock } = await start();

    const { bot, webhookSecret } = await acme.putBot({ bot: written() });

    expect(bot).toMatchObject({
      ...echo,
      idleTime: 'PT15M',
      answerTimeout: 'PT30S',
      version: 1n,
      changedAt: clock.now(),
    });
    expect(webhookSecret).toMatch(/^whsec_/);
    expect((await acme.putBot({ bot: written({ name: 'Other' }) })).webhookSecret).toBe('');
    expect((await acme.getBot({ phoneNumberId: NUMBER })).bot).toMatchObject({ name: 'Other', version: 2n });
    const [kept] = await store.find([NUMBER]);
    expect(kept?.secret && vault.open(kept.secret)).toBe(webhookSecret);
  });

  it('SE-4 keeps no secret in the open', async () => {
    const { acme, store } = await start();

    const { webhookSecret } = await acme.putBot({ bot: written(), webhookSecret: givenSecret });

    expect(webhookSecret).toBe(givenSecret);
    expect(JSON.stringify(await store.find([NUMBER]))).not.toContain(givenSecret.slice(6));
  });

  it('BT-1 is one bot per number: another takes the place of the first', async () => {
    const { acme } = await start();
    await acme.putBot({ bot: written() });

    await acme.putBot({
      bot: written({ botId: 'other', idleTime: 'PT1H', answerTimeout: 'PT90S', departmentId: 'care' }),
    });

    expect((await acme.getBot({ phoneNumberId: NUMBER })).bot).toMatchObject({
      botId: 'other',
      idleTime: 'PT1H',
      answerTimeout: 'PT1M30S',
      departmentId: 'care',
    });
  });

  it.each([
    ['bot.phone_number_id', { phoneNumberId: 'x' }],
    ['bot.bot_id', { botId: 'a bot' }],
    ['bot.bot_id', { botId: '' }],
    ['bot.name', { name: ' ' }],
    ['bot.name', { name: 'x'.repeat(201) }],
    ['bot.webhook_url', { webhookUrl: 'bots.example.com' }],
    ['bot.webhook_url', { webhookUrl: 'http://bots.example.com' }],
    ['bot.webhook_url', { webhookUrl: 'ftp://bots.example.com' }],
    ['bot.webhook_url', { webhookUrl: 'https://user:word@bots.example.com' }],
    ['bot.webhook_url', { webhookUrl: 'https://bots.example.com/#part' }],
    ['bot.webhook_url', { webhookUrl: 'http://localhost:3000/' }],
    ['bot.webhook_url', { webhookUrl: 'https://10.0.0.1/' }],
    ['bot.webhook_url', { webhookUrl: 'https://169.254.169.254/latest' }],
    ['bot.webhook_url', { webhookUrl: 'https://[::ffff:10.0.0.1]/' }],
    ['bot.webhook_url', { webhookUrl: 'https://2130706433/' }],
    ['bot.webhook_url', { webhookUrl: `https://bots.example.com/${'x'.repeat(2_048)}` }],
    ['bot.idle_time', { idleTime: 'PT59S' }],
    ['bot.idle_time', { idleTime: 'P1D' }],
    ['bot.idle_time', { idleTime: 'soon' }],
    ['bot.idle_action', { idleAction: BotIdleAction.BOT_IDLE_ACTION_UNSPECIFIED }],
    ['bot.answer_timeout', { answerTimeout: 'PT1S' }],
    ['bot.answer_timeout', { answerTimeout: 'PT16M' }],
    ['bot.department_id', { departmentId: 'Sales!' }],
    ['bot.department_id', { departmentId: 'nowhere' }],
  ])('AP-1 names %s and what to do when it is %j', async (field, wrong) => {
    const { acme, store } = await start();

    await expect(acme.putBot({ bot: written(wrong) })).rejects.toMatchObject({
      kind: 'invalid',
      violations: [{ field, description: expect.stringMatching(/must .+[;,]/) as string }],
    });
    expect(await store.find([NUMBER])).toEqual([]);
  });

  it.each([
    'secret',
    'whsec_',
    'whsec_!!',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('AP-1 refuses the secret %j', async (webhookSecret) => {
    const { acme } = await start();

    await expect(acme.putBot({ bot: written(), webhookSecret })).rejects.toMatchObject({
      violations: [{ field: 'webhook_secret' }],
    });
  });

  it('AP-1 tells all that is wrong at once', async () => {
    const { acme } = await start();

    await expect(acme.putBot({})).rejects.toMatchObject({
      violations: [{ field: 'bot' }, { field: 'bot.phone_number_id' }],
    });
    await expect(acme.putBot({ bot: written({ botId: '', name: '', idleTime: 'PT1S' }) })).rejects.toMatchObject({
      violations: [{ field: 'bot.bot_id' }, { field: 'bot.name' }, { field: 'bot.idle_time' }],
    });
  });

  it('takes http on this machine where the installation allows it', async () => {
    const { acme } = await start({ allowsPrivate: true });

    await acme.putBot({ bot: written({ webhookUrl: 'http://127.0.0.1:3000/' }) });

    await expect(acme.putBot({ bot: written({ webhookUrl: 'http://10.0.0.1/' }) })).rejects.toMatchObject({
      violations: [{ field: 'bot.webhook_url' }],
    });
  });
});

describe('RemoveBot', () => {
  it('detaches it, and is safe to repeat; a new one has a secret of its own', async () => {
    const { acme, givenBack } = await start();
    const first = await acme.putBot({ bot: written() });

    await acme.removeBot({ phoneNumberId: NUMBER });
    await acme.removeBot({ phoneNumberId: NUMBER });

    expect(givenBack.slice(1)).toEqual([
      [NUMBER, ''],
      [NUMBER, ''],
    ]);
    await expect(acme.getBot({ phoneNumberId: NUMBER })).rejects.toMatchObject({ code: 'routing.bot-not-found' });
    const again = await acme.putBot({ bot: written() });
    expect(again.webhookSecret).not.toBe(first.webhookSecret);
    expect(again.bot?.version).toBe(3n);
  });
});

describe('SE-1 another organisation', () => {
  it('neither sees nor changes a bot, nor one of a number it does not have', async () => {
    const { acme, client } = await start();
    await acme.putBot({ bot: written() });
    const globex = await client('globex');
    const notFound = { kind: 'not-found' };

    await expect(globex.getBot({ phoneNumberId: NUMBER })).rejects.toMatchObject(notFound);
    await expect(globex.putBot({ bot: written() })).rejects.toMatchObject(notFound);
    await expect(globex.removeBot({ phoneNumberId: NUMBER })).rejects.toMatchObject(notFound);
    await expect(acme.putBot({ bot: written({ phoneNumberId: OTHERS_NUMBER }) })).rejects.toMatchObject(notFound);
    await expect(acme.getBot({ phoneNumberId: '999' })).rejects.toMatchObject(notFound);
  });

  it('that gets the number gets neither the bot nor its secret', async () => {
    const { acme, client, numbers, store } = await start();
    const { webhookSecret } = await acme.putBot({ bot: written() });
    const known = (await numbers.find([NUMBER])).get(NUMBER);
    const owner = { organisationId: 'globex', brandId: 'b', departmentId: 'd' };
    await numbers.save(NUMBER, known, { version: 2, spans: [{ from: 9, connection: 2, owner }] });
    const globex = await client('globex');

    await expect(globex.getBot({ phoneNumberId: NUMBER })).rejects.toMatchObject({ code: 'routing.bot-not-found' });
    const current = createCurrentBots({ store, numbers, monotonic: () => 0 });
    expect(await current.of([NUMBER])).toEqual(new Map());
    expect((await globex.putBot({ bot: written() })).webhookSecret).not.toBe(webhookSecret);
  });

  it('SE-3 needs a scope for each call', async () => {
    const { client } = await start();
    const reader = await client('acme', { scope: 'routing.bots:read' });

    await expect(reader.putBot({ bot: written() })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(reader.getBot({ phoneNumberId: NUMBER })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('the bots of the hot path', () => {
  it('are read together and once a second, and a change is seen after it', async () => {
    const store = memoryBots();
    const reads: (readonly string[])[] = [];
    let ms = 0;
    const current = createCurrentBots({
      store: {
        find(numbers) {
          reads.push(numbers);
          return store.find(numbers);
        },
      },
      numbers: await twoNumbers(),
      monotonic: () => ms,
    });
    await store.save(attached());

    await Promise.all([current.of([NUMBER, OTHERS_NUMBER]), current.of([NUMBER])]);
    await store.save(attached({ version: 2, isRemoved: true }));
    ms = MAX_BOT_AGE_MS;
    expect((await current.of([NUMBER])).get(NUMBER)).toMatchObject({ botId: 'echo', version: 1 });
    expect(reads).toEqual([[NUMBER, OTHERS_NUMBER]]);

    ms += 1;
    expect(await current.of([NUMBER])).toEqual(new Map());
    expect(reads).toHaveLength(2);
  });
});
