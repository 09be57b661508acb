import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { z } from 'zod';

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
  EGRESS_GRPC: z.string().min(1),
});

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const result = environment.safeParse(env);
  if (!result.success) throw new Error(`invalid configuration\n${z.prettifyError(result.error)}`);
  const { GRPC_PORT, JWT_SECRET, EGRESS_GRPC } = result.data;
  return {
    kafka: readKafkaSettings(env),
    mongo: readMongoSettings(env),
    grpc: { port: GRPC_PORT, jwtSecret: JWT_SECRET },
    egress: { address: EGRESS_GRPC },
  };
}
