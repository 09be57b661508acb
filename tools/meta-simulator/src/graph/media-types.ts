import { Refused } from '../errors.js';

const KB = 1024;
const MB = 1024 * KB;
const ANIMATED_STICKER = 500 * KB;
const STATIC_STICKER = 100 * KB;

/** The types of files Meta takes, and the largest number of bytes of each. */
// prettier-ignore
const most: Readonly<Record<string, number>> = {
  'audio/aac': 16 * MB, 'audio/amr': 16 * MB, 'audio/mpeg': 16 * MB, 'audio/mp4': 16 * MB, 'audio/ogg': 16 * MB,
  'image/jpeg': 5 * MB, 'image/png': 5 * MB,
  'video/mp4': 16 * MB, 'video/3gpp': 16 * MB,
  'text/plain': 100 * MB, 'application/pdf': 100 * MB, 'application/msword': 100 * MB,
  'application/vnd.ms-excel': 100 * MB, 'application/vnd.ms-powerpoint': 100 * MB,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 100 * MB,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 100 * MB,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 100 * MB,
  'image/webp': ANIMATED_STICKER,
};

/** @throws Refused 100 for a type Meta does not take, 131053 for a file that is too large or has nothing in it */
export function checkFile(mimeType: string, bytes: Buffer): void {
  const [type = ''] = mimeType.split(';');
  const limit = type === 'image/webp' && !isAnimated(bytes) ? STATIC_STICKER : most[type.trim().toLowerCase()];
  if (limit === undefined) {
    throw new Refused(100, {
      message: `(#100) Param file must be a file with one of the following types: ${Object.keys(most).join(', ')}. Received file of type '${mimeType}'.`,
    });
  }
  if (bytes.length === 0) throw new Refused(131053, { details: 'The file is empty.' });
  if (bytes.length > limit) {
    throw new Refused(131053, {
      details: `The file is too large: ${bytes.length} bytes, at most ${limit} for ${type}.`,
    });
  }
}

/** An extended WebP says in the flags of its first chunk whether it moves. */
const isAnimated = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 8, 16) === 'WEBPVP8X' && ((bytes[20] ?? 0) & 0x02) !== 0;
