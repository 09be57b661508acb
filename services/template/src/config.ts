import { readGraphSettings } from '@switchboard/graph-api';
import { readGrpcSettings } from '@switchboard/grpc';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const environment = z.object({
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
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    graph: readGraphSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return {
    ...common,
    account: { address: own.ACCOUNT_GRPC },
    meta: {
      /** `app` is whatever app a token is of. */
      appId: own.META_APP_ID,
      callsPerHour: own.MANAGEMENT_CALLS_PER_HOUR,
      readingPauseMs: own.READING_PAUSE_MS,
    },
  };
}
