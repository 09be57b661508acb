import { createHmac } from 'node:crypto';

/** The bytes of a body as Meta writes them: compact, and everything beyond ASCII as \uXXXX in lower-case hex. */
export const toBytes = (body: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(body).replace(
      /[\u007f-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    'latin1',
  );

/** The value of `X-Hub-Signature-256` for exactly these bytes. */
export const signatureOf = (bytes: Uint8Array, appSecret: string): string =>
  `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;
