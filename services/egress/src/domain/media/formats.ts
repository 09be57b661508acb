/** The formats of files: what they are called, how their type is declared, and what kind of message they make. */

export type FileKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

export const fileKinds: readonly FileKind[] = ['image', 'video', 'audio', 'document', 'sticker'];

export interface Format {
  readonly mimeType: string;
  readonly kind: FileKind;
  /** Extensions that say it, in lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  /** Other names of its type that senders declare. */
  readonly alsoDeclared: readonly string[];
}

const format = (
  mimeType: string,
  kind: FileKind,
  extensions: readonly string[],
  alsoDeclared: readonly string[] = [],
): Format => ({ mimeType, kind, extensions, alsoDeclared });

const office = 'application/vnd.openxmlformats-officedocument';

/** Source: Meta, *Cloud API, Media*, with the names that AT-1 has for them. */
export const formats: readonly Format[] = [
  format('image/jpeg', 'image', ['jpeg', 'jpg'], ['image/jpg', 'image/pjpeg']),
  format('image/png', 'image', ['png']),
  format('image/webp', 'sticker', ['webp']),
  format('video/mp4', 'video', ['mp4'], ['application/mp4']),
  format('video/3gpp', 'video', ['3gp'], ['video/3gp', 'audio/3gpp']),
  format('audio/mpeg', 'audio', ['mp3', 'mpeg'], ['audio/mp3', 'audio/mpeg3', 'audio/x-mpeg']),
  format('audio/ogg', 'audio', ['ogg', 'opus', 'vorbis'], ['audio/opus', 'audio/vorbis', 'application/ogg']),
  format('audio/amr', 'audio', ['amr'], ['audio/3gpp', 'audio/x-amr']),
  format('audio/aac', 'audio', ['aac'], ['audio/x-aac', 'audio/aacp']),
  format('audio/mp4', 'audio', ['m4a'], ['audio/x-m4a', 'audio/m4a']),
  format('application/pdf', 'document', ['pdf'], ['application/x-pdf']),
  format('text/plain', 'document', ['txt']),
  format('application/msword', 'document', ['doc']),
  format('application/vnd.ms-excel', 'document', ['xls'], ['application/msexcel', 'application/x-excel']),
  format('application/vnd.ms-powerpoint', 'document', ['ppt'], ['application/mspowerpoint']),
  format(`${office}.wordprocessingml.document`, 'document', ['docx']),
  format(`${office}.spreadsheetml.sheet`, 'document', ['xlsx']),
  format(`${office}.presentationml.presentation`, 'document', ['pptx']),
];

const byExtension = new Map(formats.flatMap((each) => each.extensions.map((extension) => [extension, each] as const)));
const byMimeType = new Map(formats.map((each) => [each.mimeType, each]));

export const formatOfExtension = (extension: string): Format | undefined => byExtension.get(extension);
export const formatOfMimeType = (mimeType: string): Format | undefined => byMimeType.get(mimeType);

/** In lower case and without the dot; empty where there is none. */
export const extensionOf = (filename: string): string => /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';

/** Declared types may have parameters, as in `audio/ogg; codecs=opus`. Undeclared ones say nothing against it. */
export function mayBeDeclaredAs({ mimeType, alsoDeclared }: Format, declared: string): boolean {
  const bare = (declared.split(';')[0] ?? '').trim().toLowerCase();
  return ['', 'application/octet-stream', mimeType].includes(bare) || alsoDeclared.includes(bare);
}
