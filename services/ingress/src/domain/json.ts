/**
 * Reading what Meta sent without believing its shape: every field may be missing, null, or of another type than the
 * documentation says.
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

export const number = (value: unknown): number => optionalNumber(value) ?? 0;

function optionalNumber(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** Codes of Meta fit 32 bits; what does not is no code. */
export function int32(value: unknown): number {
  const read = Math.trunc(number(value));
  return Math.abs(read) <= 0x7fffffff ? read : 0;
}

/** A count; undefined where there is none. */
export function count(value: unknown): number | undefined {
  const read = optionalNumber(value);
  return read !== undefined && Number.isInteger(read) && read >= 0 && read <= 0x7fffffff ? read : undefined;
}

const LATEST_SECONDS = 253_402_300_799; // the year 9999

/** Meta's clock: seconds since 1970 as text or number, milliseconds where the number is too large for seconds. */
export function time(value: unknown): Date | undefined {
  const read = number(value);
  if (read <= 0) return undefined;
  const seconds = read > LATEST_SECONDS ? read / 1000 : read;
  return seconds > LATEST_SECONDS ? undefined : new Date(seconds * 1000);
}

/** Integers too long for a double may stand here; text that looks like one costs time and nothing else. */
const mayHoldLongIntegers = /[:[,\s]-?\d{16,}/;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const exactly: Reviver = (_key, value, { source = '' }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;

/** JSON with every digit of its integers: ids of templates are numbers and may be longer than a double holds. Throws. */
export const parse = (body: string): unknown =>
  mayHoldLongIntegers.test(body)
    ? JSON.parse(body, exactly as (key: string, value: unknown) => unknown)
    : JSON.parse(body);

const { rawJSON } = JSON as unknown as { readonly rawJSON: (source: string) => unknown };

/** The item as JSON text. */
export function stringify(value: unknown): string {
  try {
    return JSON.stringify(value ?? null);
  } catch (error) {
    // Only integers that `parse` kept whole; asking for them before would cost every other item.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? rawJSON(String(each)) : each));
  }
}

/** The item as JSON, UTF-8. */
export const bytes = (value: unknown): Buffer => Buffer.from(stringify(value));
