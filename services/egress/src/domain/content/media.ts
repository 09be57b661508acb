import { aTextOrNone, demand, type Problem } from './problem.js';

/** A file: at Meta (`mediaId`), one of ours (`fileId`), or one that Meta fetches (`link`). */
export interface Media {
  /** One of `mediaKinds`. */
  readonly kind: string;
  readonly mediaId?: string;
  readonly fileId?: string;
  readonly link?: string;
  readonly caption?: string;
  readonly filename?: string;
  /** As its sender says it, or as a file of ours is by its content. */
  readonly mimeType?: string;
  /** A voice note. */
  readonly voice?: boolean;
}

export interface MediaContent {
  readonly kind: 'media';
  readonly media: Media;
}

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
/** Above a text. */
export const headerKinds = ['image', 'video', 'document'] as const;

export const MAX_CAPTION_LENGTH = 1_024;
/** No limit of Meta is known; no file system has longer ones. */
export const MAX_FILENAME_LENGTH = 255;
const MAX_LINK_LENGTH = 2_000;
/** RFC 6838: two names of up to 127. */
const MAX_MIME_TYPE_LENGTH = 255;

const withCaption: readonly string[] = headerKinds;

/** Source: Meta, *Image*, *Video*, *Audio*, *Document* and *Sticker messages*. */
export const mediaProblems = ({ media }: MediaContent): Problem[] => [
  ...fileProblems('content.media', media, mediaKinds),
  ...demand(
    !media.caption || withCaption.includes(media.kind),
    'content.media.caption',
    `must be empty: Meta shows no caption with ${media.kind}`,
    'leave it out, or send it as a text',
  ),
  ...aTextOrNone('content.media.caption', media.caption, MAX_CAPTION_LENGTH),
];

/** A file above a text, or in the header of a template. */
export const headerMediaProblems = (at: string, media: Media): Problem[] => [
  ...fileProblems(at, media, headerKinds),
  ...demand(!media.caption, `${at}.caption`, 'must be empty: a header has no caption', 'write it into the body'),
];

const fileProblems = (at: string, media: Media, kinds: readonly string[]): Problem[] => [
  ...demand(kinds.includes(media.kind), `${at}.kind`, `must be ${kinds.join(', ')}`, 'name one of them'),
  ...sourceProblems(at, media),
  ...demand(
    !media.filename || media.kind === 'document',
    `${at}.filename`,
    'must be empty: only documents show a name',
    'leave it out',
  ),
  ...aTextOrNone(`${at}.filename`, media.filename, MAX_FILENAME_LENGTH),
  ...aTextOrNone(`${at}.mime_type`, media.mimeType, MAX_MIME_TYPE_LENGTH),
  ...demand(
    !media.voice || media.kind === 'audio',
    `${at}.voice`,
    'must be false: only audio is a voice note',
    'leave it out',
  ),
];

function sourceProblems(at: string, { mediaId, fileId, link }: Media): Problem[] {
  const given = [mediaId, fileId, link].filter((source) => source !== undefined);
  return [
    ...demand(
      given.length === 1,
      at,
      'must have exactly one of media_id, file_id and link',
      given.length === 0 ? 'upload the file and set file_id' : 'leave the others out',
    ),
    ...aTextOrNone(`${at}.media_id`, mediaId),
    ...aTextOrNone(`${at}.file_id`, fileId),
    ...demand(
      link === undefined || (/^https:\/\/[^\s/]+\S*$/.test(link) && link.length <= MAX_LINK_LENGTH),
      `${at}.link`,
      `must be an address that begins with https://, at most ${MAX_LINK_LENGTH} characters`,
      'write it out, or upload the file and set file_id',
    ),
  ];
}
