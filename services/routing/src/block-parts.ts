import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { setAsideTopic } from '@switchboard/contracts/topics';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, serviceTokens } from '@switchboard/grpc';
import { createConsumer, type KafkaClient, type Logger, type Producer, setAsideRecord } from '@switchboard/kafka';
import type { Component } from '@switchboard/service-kit';
import { createBlocklist } from './adapters/meta/blocklist.js';
import { pauseUntil } from './adapters/node/machine.js';
import type { Config } from './config.js';
import { createBlockNews } from './entrypoints/kafka/block-news.js';
import { botSources } from './entrypoints/kafka/bot-news.js';
import type { routingMetrics } from './metrics.js';
import { createBlockAtMeta } from './use-cases/block-at-meta.js';
import type { Customers } from './use-cases/ports.js';

/** What was decided about blocking is done at Meta. */
export function blockParts(
  config: Config,
  shared: {
    readonly kafka: KafkaClient;
    readonly producer: Producer;
    readonly customers: Customers;
    readonly instance: string;
    readonly logger: Logger;
    readonly metrics: ReturnType<typeof routingMetrics>;
  },
): readonly Component[] {
  const { kafka, producer, customers, instance, logger, metrics } = shared;
  const graph = createGraphClient({ baseUrl: config.graph.url, version: config.graph.version, connections: 4 });
  const token = serviceTokens(config.grpc.jwtSecret, 'routing', 'account.tokens:read');
  const account = grpcClient(AccountServiceService, config.account.address, { token });
  const consumer = createConsumer(kafka, {
    group: 'routing-blocks',
    instance,
    topics: botSources,
    openChunks: 64,
    handle: createBlockNews({
      blockAtMeta: createBlockAtMeta({
        blocklist: createBlocklist(graph, account),
        customers,
        pause: pauseUntil,
        observe(ended, facts) {
          metrics.blocked(ended);
          if (ended === 'waits' || ended === 'set-aside')
            logger.warn({ ...facts, ended }, 'a block is not done at Meta');
        },
      }),
      keep: (chunk, record, reason) =>
        producer.send([setAsideRecord(setAsideTopic('routing').name, chunk.topic, chunk.partition, record, reason)]),
    }),
  });
  const stop = async (): Promise<void> => {
    account.close();
    await graph.close();
  };
  return [{ name: 'Meta', start: () => Promise.resolve(), stop }, consumer];
}
