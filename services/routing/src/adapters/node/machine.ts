import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { NewSecret, PauseUntil } from '../../use-cases/bots/ports.js';
import type { Digest, NewId } from '../../use-cases/ports.js';

/** 128 bits of SHA-256 in lower-case base 32: short, safe in ids, and never two alike. */
export const digest: Digest = (content) => base32(createHash('sha256').update(content).digest().subarray(0, 16));

export const newId: NewId = () => randomUUID();

/** Milliseconds that no clock change moves. */
export const monotonic = (): number => performance.now();

export const pause = (ms: number): Promise<void> => setTimeout(ms);

/** Ends early, and all the same well, when the signal aborts. */
export const pauseUntil: PauseUntil = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);

export const newSecret: NewSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Buffer): string {
  let [text, bits, value] = ['', 0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >> bits) & 31);
    }
    value &= 31;
  }
  return bits > 0 ? text + ALPHABET.charAt((value << (5 - bits)) & 31) : text;
}
