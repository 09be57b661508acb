import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, serviceTokens } from '@switchboard/grpc';
import { createConsumer } from '@switchboard/kafka';
import { part } from '@switchboard/service-kit';
import { createBlocklist } from '../adapters/meta/blocklist.js';
import { pauseUntil } from '../adapters/node/machine.js';
import { createBlockNews } from '../entrypoints/kafka/block-news.js';
import { botSources } from '../entrypoints/kafka/bot-news.js';
import { createBlockAtMeta } from '../use-cases/blocks/block-at-meta.js';
import { type Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

/** What was decided about blocking is done at Meta. */
export function blockParts(ground: Ground, { customers }: ThreadParts) {
  const { config, kafka, instance, logger, metrics, keep } = ground;
  const graph = createGraphClient({ ...config.graph, connections: 4 });
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
      keep,
    }),
  });
  const stop = async (): Promise<void> => {
    account.close();
    await graph.close();
  };
  return { parts: [part('Meta', { stop }), consumer] };
}
