import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Digest } from '../../use-cases/media/ports.js';

export interface FileLinks {
  /** The path and query under which a file can be fetched until then, in whole seconds. */
  readonly sign: (fileId: string, until: Date) => string;
  readonly isGood: (fileId: string, until: string, signature: string, now: Date) => boolean;
}

/** Links are signed with a key of their own, made of the installation's. */
export function createFileLinks(secret: string): FileLinks {
  const key = createHmac('sha256', secret).update('switchboard.egress.files').digest();
  const signatureOf = (fileId: string, until: string): Buffer =>
    createHmac('sha256', key).update(`${fileId}\n${until}`).digest();
  return {
    sign(fileId, until) {
      const seconds = String(Math.floor(until.getTime() / 1_000));
      const signature = signatureOf(fileId, seconds).toString('base64url');
      return `/files/${encodeURIComponent(fileId)}?until=${seconds}&signature=${signature}`;
    },
    isGood(fileId, until, signature, now) {
      const given = Buffer.from(signature, 'base64url');
      const wanted = signatureOf(fileId, until);
      const isSigned = given.length === wanted.length && timingSafeEqual(given, wanted);
      return isSigned && Number(until) * 1_000 >= now.getTime();
    },
  };
}

export function sha256Digest(): Digest {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    end: () => hash.digest('hex'),
  };
}
