import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, kafka, mongo } = readSettings(env, {
    own: bySchema(environment),
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return { kafka, mongo, grpc: { port: own.GRPC_PORT, jwtSecret: own.JWT_SECRET } };
}
