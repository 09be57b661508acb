import { Failure, type FieldViolation } from '@switchboard/errors';

/** The largest message that is sent or taken. */
export const MESSAGE_BYTES = 8 * 1024 * 1024;

/** Stands for a request of which only the size was looked at. */
export const tooLarge = Symbol('too large');

/** No repetition makes it smaller, so it is not `exhausted`, as gRPC itself would say. */
export const messageTooLarge = (method: string, cause?: unknown): Failure =>
  new Failure(
    'invalid',
    'grpc.message-too-large',
    `a message of ${method} may be ${MESSAGE_BYTES} bytes long; send less, or ask for less, at a time`,
    { cause, details: { limitBytes: String(MESSAGE_BYTES) } },
  );

/**
 * What a status may hold. It travels in trailers, of which peers and proxies take 8 kB, sometimes 16; what is not ASCII
 * takes up to three times its size there, and what is binary four thirds.
 */
const SENTENCE_BYTES = 1_500;
const VIOLATIONS_BYTES = 3_000;
const DETAILS_BYTES = 600;
const ONE_BYTES = 300;

/** A failure with as much of what it says as a status can carry; its kind, code and times are whole. */
export function fitting(failure: Failure): Failure {
  const { kind, code, message, violations, details, retryAfterMs } = failure;
  return new Failure(kind, code, cut(message, SENTENCE_BYTES, encodedBytes), {
    cause: failure,
    violations: fittingViolations(violations),
    details: fittingDetails(details),
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(Math.max(0, retryAfterMs)) }),
  });
}

function fittingViolations(violations: readonly FieldViolation[]): FieldViolation[] {
  const kept: FieldViolation[] = [];
  let left = VIOLATIONS_BYTES;
  for (const violation of violations) {
    const field = cut(violation.field, ONE_BYTES);
    const description = cut(violation.description, ONE_BYTES * 2);
    left -= Buffer.byteLength(field) + Buffer.byteLength(description) + 12;
    if (left < 0) break;
    kept.push({ field, description });
  }
  const more = violations.length - kept.length;
  if (more > 0) kept.push({ field: '', description: `${more} more are wrong; mend these first` });
  return kept;
}

function fittingDetails(details: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  let left = DETAILS_BYTES;
  for (const [name, value] of Object.entries(details)) {
    const short = cut(value, ONE_BYTES);
    left -= Buffer.byteLength(name) + Buffer.byteLength(short) + 8;
    if (left < 0) break;
    kept[wellFormed(name)] = short;
  }
  return kept;
}

const utf8Bytes = (text: string): number => Buffer.byteLength(text);
const encodedBytes = (text: string): number => encodeURI(text).length;

/** A text of at most so many bytes, without halves of characters; an ellipsis says that it was longer. */
export function cut(text: string, bytes: number, sizeOf = utf8Bytes): string {
  // Nothing is longer in characters than in bytes: what is far beyond the limit is not measured.
  let short = wellFormed(text.slice(0, bytes + 1));
  if (short.length === text.length && sizeOf(short) <= bytes) return short;
  while (sizeOf(short) > bytes - 9) short = wellFormed(short.slice(0, Math.floor(short.length * 0.9)));
  return `${short}…`;
}

/** Half a surrogate pair is no character; `encodeURI`, which gRPC uses, throws at it. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
