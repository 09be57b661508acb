import { setAsideTopic } from '@switchboard/contracts/topics';
import type { ServedService } from '@switchboard/grpc';
import {
  createConsumer,
  type KafkaClient,
  type Logger,
  type Producer,
  setAsideRecord,
  type Tail,
} from '@switchboard/kafka';
import type { Component } from '@switchboard/service-kit';
import { createVault } from '@switchboard/vault';
import { createPostWebhook } from './adapters/http/post-webhook.js';
import { mayBeCalled } from './adapters/http/reachable.js';
import type { BotStore } from './use-cases/bot-ports.js';
import { newSecret, pauseUntil } from './adapters/node/machine.js';
import type { Config } from './config.js';
import { botServer } from './entrypoints/grpc/bot-server.js';
import type { Watched } from './entrypoints/grpc/watch.js';
import { createWatchBot } from './entrypoints/grpc/watch-bot.js';
import { botSources, createBotNews } from './entrypoints/kafka/bot-news.js';
import type { routingMetrics } from './metrics.js';
import { createBotUseCases } from './use-cases/bots.js';
import { createCurrentBots, type CurrentBots } from './use-cases/current-bots.js';
import { createDeliverToBots } from './use-cases/deliver-to-bots.js';
import type { GiveBackChats } from './use-cases/give-back-chats.js';
import type { Clock, NumberStore } from './use-cases/ports.js';
import type { Brands } from './use-cases/settings-ports.js';

/** An event waits up to two minutes for its bot; so many chunks of a partition may have some that do. */
const OPEN_CHUNKS = 64;
const CHUNK_RECORDS = 100;

/** Bots: their settings, and what they hear. */
export function botParts(
  config: Config,
  shared: {
    readonly kafka: KafkaClient;
    readonly producer: Producer;
    readonly store: BotStore;
    readonly numbers: NumberStore;
    readonly brands: Brands;
    readonly tail: Tail<Watched>;
    readonly instance: string;
    readonly logger: Logger;
    readonly metrics: ReturnType<typeof routingMetrics>;
    readonly giveBackChats: GiveBackChats;
    readonly now: Clock;
  },
): { readonly server: ServedService; readonly current: CurrentBots; readonly parts: readonly Component[] } {
  const { kafka, producer, store, numbers, brands, tail, instance, logger, metrics, giveBackChats, now } = shared;
  const { allowsPrivate } = config.bots;
  const vault = createVault(config.masterKeys);
  const monotonic = (): number => performance.now();
  // Receivers hold the time of a signature against the clock on their own wall, so ours is not moved ahead.
  const webhooks = createPostWebhook({ allowsPrivate, now: () => new Date() });
  const current = createCurrentBots({ store, numbers, monotonic });
  const bots = createBotUseCases({
    store,
    numbers,
    brands,
    vault,
    mayBeCalled: mayBeCalled(allowsPrivate),
    newSecret,
    giveBackChats,
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
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAsideTopic('routing').name, chunk.topic, chunk.partition, record, reason)]),
    }),
  });
  return {
    server: botServer(bots, createWatchBot(tail, bots)),
    current,
    parts: [{ name: 'webhooks', start: () => Promise.resolve(), stop: webhooks.close }, consumer],
  };
}
