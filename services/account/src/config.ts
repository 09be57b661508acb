import { readGrpcSettings } from '@switchboard/grpc';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { masterKeys } from '@switchboard/vault';
import { z } from 'zod';

const environment = z.object({ TOKEN_ENCRYPTION_KEY: masterKeys });

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return { ...common, masterKeys: own.TOKEN_ENCRYPTION_KEY };
}
