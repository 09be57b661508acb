import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { UploadAbout, UploadRequest } from '@switchboard/contracts/egress/v1/media_service';
import { type Content, Media } from '@switchboard/contracts/whatsapp/v1/content';

const PIECE_BYTES = 65_536;

type About = { readonly filename: string } & Partial<UploadAbout>;

/** An upload as a client makes it, in pieces; the bytes come one after the other. */
export async function* upload(
  about: About,
  bytes: Buffer | AsyncIterable<Buffer>,
): AsyncGenerator<UploadRequest, void, undefined> {
  const value = { organisationId: '', brandId: '', mimeType: '', kind: '', sizeBytes: 0n, ...about };
  yield { piece: { $case: 'about', value } };
  for await (const whole of Buffer.isBuffer(bytes) ? [bytes] : bytes)
    for (let at = 0; at < whole.length; at += PIECE_BYTES)
      yield { piece: { $case: 'bytes', value: whole.subarray(at, at + PIECE_BYTES) } };
}

/** A message with a file of ours. */
export const sending = (kind: string, fileId: string, more: Partial<Media> = {}): Content => ({
  kind: { $case: 'media', value: { ...Media.decode(new Uint8Array()), kind, fileId, ...more } },
});

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a process has in memory, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

/** Fills a file up to so many bytes; what it is stands at its beginning. */
export const padded = (head: Buffer, size: number, fill = 0): Buffer =>
  Buffer.concat([head, Buffer.alloc(size - head.length, fill)]);

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function ogg(): Buffer {
  const head = Buffer.alloc(28);
  head.write('OggS');
  head[5] = 2;
  head[26] = 1;
  head[27] = 19;
  return Buffer.concat([head, Buffer.from('OpusHead'), Buffer.alloc(11, 1)]);
}

function webp(chunk: string, flags = 0): Buffer {
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.from(chunk), Buffer.from([10, 0, 0, 0, flags])]);
}

/** The beginning of a file of each kind. */
export const heads = {
  jpeg: hex('ffd8ffe000104a46494600010100000100010000'),
  png: hex('89504e470d0a1a0a0000000d4948445200000001000000010806000000'),
  mp4: Buffer.concat([hex('00000014'), Buffer.from('ftypisom\0\0\0\0isom')]),
  ogg: ogg(),
  pdf: Buffer.from('%PDF-1.7\n'),
  sticker: webp('VP8 '),
  movingSticker: webp('VP8X', 0b10),
} as const;
