import { readGraphSettings } from '@switchboard/graph-api';
import { readGrpcSettings } from '@switchboard/grpc';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { masterKeys } from '@switchboard/vault';
import { z } from 'zod';

const environment = z.object({
  EGRESS_GRPC: z.string().min(1),
  ACCOUNT_GRPC: z.string().min(1),
  TOKEN_ENCRYPTION_KEY: masterKeys,
  BOT_WEBHOOKS_PRIVATE: z.stringbool().default(false),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    graph: readGraphSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return {
    ...common,
    egress: { address: own.EGRESS_GRPC },
    account: { address: own.ACCOUNT_GRPC },
    masterKeys: own.TOKEN_ENCRYPTION_KEY,
    bots: { allowsPrivate: own.BOT_WEBHOOKS_PRIVATE },
  };
}
