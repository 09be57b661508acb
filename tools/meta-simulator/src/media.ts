import { createHash } from 'node:crypto';
import type { Json } from './json.js';

export interface Media {
  readonly id: string;
  readonly phone_number_id: string;
  readonly mime_type: string;
  readonly bytes: Buffer;
  /** Its id is of no use from then on. */
  readonly expiresAtMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** How long an id lives: what a business uploaded, and what a customer sent. */
export const lifeMs = { uploaded: 30 * DAY_MS, inbound: 7 * DAY_MS } as const;

/** The next fetches that fail: of the description, `GET /{media-id}`, or of the content behind its address. */
export interface MediaFailure {
  readonly on: 'description' | 'content';
  readonly http: number;
  times: number;
}

/** An address for the content is good for five minutes. */
const URL_LIFE_MS = 300_000;
const KEPT = 500;

export type MediaStore = ReturnType<typeof createMediaStore>;

/** Content of media in both directions; the oldest goes when there is too much. */
export function createMediaStore() {
  const kept = new Map<string, Media>();
  const failures: MediaFailure[] = [];
  return {
    keep(media: Media): Media {
      kept.set(media.id, media);
      const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      return media;
    },
    /** An id that has expired is as good as none. */
    find(id: string, nowMs: number): Media | undefined {
      const media = kept.get(id);
      return media && nowMs < media.expiresAtMs ? media : undefined;
    },
    orderFailure(failure: MediaFailure) {
      failures.push(failure);
      return failures;
    },
    /** The HTTP status this fetch fails with, where it was ordered. */
    takeFailure(on: MediaFailure['on']): number | undefined {
      const failure = failures.find((each) => each.on === on);
      if (!failure) return undefined;
      failure.times -= 1;
      if (failure.times <= 0) failures.splice(failures.indexOf(failure), 1);
      return failure.http;
    },
    remove: (id: string) => kept.delete(id),
  };
}

export const sha256Of = (media: Media, encoding: 'hex' | 'base64') =>
  createHash('sha256').update(media.bytes).digest(encoding);

/** Where the content can be had for a while. */
export const addressOf = (baseUrl: string, media: Media, nowMs: number): string =>
  `${baseUrl}/attachments/?mid=${media.id}&ext=${Math.floor((nowMs + URL_LIFE_MS) / 1000)}`;

export const isStale = (ext: unknown, nowMs: number): boolean => !(Number(ext) * 1000 >= nowMs);

/** `GET /{media-id}`. */
export const toMediaAnswer = (baseUrl: string, media: Media, nowMs: number): Json => ({
  url: addressOf(baseUrl, media, nowMs),
  mime_type: media.mime_type,
  sha256: sha256Of(media, 'hex'),
  file_size: String(media.bytes.length),
  id: media.id,
  messaging_product: 'whatsapp',
});

/** What a customer sends when nobody said what: one transparent pixel, or a line of text under another name. */
export function placeholder(type: string): Buffer {
  if (type !== 'image') return Buffer.from(`simulated ${type}\n`);
  return Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
}
