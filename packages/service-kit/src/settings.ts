import { hostname } from 'node:os';

/** Settings that every service has: where its admin port is, who it is among its like, how it logs and stops. */
export interface CommonSettings {
  readonly adminPort: number;
  /** Stable name of this process among its like: the pod's. */
  readonly instance: string;
  readonly logLevel: string;
  /** The longest a stop may take; the pod's grace period is longer. */
  readonly shutdownMs: number;
  /** Where traces go (OTLP over HTTP), whole; none are made without it. */
  readonly tracesUrl: string | undefined;
  /** Milliseconds in a file that the clock is ahead by, for trying out what happens later (`clock.ts`). */
  readonly clockFile: string | undefined;
}

const INVALID = 'invalid configuration';
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * Asks all of the readers, each for its own group of settings, and throws what is wrong in any of them as one error:
 * a bad deployment is mended in one go. A setting that is empty is missing.
 */
export function readSettings<T extends object>(
  env: NodeJS.ProcessEnv,
  readers: { readonly [Group in keyof T]: (env: NodeJS.ProcessEnv) => T[Group] },
): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const read: Partial<T> = {};
  const problems: string[] = [];
  for (const group in readers) {
    try {
      read[group] = readers[group](given);
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  if (problems.length > 0) throw invalidSettings(problems);
  return read as T;
}

/** What a schema says of the environment; zod's fit. */
interface Schema<T> {
  readonly safeParse: (
    env: NodeJS.ProcessEnv,
  ) =>
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A reader of a service's own settings out of their schema. Names what is missing or wrong, never its value. */
export const bySchema =
  <T>(schema: Schema<T>) =>
  (env: NodeJS.ProcessEnv): T => {
    const result = schema.safeParse(env);
    if (result.success) return result.data;
    throw invalidSettings(
      result.error.issues.map(({ path, message }) => {
        const name = path.map(String).join('.');
        return env[name] === undefined ? `${name} is missing` : `${name}: ${message}`;
      }),
    );
  };

/** What a reader of settings throws. */
export const invalidSettings = (problems: readonly string[]): Error => new Error([INVALID, ...problems].join('\n'));

/** What is wrong, a line each. */
export function problemsOf(error: unknown): string[] {
  const [first = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first === INVALID ? rest : [first, ...rest];
}

/**
 * Reads `ADMIN_PORT`, `INSTANCE`, `LOG_LEVEL`, `SHUTDOWN_MS`, `CLOCK_FILE`, and of OpenTelemetry's own settings
 * `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_TRACES_EXPORTER` and `OTEL_SDK_DISABLED`;
 * the others (headers, sampler, resource, batches) are read by its SDK. All problems at once.
 */
export function readCommonSettings(env: NodeJS.ProcessEnv): CommonSettings {
  const problems: string[] = [];
  const whole = (name: string, fallback: number, highest: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= highest) return value;
    problems.push(`${name} is "${text}" and must be a whole number from 0 to ${highest}`);
    return fallback;
  };
  const words = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const logLevel = words('LOG_LEVEL') ?? 'info';
  if (!levels.includes(logLevel)) problems.push(`LOG_LEVEL is "${logLevel}" and must be one of ${levels.join(', ')}`);
  const url = (name: string): string | undefined => {
    const text = words(name);
    if (text === undefined || /^https?:\/\//.test(text)) return text;
    problems.push(`${name} is "${text}" and must begin with http:// or https://`);
    return undefined;
  };
  const [all, traces] = [url('OTEL_EXPORTER_OTLP_ENDPOINT'), url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')];
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  const settings = {
    adminPort: whole('ADMIN_PORT', 9464, 65_535),
    shutdownMs: whole('SHUTDOWN_MS', 25_000, 600_000),
    instance: words('INSTANCE') ?? hostname(),
    logLevel,
    clockFile: words('CLOCK_FILE'),
    tracesUrl: isOff ? undefined : (traces ?? (all && `${all.replace(/\/$/, '')}/v1/traces`)),
  };
  if (problems.length > 0) throw invalidSettings(problems);
  return settings;
}
