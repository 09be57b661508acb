import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '@switchboard/errors';
import type { MasterKeys } from './master-keys.js';

/** A secret as it is kept; all parts are text and safe to store. */
export interface Sealed {
  readonly keyId: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

/** Seals secrets under the installation's keys and opens them again. */
export interface Vault {
  readonly seal: (plaintext: string) => Sealed;
  /** `unavailable` when the key that sealed it is not among the installation's keys (any more), or is another one. */
  readonly open: (secret: Sealed) => string;
}

/**
 * Envelope encryption, AES-256-GCM twice: a fresh data key seals the secret, the first master key seals the data key.
 * Rotating means putting a new key first; the old ones open what they sealed.
 */
export function createVault(keys: MasterKeys): Vault {
  const [current] = keys;
  return {
    seal(plaintext) {
      const dataKey = randomBytes(32);
      return {
        keyId: current.id,
        wrappedKey: encrypt(current.key, dataKey),
        sealed: encrypt(dataKey, Buffer.from(plaintext, 'utf8')),
      };
    },
    open(secret) {
      const master = keys.find(({ id }) => id === secret.keyId);
      if (!master) throw sealed(`TOKEN_ENCRYPTION_KEY lacks the key "${secret.keyId}" that sealed a secret`);
      try {
        return decrypt(decrypt(master.key, secret.wrappedKey), secret.sealed).toString('utf8');
      } catch (cause) {
        throw sealed(`the key "${secret.keyId}" in TOKEN_ENCRYPTION_KEY is not the one that sealed a secret`, cause);
      }
    },
  };
}

/** It heals when the installation gets its key back, so callers wait as for anything that is away. */
const sealed = (what: string, cause?: unknown): Failure =>
  new Failure('unavailable', 'vault.sealed', `${what}; put that key back, or give the secret anew`, {
    cause,
  });

const ivBytes = 12;
const tagBytes = 16;

function encrypt(key: Buffer, plaintext: Buffer): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(key: Buffer, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
}
