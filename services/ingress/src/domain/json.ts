/**
 * Reading what Meta sent without believing its shape: every field may be missing, null, or of another type than the
 * documentation says. Nothing here throws.
 */
export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object under a name; an empty one where there is none. */
export const record = (value: unknown): Json => (isRecord(value) ? value : {});

/** A list: itself, one object as a list of one, nothing as an empty one. */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Text: numbers and booleans as they are written, anything else as empty. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

/** Text, or undefined where there is none. */
export function optionalText(value: unknown): string | undefined {
  const read = text(value);
  return read === '' ? undefined : read;
}

export const flag = (value: unknown): boolean => value === true || value === 'true';

export function number(value: unknown): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : 0;
}

/** Codes of Meta fit 32 bits; what does not is no code. */
export function int32(value: unknown): number {
  const read = Math.trunc(number(value));
  return Math.abs(read) <= 0x7fffffff ? read : 0;
}

const LATEST_SECONDS = 253_402_300_799; // the year 9999

/** Meta's clock: seconds since 1970 as text or number, milliseconds where the number is too large for seconds. */
export function time(value: unknown): Date | undefined {
  const read = number(value);
  if (read <= 0) return undefined;
  const seconds = read > LATEST_SECONDS ? read / 1000 : read;
  return seconds > LATEST_SECONDS ? undefined : new Date(seconds * 1000);
}

/** The item as JSON. */
export const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value === undefined ? null : value));
