import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { masterKeys } from '@switchboard/vault';
import { z } from 'zod';

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
  EGRESS_GRPC: z.string().min(1),
  ACCOUNT_GRPC: z.string().min(1),
  GRAPH_URL: z.url().default('https://graph.facebook.com'),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must look like v23.0')
    .default('v25.0'),
  TOKEN_ENCRYPTION_KEY: masterKeys,
  BOT_WEBHOOKS_PRIVATE: z.stringbool().default(false),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, kafka, mongo } = readSettings(env, {
    own: bySchema(environment),
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return {
    kafka,
    mongo,
    grpc: { port: own.GRPC_PORT, jwtSecret: own.JWT_SECRET },
    egress: { address: own.EGRESS_GRPC },
    account: { address: own.ACCOUNT_GRPC },
    graph: { url: own.GRAPH_URL, version: own.GRAPH_VERSION },
    masterKeys: own.TOKEN_ENCRYPTION_KEY,
    bots: { allowsPrivate: own.BOT_WEBHOOKS_PRIVATE },
  };
}
