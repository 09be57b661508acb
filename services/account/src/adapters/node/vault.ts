import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '@switchboard/errors';
import type { Vault } from '../../use-cases/ports.js';

/** An installation's key: 32 bytes, with the id that is kept beside what it seals. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Envelope encryption, AES-256-GCM twice: a fresh data key seals the token, the first master key seals the data key.
 * Rotating means putting a new key first; the old ones open what they sealed.
 */
export function createVault(keys: readonly [MasterKey, ...MasterKey[]]): Vault {
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
    open(token) {
      const master = keys.find(({ id }) => id === token.keyId);
      if (!master) throw sealed(`TOKEN_ENCRYPTION_KEY lacks the key "${token.keyId}" that sealed a token`);
      try {
        return decrypt(decrypt(master.key, token.wrappedKey), token.sealed).toString('utf8');
      } catch (cause) {
        throw sealed(`the key "${token.keyId}" in TOKEN_ENCRYPTION_KEY is not the one that sealed a token`, cause);
      }
    },
  };
}

/** It heals when the installation gets its key back, so callers wait as for anything that is away. */
const sealed = (what: string, cause?: unknown): Failure =>
  new Failure('unavailable', 'account.token-sealed', `${what}; put that key back, or register the number again`, {
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
