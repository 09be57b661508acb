import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
  GRAPH_URL: z.url().default('https://graph.facebook.com'),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must look like v23.0')
    .default('v23.0'),
  GRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(15_000),
  ACCOUNT_GRPC: z.string().min(1),
  META_APP_ID: z
    .string()
    .regex(/^(app|\d{1,32})$/, "must be Meta's id of the app, digits")
    .default('app'),
  MANAGEMENT_CALLS_PER_HOUR: z.coerce.number().int().min(20).max(1_000_000).default(4_000),
  READING_PAUSE_MS: z.coerce.number().int().min(0).max(600_000).default(2_000),
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
    graph: { url: own.GRAPH_URL, version: own.GRAPH_VERSION, timeoutMs: own.GRAPH_TIMEOUT_MS },
    account: { address: own.ACCOUNT_GRPC },
    meta: {
      /** `app` is whatever app a token is of. */
      appId: own.META_APP_ID,
      callsPerHour: own.MANAGEMENT_CALLS_PER_HOUR,
      readingPauseMs: own.READING_PAUSE_MS,
    },
  };
}
