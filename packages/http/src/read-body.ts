import type { IncomingMessage } from 'node:http';

/** A body within the limit, or that it is larger, or that the sender left before its end. */
export type Body = { readonly kind: 'read'; readonly bytes: Buffer } | { readonly kind: 'too-large' | 'cut' };

/**
 * Reads a body of at most `limit` bytes as it came. A larger one is not kept: what has arrived is dropped and reading
 * stops, so that the caller answers 413 and closes.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    return Promise.resolve({ kind: 'too-large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ kind: 'too-large' });
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve({ kind: 'read', bytes: chunks.length === 1 && first ? first : Buffer.concat(chunks) });
    });
    request.on('close', () => {
      resolve({ kind: 'cut' });
    });
    request.on('error', () => {
      resolve({ kind: 'cut' });
    });
  });
}
