import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { z } from 'zod';
import { isOwnerName } from './domain/timer.js';

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
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
  const problems: string[] = [];
  const own = attempt(problems, () => {
    const result = environment.safeParse(env);
    if (!result.success) throw new Error(`invalid configuration\n${z.prettifyError(result.error)}`);
    return result.data;
  });
  const kafka = attempt(problems, () => readKafkaSettings(env));
  const mongo = attempt(problems, () => readMongoSettings(env));
  if (!own || !kafka || !mongo) throw new Error(`invalid configuration\n${problems.join('\n')}`);
  return {
    kafka,
    mongo,
    grpc: { port: own.GRPC_PORT, jwtSecret: own.JWT_SECRET },
    timers: { owners: own.TIMER_OWNERS, catchUpRate: own.TIMER_CATCH_UP_RATE },
  };
}

/** What can be read, or what is wrong with it, beside the rest. */
function attempt<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    problems.push(String(error).replace(/^Error: invalid configuration\n/, ''));
    return undefined;
  }
}
