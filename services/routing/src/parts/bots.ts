import { createConsumer } from '@switchboard/kafka';
import { createVault } from '@switchboard/vault';
import { part } from '@switchboard/service-kit';
import { createPostWebhook } from '../adapters/http/post-webhook.js';
import { mayBeCalled } from '../adapters/http/may-be-called.js';
import { monotonic, newSecret, pauseUntil } from '../adapters/node/machine.js';
import { botServer } from '../entrypoints/grpc/bot-server.js';
import { createWatchBot } from '../entrypoints/grpc/watch-bot.js';
import { botSources, createBotNews } from '../entrypoints/kafka/bot-news.js';
import { createBotUseCases } from '../use-cases/bots/bots.js';
import { createDeliverToBots } from '../use-cases/bots/deliver-to-bots.js';
import { createGiveBackChats } from '../use-cases/bots/give-back-chats.js';
import type { AroundParts } from './around.js';
import { type Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

/** An event waits up to two minutes for its bot; so many chunks of a partition may have some that do. */
const OPEN_CHUNKS = 64;
const CHUNK_RECORDS = 100;

/** Bots: their settings, and what they hear. */
export function botParts(
  { config, kafka, tail, instance, logger, metrics, keep, now }: Ground,
  { threads, index, numbers }: ThreadParts,
  { brands, botStore: store, bots: current, lookAround }: AroundParts,
) {
  const { allowsPrivate } = config.bots;
  const vault = createVault(config.masterKeys);
  // Receivers hold the time of a signature against the clock on their own wall, so ours is not moved ahead.
  const webhooks = createPostWebhook({ allowsPrivate, now: () => new Date() });
  const bots = createBotUseCases({
    store,
    numbers,
    brands,
    vault,
    mayBeCalled: mayBeCalled(allowsPrivate),
    newSecret,
    giveBackChats: createGiveBackChats({ threads, index, numbers, lookAround, now }),
    now,
  });
  const consumer = createConsumer(kafka, {
    group: 'routing-bots',
    instance,
    topics: botSources,
    chunkRecords: CHUNK_RECORDS,
    openChunks: OPEN_CHUNKS,
    handle: createBotNews({
      deliver: createDeliverToBots({
        bots: current,
        stopBot: (bot) => bots.stopBot(bot),
        vault,
        post: webhooks.post,
        pause: pauseUntil,
        monotonic,
        observe(ended, facts) {
          metrics.botNews(ended);
          if (ended === 'gone' || ended === 'refused' || ended === 'given-up') {
            logger.warn({ ...facts, ended }, 'a bot did not get an event');
          }
        },
      }),
      keep,
    }),
  });
  return {
    server: botServer(bots, createWatchBot(tail, bots)),
    parts: [part('webhooks', { stop: webhooks.close }), consumer],
  };
}
