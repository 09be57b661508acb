import { z } from 'zod';

/** An installation's key: 32 bytes, with the id that is kept beside what it seals. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/** At least one; the first seals, all of them open. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

const KEY_BYTES = 32;

/**
 * The setting that holds them: `id:base64`, comma separated, the current key first; a single key may come without an
 * id. Anything but 32 bytes each is refused.
 */
export const masterKeys = z.string().transform((list, context): MasterKeys => {
  const read = list.split(',').map((each) => {
    const [, id = 'default', key = ''] = /^(?:([A-Za-z0-9_-]+):)?(.+)$/.exec(each.trim()) ?? [];
    return { id, key: Buffer.from(key, 'base64') };
  });
  const [first, ...rest] = read;
  if (!first || read.some(({ key }) => key.length !== KEY_BYTES)) {
    context.addIssue({
      code: 'custom',
      message: `must hold keys of ${KEY_BYTES} bytes in base64, comma separated, each as id:key`,
    });
    return z.NEVER;
  }
  return [first, ...rest];
});
