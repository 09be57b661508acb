/** What a file is, by its bytes. */
import { fileTypeFromBuffer } from 'file-type';
import { oldOfficeType, newOfficeType, type ReadAt } from './containers.js';
import { formatOfMimeType } from './formats.js';

export interface Content {
  /** Empty when it is nothing we can tell. */
  readonly mimeType: string;
  /** Of stickers. */
  readonly isAnimated: boolean;
}

/** So many bytes of the beginning tell most formats. */
export const HEAD_BYTES = 65_536;

/** Names of the library for what we call otherwise. */
const renamed: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'application/ogg': 'audio/ogg',
  'audio/opus': 'audio/ogg',
  'video/x-m4v': 'video/mp4',
};

/** `isText`: all of it is UTF-8 without control characters. What has no marks of its own, and is text, is plain text. */
export async function contentOf(
  head: Uint8Array,
  { isText, size, readAt }: { readonly isText: boolean; readonly size: number; readonly readAt: ReadAt },
): Promise<Content> {
  const found = await magicOf(head);
  const mimeType = await exactly(found, head, size, readAt);
  if (formatOfMimeType(mimeType)) return { mimeType, isAnimated: mimeType === 'image/webp' && isAnimatedWebp(head) };
  return { mimeType: isText ? 'text/plain' : mimeType, isAnimated: false };
}

async function exactly(found: string, head: Uint8Array, size: number, readAt: ReadAt): Promise<string> {
  if (found === 'application/x-cfb') return (await oldOfficeType(readAt, size)) ?? found;
  if (found === 'application/zip' || found.includes('officedocument')) {
    return (await newOfficeType(readAt, size)) ?? 'application/zip';
  }
  const tagged = found === '' || found === 'audio/mpeg' ? id3Bytes(head) : 0;
  // A picture in the tag can be larger than the head; what is tagged stands behind it.
  return tagged > 0 && tagged < size ? magicOf(await readAt(tagged, 4_096)) : found;
}

async function magicOf(bytes: Uint8Array): Promise<string> {
  const { mime } = (await fileTypeFromBuffer(bytes).catch(() => undefined)) ?? { mime: '' };
  const bare = mime.split(';')[0] ?? '';
  return renamed[bare] ?? bare;
}

/** The length of an ID3v2 tag at the beginning, with its header; 0 where there is none. */
function id3Bytes(head: Uint8Array): number {
  const [a, b, c, , , , ...length] = head.subarray(0, 10);
  if (a !== 0x49 || b !== 0x44 || c !== 0x33 || length.length < 4) return 0;
  return 10 + length.reduce((sum, seven) => sum * 128 + (seven & 0x7f), 0);
}

/** Extended files say in one bit whether they have an animation (WebP container specification). */
function isAnimatedWebp(head: Uint8Array): boolean {
  const isExtended = String.fromCharCode(...head.subarray(12, 16)) === 'VP8X';
  return isExtended && ((head[20] ?? 0) & 0b10) !== 0;
}
