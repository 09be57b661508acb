import { readGraphSettings } from '@switchboard/graph-api';
import { readGrpcSettings } from '@switchboard/grpc';
import { readHttpSettings } from '@switchboard/http';
import { readKafkaSettings } from '@switchboard/kafka';
import { readMongoSettings } from '@switchboard/mongo';
import { bySchema, readSettings } from '@switchboard/service-kit';
import { z } from 'zod';
import { messagingLimitOf } from './domain/pace/allowance.js';

const perSecond = (meta: number) => z.coerce.number().min(0.1).max(100_000).default(meta);

function toLimit(text: string, context: z.RefinementCtx): number {
  const limit = messagingLimitOf(text);
  if (limit !== undefined) return limit;
  context.addIssue('must be a limit of Meta, like TIER_250, TIER_2K or TIER_UNLIMITED, or a number of people');
  return z.NEVER;
}

const environment = z.object({
  ROUTING_GRPC: z.string().min(1),
  ACCOUNT_GRPC: z.string().min(1),
  TEMPLATE_GRPC: z.string().default(''),
  BILLING_GRPC: z.string().default(''),
  THROUGHPUT_STANDARD: perSecond(80),
  THROUGHPUT_HIGH: perSecond(1_000),
  THROUGHPUT_COEXISTENCE: perSecond(20),
  PAIR_SECONDS: z.coerce.number().min(0.1).max(3_600).default(6),
  PAIR_BURST: z.coerce.number().int().min(1).max(1_000).default(45),
  MESSAGING_LIMIT: z.string().default('TIER_250').transform(toLimit),
  FILES_URL: z.url().optional(),
  CLAMD_ADDRESS: z
    .string()
    .regex(/^\S+:\d+$/, 'must be host:port')
    .optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  US_MARKETING: z.enum(['paused', 'allowed']).default('paused'),
});

const checked = environment.refine(
  (own) => (own.S3_ACCESS_KEY_ID === undefined) === (own.S3_SECRET_ACCESS_KEY === undefined),
  { path: ['S3_SECRET_ACCESS_KEY'], message: 'is given together with S3_ACCESS_KEY_ID, or neither is' },
);

export type Config = ReturnType<typeof readConfig>;

/** The settings of this service; `service-kit` reads those that every service has. All problems at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { own, http, ...common } = readSettings(env, {
    own: bySchema(checked),
    grpc: readGrpcSettings,
    http: readHttpSettings,
    graph: readGraphSettings,
    kafka: readKafkaSettings,
    mongo: readMongoSettings,
  });
  return {
    ...common,
    routing: { address: own.ROUTING_GRPC },
    account: { address: own.ACCOUNT_GRPC },
    /** Empty = none is installed. */
    template: { address: own.TEMPLATE_GRPC },
    /** Empty = none is installed, and nothing is paid for. */
    billing: { address: own.BILLING_GRPC },
    usMarketing: own.US_MARKETING,
    allowed: {
      throughputs: {
        standard: own.THROUGHPUT_STANDARD,
        high: own.THROUGHPUT_HIGH,
        coexistence: own.THROUGHPUT_COEXISTENCE,
      },
      messagingLimit: own.MESSAGING_LIMIT,
      pair: { everyMs: own.PAIR_SECONDS * 1_000, burst: own.PAIR_BURST },
    },
    files: {
      port: http.port,
      /** Where browsers reach the port; undefined = on this machine. */
      url: own.FILES_URL,
      clamd: own.CLAMD_ADDRESS,
      /** Undefined: bytes are kept in MongoDB. */
      s3: own.S3_BUCKET === undefined ? undefined : s3Of(own, own.S3_BUCKET),
    },
  };
}

function s3Of(own: z.infer<typeof environment>, bucket: string) {
  const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret } = own;
  const isWhole = id !== undefined && secret !== undefined;
  return { bucket, endpoint, region, credentials: isWhole ? { accessKeyId: id, secretAccessKey: secret } : undefined };
}
