import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Hash, IsSigned } from '../../use-cases/ports.js';

export const sha256: Hash = (content) => hash('sha256', content, 'hex');

const header = /^sha256=([0-9a-f]{64})$/;

/**
 * Meta's signature: HMAC-SHA256 over the raw bytes with the app secret, in `X-Hub-Signature-256`. Several secrets are
 * valid at once, for several apps and while one is replaced; each is compared in constant time, and all of them are.
 */
export function createIsSigned(secrets: readonly string[]): IsSigned {
  return (bytes, signature) => {
    const [, hex] = header.exec(signature ?? '') ?? [];
    if (hex === undefined) return false;
    const given = Buffer.from(hex, 'hex');
    let isSigned = false;
    for (const secret of secrets) {
      if (timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), given)) isSigned = true;
    }
    return isSigned;
  };
}

/** Equal texts, in constant time whatever their lengths. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
