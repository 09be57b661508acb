import { type Failure, type FieldViolation, invalid } from '@switchboard/errors';

/** Where a reader of some topics stands: per topic its generation and the next offset of each partition. */
export interface Cursor {
  readonly topics: readonly {
    readonly code: string;
    readonly generation: number;
    readonly offsets: readonly number[];
  }[];
}

const VERSION = 1;

export const MALFORMED = 'kafka.cursor-malformed';
export const NO_CURSOR: FieldViolation = {
  field: 'cursor',
  description: 'must come from an earlier response; begin without one',
};

/** What is thrown for what is no cursor. */
export const malformedCursor = (): Failure => invalid(MALFORMED, [NO_CURSOR]);

/** Opaque text, fit for a URL or a header. */
export function encodeCursor({ topics }: Cursor): string {
  const bytes: number[] = [VERSION, topics.length];
  for (const { code, generation, offsets } of topics) {
    const name = Buffer.from(code);
    bytes.push(name.length, ...name);
    for (const number of [generation, offsets.length, ...offsets]) writeVarint(bytes, number);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Undefined for what is no cursor. */
export function decodeCursor(text: string): Cursor | undefined {
  const bytes = Buffer.from(text, 'base64url');
  let at = 0;
  const readByte = () => bytes[at++] ?? fail();
  const readVarint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = readByte();
      value += (byte % 128) * scale;
      if (byte < 128) break;
    }
    return Number.isSafeInteger(value) ? value : fail();
  };
  const readTopic = () => {
    const length = readByte();
    const code = bytes.toString('utf8', at, at + length);
    at += length;
    const generation = readVarint();
    const count = readVarint();
    if (count > bytes.length) fail();
    return { code, generation, offsets: Array.from({ length: count }, readVarint) };
  };
  try {
    if (readByte() !== VERSION) return undefined;
    const topics = Array.from({ length: readByte() }, readTopic);
    return at === bytes.length ? { topics } : undefined;
  } catch (error) {
    if (error === malformed) return undefined;
    throw error;
  }
}

const malformed = new RangeError('not a cursor');

function fail(): never {
  throw malformed;
}

function writeVarint(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
