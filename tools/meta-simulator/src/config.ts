import { z } from 'zod';
import { faultsPatch } from './faults.js';
import { limitsPatch } from './limits.js';
import type { SimulatorOptions } from './simulator.js';

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const numbers = z.string().transform((list, context) =>
  list
    .split(',')
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const [phone_number_id = '', waba_id = '', display_phone_number = '', verified_name = 'Demo'] = item
        .trim()
        .split(':');
      if (!phone_number_id || !waba_id || !display_phone_number) {
        context.addIssue({ code: 'custom', message: `"${item}" is not phone_number_id:waba_id:display_phone` });
      }
      return { phone_number_id, waba_id, display_phone_number, verified_name };
    }),
);

const environment = z.object({
  PORT: z.coerce.number().int().min(0).default(0),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.union([z.literal(''), z.url()]).default(''),
  WEBHOOK_URL: z.union([z.literal(''), z.url()]).default(''),
  APP_SECRET: z.string().default(''),
  VERIFY_TOKEN: z.string().default(''),
  ACCESS_TOKEN: z.string().default(''),
  SEED: z.string().default('switchboard'),
  NUMBERS: numbers.default([]),
  SPEED: z.coerce.number().positive().default(1),
  PAYLOAD_VERSION: z.enum(['v23', 'v24']).default('v24'),
  FAULTS: json.pipe(faultsPatch).default({}),
  LIMITS: json.pipe(limitsPatch).default({}),
});

/** The settings of the process; all problems are reported together. */
export function readConfig(env: NodeJS.ProcessEnv): SimulatorOptions & { speed: number } {
  const result = environment.safeParse(env);
  if (!result.success) throw new Error(`invalid configuration\n${z.prettifyError(result.error)}`);
  const given = result.data;
  return {
    port: given.PORT,
    host: given.HOST,
    seed: given.SEED,
    speed: given.SPEED,
    accessTokens: given.ACCESS_TOKEN.split(',').filter((token) => token !== ''),
    payloadVersion: given.PAYLOAD_VERSION,
    faults: defined(given.FAULTS),
    limits: defined(given.LIMITS),
    ...(given.PUBLIC_URL !== '' && { publicUrl: given.PUBLIC_URL }),
    ...(given.NUMBERS.length > 0 && { numbers: given.NUMBERS }),
    ...(given.WEBHOOK_URL !== '' && {
      webhook: { url: given.WEBHOOK_URL, app_secret: given.APP_SECRET, verify_token: given.VERIFY_TOKEN },
    }),
  };
}

/** Drops the `undefined` that optional keys may hold. */
const defined = <T extends object>(given: T) => given as { [Key in keyof T]: Exclude<T[Key], undefined> };
