import { readGrpcSettings } from '@switchboard/grpc';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';
import { isOwnerName } from './domain/timer.js';

const environment = z.object({
  TIMER_OWNERS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((owner) => owner.trim() || []))
    .refine(
      (owners) => owners.every(isOwnerName),
      'must be names of lower-case letters, digits and hyphens, at most 32 characters each, comma separated',
    ),
  TIMER_CATCH_UP_RATE: z.coerce.number().int().min(1).max(100_000).default(1_000),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return { ...common, timers: { owners: own.TIMER_OWNERS, catchUpRate: own.TIMER_CATCH_UP_RATE } };
}
