import { readKafkaSettings } from '@switchboard/kafka';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const environment = z.object({
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8_080),
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  META_APP_SECRETS: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .transform((list) => [...new Set(list)].filter((secret) => secret !== ''))
    .refine((list) => list.length > 0, 'must hold at least one app secret, comma separated'),
  META_VERIFY_TOKEN: z.string().min(1),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, kafka } = readSettings(env, { own: bySchema(environment), kafka: readKafkaSettings });
  return {
    kafka,
    http: { port: own.HTTP_PORT },
    grpc: { port: own.GRPC_PORT, jwtSecret: own.JWT_SECRET },
    meta: { appSecrets: own.META_APP_SECRETS, verifyToken: own.META_VERIFY_TOKEN },
  };
}
