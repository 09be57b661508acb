import { readGraphSettings } from '@switchboard/graph-api';
import { readGrpcSettings } from '@switchboard/grpc';
import { readHttpSettings } from '@switchboard/http';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';

const TOGETHER = 'belongs to another setting that is not there; set both or none';

const environment = z
  .object({
    STRIPE_SECRET_KEY: z.string().min(1).optional(),
    STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
    STRIPE_URL: z.url({ protocol: /^https?$/ }).optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
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
  const { own, ...common } = readSettings(env, {
    own: bySchema(environment),
    grpc: readGrpcSettings,
    http: readHttpSettings,
    graph: readGraphSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, SMTP_URL: url, MAIL_FROM: from } = own;
  return {
    ...common,
    /** Undefined: credits are granted alone. */
    stripe: secretKey && webhookSecret ? { secretKey, webhookSecret, url: own.STRIPE_URL } : undefined,
    /** Undefined: nothing is compared with Meta. */
    account: own.ACCOUNT_GRPC === undefined ? undefined : { address: own.ACCOUNT_GRPC },
    /** Undefined: nobody gets e-mail. */
    mail: url && from ? { url, from } : undefined,
  };
}
