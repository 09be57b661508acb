import { type DestinationStream, type Logger, pino } from 'pino';

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
  /** Standard output without it. */
  readonly destination?: DestinationStream;
}

/** Fields that hold what people write or where they are reached, whoever passes them by mistake. */
const PRIVATE = ['text', 'body', 'caption', 'content', 'preview', 'phone', 'waId', 'wa_id', 'recipient'];

/**
 * One JSON line per call, written before it returns, with the service's name and instance in each. Errors under `err`
 * and `error` are shown as `loggableError` does. What people write and where they are reached does not go into logs:
 * fields that hold it are replaced by `…`, phone numbers in sentences and errors show two digits.
 */
export function createLogger({ service, instance, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service, instance },
      formatters: { level: (label) => ({ level: label }), log: withoutPhonesInside },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: loggableError, error: loggableError },
      redact: { paths: PRIVATE.flatMap((name) => [name, `*.${name}`]), censor: '…' },
    },
    destination ?? pino.destination({ sync: true }),
  );
}

/** Deeper than this, causes say nothing new; more than this many beside each other neither. */
const MOST_CAUSES = 5;

/**
 * An error as logs show it: what it is, where it comes from and what caused it. Other fields stay out, because drivers
 * hang whole documents on theirs. What is no error stays as it is.
 */
export function loggableError(error: unknown, depth = 0): unknown {
  if (typeof error === 'string') return withoutPhones(error);
  if (!isError(error)) return error;
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  const parts: unknown = 'errors' in error ? error.errors : undefined;
  const next = (each: unknown): unknown => loggableError(each, depth + 1);
  return {
    type: name,
    message: shown(error, message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(stack !== undefined && { stack: shown(error, stack) }),
    ...(cause !== undefined && depth < MOST_CAUSES && { cause: next(cause) }),
    ...(Array.isArray(parts) && depth < MOST_CAUSES && { errors: parts.slice(0, MOST_CAUSES).map(next) }),
  };
}

/** Errors of another realm (a test's, a worker's) are errors too. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

/** A parser quotes what it could not read, and that is what people wrote. */
const shown = ({ name }: Error, text: string): string =>
  withoutPhones(name === 'SyntaxError' ? text.replace(/"[^\n]*"(\.{3})?(?= is not valid)/g, '"…"') : text);

/**
 * After a plus sign, as people write them; or 8 to 14 digits that stand alone. Meta's ids of numbers have 15 or more,
 * and digits within ids (`m-12345678-1`, `wamid.…`) are none.
 */
const PHONES = /\+\d[\d ()-]{5,18}\d|(?<![\w.-])\d{8,14}(?![\w-]|\.\w)/g;

/** A text whose phone numbers, or what looks like one, show their last two digits only. */
export const withoutPhones = (text: string): string => text.replace(PHONES, (phone) => `…${phone.slice(-2)}`);

function withoutPhonesInside(facts: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in facts) {
    const value = facts[name];
    result[name] = typeof value === 'string' ? withoutPhones(value) : value;
  }
  return result;
}
