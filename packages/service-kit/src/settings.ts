import { hostname } from 'node:os';

/** Settings that every service has: where its admin port is, who it is among its like, how it logs and stops. */
export interface CommonSettings {
  readonly adminPort: number;
  /** Stable name of this process among its like: the pod's. */
  readonly instance: string;
  readonly logLevel: string;
  /** The longest a stop may take; the pod's grace period is longer. */
  readonly shutdownMs: number;
  /** Where traces go (OTLP over HTTP); none are made without it. */
  readonly otlpEndpoint: string | undefined;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Reads `ADMIN_PORT`, `INSTANCE`, `LOG_LEVEL`, `SHUTDOWN_MS` and `OTEL_EXPORTER_OTLP_ENDPOINT`. All problems at once. */
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
  const logLevel = env['LOG_LEVEL'] ?? 'info';
  if (!levels.includes(logLevel)) problems.push(`LOG_LEVEL is "${logLevel}" and must be one of ${levels.join(', ')}`);
  const settings = {
    adminPort: whole('ADMIN_PORT', 9464, 65_535),
    shutdownMs: whole('SHUTDOWN_MS', 25_000, 600_000),
    instance: env['INSTANCE'] ?? hostname(),
    logLevel,
    otlpEndpoint: env['OTEL_EXPORTER_OTLP_ENDPOINT'],
  };
  if (problems.length > 0) throw new Error(`invalid configuration\n${problems.join('\n')}`);
  return settings;
}
