import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { accountNumbers } from '@switchboard/contracts/topics';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, serviceTokens } from '@switchboard/grpc';
import { createTable, type KafkaClient } from '@switchboard/kafka';
import { type MongoComponent } from '@switchboard/mongo';
import { type Component, part, type Platform } from '@switchboard/service-kit';
import { createAnalytics } from './adapters/meta/analytics.js';
import { createReports } from './adapters/mongo/reconciliations.js';
import { type Config } from './config.js';
import { reconciliationMetrics } from './metrics.js';
import { createReconciliation } from './use-cases/reconciliation/reconcile-account.js';
import { type Charges } from './use-cases/reconciliation/ports.js';

/** What was charged against what Meta charged; where the installation does not know Meta, it says so. */
export function reconciliationParts(
  config: Config,
  deps: {
    readonly connection: MongoComponent['connection'];
    readonly kafka: KafkaClient;
    readonly charges: Charges;
    readonly platform: Pick<Platform, 'logger' | 'metrics' | 'now'>;
  },
) {
  const { connection, kafka, charges } = deps;
  const { logger, metrics, now } = deps.platform;
  const meta = config.account && metaParts(config, config.account.address, kafka);
  const reconciliation = createReconciliation({
    analytics: meta?.analytics,
    charges,
    reports: createReports(connection),
    observer: {
      ...reconciliationMetrics(metrics),
      warn: (facts, message) => {
        logger.error(facts, message);
      },
    },
    now,
  });
  return { reconciliation, parts: meta?.parts ?? [] };
}

function metaParts({ graph, grpc }: Config, address: string, kafka: KafkaClient) {
  const numbers = createTable(kafka, { topic: accountNumbers, version: ({ version: each }) => each });
  const client = createGraphClient({ ...graph, connections: 4 });
  const account = grpcClient(AccountServiceService, address, {
    token: serviceTokens(grpc.jwtSecret, 'billing', 'account.tokens:read'),
  });
  const parts: Component[] = [
    numbers,
    part('clients', {
      async stop() {
        account.close();
        await client.close();
      },
    }),
  ];
  return { analytics: createAnalytics(client, account, numbers), parts };
}
