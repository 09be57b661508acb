import type { IncomingMessage } from 'node:http';

/** A body within the limit, or that it is larger, or that the sender left before its end. */
export type Body = { readonly kind: 'read'; readonly bytes: Buffer } | { readonly kind: 'too-large' | 'cut' };

/**
 * Reads a body of at most `limit` bytes as it came. Of a larger one nothing is kept, and the caller answers 413 without
 * waiting for its end. As many bytes again are read and dropped, for a sender who writes all before it reads the answer;
 * then the connection is ended.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isTooLarge = false;
    const refuse = (): void => {
      isTooLarge = true;
      chunks.length = 0;
      resolve({ kind: 'too-large' });
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) refuse();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit && !isTooLarge) chunks.push(chunk);
      else if (size > 2 * limit) request.destroy();
      else refuse();
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
