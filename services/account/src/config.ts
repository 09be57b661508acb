import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const KEY_BYTES = 32;

/** `id:base64, …`, the current key first; a single key may come without an id. */
const keys = z.string().transform((list, context) => {
  const read = list.split(',').map((each) => {
    const [, id = 'default', key = ''] = /^(?:([A-Za-z0-9_-]+):)?(.+)$/.exec(each.trim()) ?? [];
    return { id, key: Buffer.from(key, 'base64') };
  });
  const [first, ...rest] = read;
  if (!first || read.some(({ key }) => key.length !== KEY_BYTES)) {
    context.addIssue({
      code: 'custom',
      message: `must hold keys of ${KEY_BYTES} bytes in base64, comma separated, each as id:key`,
    });
    return z.NEVER;
  }
  return [first, ...rest] as const;
});

const environment = z.object({
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
  TOKEN_ENCRYPTION_KEY: keys,
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
    masterKeys: own.TOKEN_ENCRYPTION_KEY,
  };
}
