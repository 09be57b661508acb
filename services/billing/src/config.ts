import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const TOGETHER = 'belongs to another setting that is not there; set both or none';

const environment = z
  .object({
    GRPC_PORT: port.default(50_051),
    HTTP_PORT: port.default(8_080),
    JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
    STRIPE_SECRET_KEY: z.string().min(1).optional(),
    STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
    STRIPE_URL: z.url({ protocol: /^https?$/ }).optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    GRAPH_URL: z.url({ protocol: /^https?$/ }).default('https://graph.facebook.com'),
    GRAPH_VERSION: z
      .string()
      .regex(/^v\d+\.\d+$/, 'must look like v23.0')
      .default('v23.0'),
    GRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(15_000),
    ACCOUNT_GRPC: z.string().min(1).optional(),
    MAIL_FROM: z.string().includes('@', { error: 'must be an e-mail address' }).optional(),
  })
  .refine((own) => !own.STRIPE_SECRET_KEY === !own.STRIPE_WEBHOOK_SECRET, {
    error: TOGETHER,
    path: ['STRIPE_WEBHOOK_SECRET'],
  })
  .refine((own) => !own.SMTP_URL === !own.MAIL_FROM, { error: TOGETHER, path: ['MAIL_FROM'] });

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, kafka, mongo } = readSettings(env, {
    own: bySchema(environment),
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  const { GRAPH_URL: graphUrl, GRAPH_VERSION: version, GRAPH_TIMEOUT_MS: timeoutMs, ACCOUNT_GRPC: account } = own;
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, SMTP_URL: url, MAIL_FROM: from } = own;
  return {
    kafka,
    mongo,
    grpc: { port: own.GRPC_PORT, jwtSecret: own.JWT_SECRET },
    http: { port: own.HTTP_PORT },
    /** Undefined: credits are granted alone. */
    stripe: secretKey && webhookSecret ? { secretKey, webhookSecret, url: own.STRIPE_URL } : undefined,
    /** Undefined: nothing is compared with Meta. */
    graph: account === undefined ? undefined : { url: graphUrl, version, timeoutMs, account },
    /** Undefined: nobody gets e-mail. */
    mail: url && from ? { url, from } : undefined,
  };
}
