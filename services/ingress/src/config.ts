import { readGrpcSettings } from '@switchboard/grpc';
import { readHttpSettings } from '@switchboard/http';
import { readKafkaSettings } from '@switchboard/kafka';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const environment = z.object({
  META_APP_SECRETS: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .transform((list) => [...new Set(list)].filter((secret) => secret !== ''))
    .refine((list) => list.length > 0, 'must hold at least one app secret, comma separated'),
  META_VERIFY_TOKEN: z.string().min(1),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    http: readHttpSettings,
    kafka: readKafkaSettings,
  });
  return { ...common, meta: { appSecrets: own.META_APP_SECRETS, verifyToken: own.META_VERIFY_TOKEN } };
}
