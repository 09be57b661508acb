import { createHash } from 'node:crypto';

/** What Java calls the usual password of a key store that holds no secret. */
export const KEY_STORE_PASSWORD = 'changeit';

/** A Java key store (JKS) that trusts these certificates, given as PEM. */
export function keyStore(certificates: readonly string[]): Buffer {
  const parts = [u32(0xfeedfeed), u32(2), u32(certificates.length)];
  certificates.forEach((pem, index) => {
    const bytes = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const createdAt = Buffer.alloc(8);
    parts.push(u32(2), text(`trusted-${index}`), createdAt, text('X.509'), u32(bytes.length), bytes);
  });
  const content = Buffer.concat(parts);
  const salt = Buffer.concat([Buffer.from(KEY_STORE_PASSWORD, 'utf16le').swap16(), Buffer.from('Mighty Aphrodite')]);
  return Buffer.concat([content, createHash('sha1').update(salt).update(content).digest()]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
