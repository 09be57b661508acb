import { MessageAppended, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads } from '@switchboard/contracts/topics';
import { malformedCursor, type SubscribeOptions, type TailEvent } from '@switchboard/kafka';
import { createWatchBot } from '../src/entrypoints/grpc/watch-bot.js';
import { type Watched, watchedOf } from '../src/entrypoints/grpc/watch.js';
import { attached, NUMBER, OTHERS_NUMBER, serveBots, threadEvent } from './support/bots-world.js';

/** `WatchBot` over real gRPC on loopback; the log is a list, and a cursor a place in it. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(log: readonly ThreadEvent[]) {
  const items = log.map((event, offset) =>
    watchedOf(
      {
        offset,
        key: event.phoneNumberId,
        value: routingThreads.encode(event),
        headers: { org: event.organisationId },
        timestamp: 0,
      },
      routingThreads.name,
    ),
  );
  async function* subscribe({ from, filter }: SubscribeOptions<Watched>): AsyncGenerator<TailEvent<Watched>> {
    if (from === 'old') yield { kind: 'reset', cursor: '0' };
    else if (from !== 'latest' && !/^\d+$/.test(from)) throw malformedCursor();
    const first = from === 'latest' ? items.length : from === 'old' ? 0 : Number(from);
    for (const [at, item] of items.entries()) {
      if (at < first || !item || filter?.(item) === false) continue;
      yield await Promise.resolve({ kind: 'item', item, cursor: String(at + 1) } as const);
    }
    yield { kind: 'idle', cursor: String(items.length) };
  }
  const opened: { world?: Awaited<ReturnType<typeof serveBots>> } = {};
  const watch = createWatchBot(
    { subscribe },
    { getBot: (...asked) => opened.world?.bots.getBot(...asked) ?? Promise.reject(new Error('not open')) },
  );
  const world = await serveBots({ watch });
  stops.push(world.stop);
  opened.world = world;
  await world.store.save(attached());
  return world;
}

const written = { $case: 'messageAppended', value: MessageAppended.decode(new Uint8Array()) } as const;

async function seen(stream: AsyncIterable<{ cursor: string; threadEvent?: ThreadEvent | undefined; reset: boolean }>) {
  const all: string[] = [];
  for await (const { cursor, threadEvent, reset } of stream) {
    const what = reset
      ? 'reset'
      : threadEvent
        ? `${threadEvent.threadId.split('.')[2] ?? ''}:${threadEvent.sequence}`
        : 'alive';
    all.push(`${cursor} ${what}`);
  }
  return all;
}

const log = [
  threadEvent('ana', 1, { event: written }),
  threadEvent('ana', 2, { botId: '' }),
  threadEvent('bob', 1, { botId: 'other' }),
  threadEvent('eve', 1, { phoneNumberId: OTHERS_NUMBER }),
  threadEvent('eve', 2, { organisationId: 'globex' }),
  threadEvent('ana', 3),
];

it('BT-1 shows a bot its own chats alone, from a cursor on', async () => {
  const acme = await (await start(log)).client('acme', { botId: 'echo' });

  expect(await seen(acme.watchBot({ phoneNumberId: NUMBER, cursor: '0' }))).toEqual(['1 ana:1', '6 ana:3', '6 alive']);
  expect(await seen(acme.watchBot({ phoneNumberId: NUMBER, cursor: '1' }))).toEqual(['6 ana:3', '6 alive']);
  expect(await seen(acme.watchBot({ phoneNumberId: NUMBER }))).toEqual(['6 alive']);
});

it('says when a cursor is too old, and refuses what is none', async () => {
  const acme = await (await start(log)).client('acme');

  expect(await seen(acme.watchBot({ phoneNumberId: NUMBER, cursor: 'old' }))).toContain('0 reset');
  for (const cursor of ['nonsense', 'x'.repeat(9_000)]) {
    await expect(seen(acme.watchBot({ phoneNumberId: NUMBER, cursor }))).rejects.toMatchObject({
      kind: 'invalid',
      violations: [{ field: 'cursor' }],
    });
  }
});

it('SE-1 shows it to nobody else: no other organisation, no other bot', async () => {
  const world = await start(log);
  const [globex, other] = [await world.client('globex'), await world.client('acme', { botId: 'other' })];

  await expect(seen(globex.watchBot({ phoneNumberId: NUMBER }))).rejects.toMatchObject({ kind: 'not-found' });
  await expect(seen(other.watchBot({ phoneNumberId: NUMBER }))).rejects.toMatchObject({ code: 'routing.other-bot' });
  await expect(seen(globex.watchBot({ phoneNumberId: 'x' }))).rejects.toMatchObject({ kind: 'invalid' });
});
