/** Files of ours in a message: there, of the organisation, looked through, and what the message says they are (AT-1, TX-1). */
import { type Content, mediaIn, withMedia } from '../content.js';
import { type Media } from '../content/media.js';
import { type SendableFile } from '../media/file.js';
import { type FileKind, formatOfMimeType, mayBeDeclaredAs } from '../media/formats.js';
import { ruleOf, sizeOf, widestPolicy } from '../media/policy.js';
import { type Refusal } from './refusal.js';

/** By their ids; what the organisation does not have is not among them (SE-1). */
export type FoundFiles = ReadonlyMap<string, SendableFile>;

export const noFiles: FoundFiles = new Map();

/** Ids of the files of ours in a message, each once. */
export const fileIdsIn = (content: Content): readonly string[] => [
  ...new Set(mediaIn(content).flatMap(({ media }) => media.fileId ?? [])),
];

/** The first file that cannot be sent. */
export function refusedByFiles(content: Content, files: FoundFiles): Refusal | undefined {
  for (const { field, media } of mediaIn(content)) {
    if (media.fileId === undefined) continue;
    const file = files.get(media.fileId);
    const refusal = file ? refusedByFile(field, media, file) : notFound(field);
    if (refusal) return refusal;
  }
  return undefined;
}

/** The message with what is known of its files, where it does not say so itself. Documents alone show a name. */
export const withFiles = <C extends Content>(content: C, files: FoundFiles): C =>
  withMedia(content, (media) => {
    const file = media.fileId === undefined ? undefined : files.get(media.fileId);
    if (!file) return media;
    const filename = media.kind === 'document' ? (media.filename ?? file.filename) : '';
    return { ...media, mimeType: file.mimeType, ...(filename !== '' && { filename }) };
  });

function refusedByFile(at: string, media: Media, file: SendableFile): Refusal | undefined {
  if (file.state !== 'ready') return { ...notReady[file.state], field: `${at}.file_id` };
  if (media.kind !== file.kind) return otherKind(at, media.kind, file.kind);
  const format = formatOfMimeType(file.mimeType);
  const { kind, mimeType } = file;
  if (!format || (kind !== 'document' && format.kind !== kind)) return otherFormat(at, kind, mimeType);
  if (media.mimeType !== undefined && !mayBeDeclaredAs(format, media.mimeType)) {
    return otherType(at, media.mimeType, mimeType);
  }
  if (media.voice && mimeType !== VOICE) return noVoice(at, mimeType);
  const largest = ruleOf(widestPolicy, kind)?.maxBytes ?? 0;
  return file.sizeBytes > largest ? tooLarge(at, kind, file.sizeBytes, largest) : undefined;
}

/** Source: Meta, *Audio messages*: a voice note is Ogg with Opus. */
const VOICE = 'audio/ogg';

const notFound = (at: string): Refusal => ({
  code: 'egress.media-not-found',
  reason: `${at}.file_id is of no file that the organisation has`,
  remedy: 'upload the file and set the id of UploadResponse',
  field: `${at}.file_id`,
});

const notReady: Readonly<Record<Exclude<SendableFile['state'], 'ready'>, Refusal>> = {
  fetching: {
    code: 'egress.media-not-ready',
    reason: 'the file has not come from Meta whole and been looked through yet',
    remedy: 'send it again in a moment',
  },
  unavailable: {
    code: 'egress.media-unavailable',
    reason: 'the bytes of the file could not be had from Meta',
    remedy: 'have it fetched again with RetryFetch, or upload it',
  },
  infected: {
    code: 'egress.media-infected',
    reason: 'the scanner found a virus in the file, and its bytes are not kept',
    remedy: 'send a clean one',
  },
};

const otherKind = (at: string, said: string, is: FileKind): Refusal => ({
  code: 'egress.media-mismatch',
  reason: `${at}.kind is ${said}, and the file is of the kind ${is}`,
  remedy: `set the kind to ${is}, or upload the file to be sent as ${said}`,
  field: `${at}.kind`,
});

const otherFormat = (at: string, kind: FileKind, mimeType: string): Refusal => ({
  code: 'egress.media-not-allowed',
  reason: `the file is ${mimeType === '' ? 'of no known format' : mimeType}, which WhatsApp does not take as ${kind}`,
  remedy: `send ${(ruleOf(widestPolicy, kind)?.formats ?? []).join(', ')}`,
  field: `${at}.file_id`,
});

const otherType = (at: string, said: string, is: string): Refusal => ({
  code: 'egress.media-mismatch',
  reason: `${at}.mime_type is ${said}, and the file is ${is} by its content`,
  remedy: `leave it out, or set it to ${is}`,
  field: `${at}.mime_type`,
});

const noVoice = (at: string, is: string): Refusal => ({
  code: 'egress.media-mismatch',
  reason: `${at}.voice is set, and the file is ${is}: a voice note is ${VOICE}`,
  remedy: 'leave it out, or record it as Ogg with Opus',
  field: `${at}.voice`,
});

const tooLarge = (at: string, kind: FileKind, bytes: number, largest: number): Refusal => ({
  code: 'egress.media-too-large',
  reason: `the file has ${bytes} bytes, and ${kind} may have ${sizeOf(largest)} (${largest} bytes)`,
  remedy: 'send a smaller one',
  field: `${at}.file_id`,
});
