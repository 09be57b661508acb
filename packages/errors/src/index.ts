/**
 * The seven kinds of failure. Each edge (gRPC, HTTP, Kafka) translates from this list; code in the
 * middle never mentions a status code.
 */
export const failureKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'exhausted',
  'unavailable',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** What is wrong with one field of a request, in words that name the rule and the remedy. */
export interface FieldViolation {
  /** Path as the caller wrote it: `message.text.body`, `recipients[3].phone`. */
  readonly field: string;
  /** The rule and the remedy: `must be 1 to 4096 characters; shorten the text`. */
  readonly description: string;
}

export interface FailureOptions {
  readonly cause?: unknown;
  /** For `invalid`: every field that is wrong, not only the first. */
  readonly violations?: readonly FieldViolation[];
  /** Facts a program may read: ids, limits, times (RFC 3339). Never message text or phone numbers. */
  readonly details?: Readonly<Record<string, string>>;
  /** For `exhausted` and `unavailable`: when another try makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A failure we foresaw. Anything else that is thrown is a bug. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  readonly kind: FailureKind;
  /** Stable, searchable, safe to show: `routing.chat-completed`. */
  readonly code: string;
  readonly violations: readonly FieldViolation[];
  readonly details: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, code: string, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.violations = options.violations ?? [];
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** True when the world is at fault and the same attempt may succeed later. */
export function isTransient(error: unknown): error is Failure {
  return error instanceof Failure && (error.kind === 'unavailable' || error.kind === 'exhausted');
}

/** An `invalid` failure that lists every field that is wrong. */
export function invalid(code: string, violations: readonly FieldViolation[]): Failure {
  const fields = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new Failure('invalid', code, fields, { violations });
}
