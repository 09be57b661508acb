/** What may be sent, as data (AT-1): per organisation and brand narrowed, or widened up to Meta's own limits (AT-2). */
import { type FieldViolation } from '@switchboard/errors';
import { type FileKind, fileKinds, formats } from './formats.js';

export interface MediaRule {
  readonly kind: FileKind;
  readonly maxBytes: number;
  /** Extensions in lower case. */
  readonly formats: readonly string[];
}

/** One rule per kind; a kind without one may not be sent. */
export interface MediaPolicy {
  readonly rules: readonly MediaRule[];
}

export const KB = 1_024;
export const MB = 1_048_576;

export const sizeOf = (bytes: number): string =>
  bytes % MB === 0 ? `${bytes / MB} MB` : bytes % KB === 0 ? `${bytes / KB} KB` : `${bytes} bytes`;

/** AT-1. */
export const defaultPolicy: MediaPolicy = {
  rules: [
    { kind: 'image', maxBytes: 5 * MB, formats: ['jpeg', 'jpg', 'png'] },
    { kind: 'document', maxBytes: 40 * MB, formats: ['pdf', 'txt', 'xls', 'xlsx', 'ppt', 'pptx'] },
    { kind: 'video', maxBytes: 16 * MB, formats: ['3gp', 'mp4'] },
    { kind: 'audio', maxBytes: 16 * MB, formats: ['mp3', 'mpeg', 'ogg', 'amr', 'aac', 'vorbis'] },
  ],
};

/** Meta's limit of a sticker that does not move; of one that does it is the kind's. */
export const STATIC_STICKER_BYTES = 100 * KB;

const metaBytes: Readonly<Record<FileKind, number>> = {
  image: 5 * MB,
  video: 16 * MB,
  audio: 16 * MB,
  document: 100 * MB,
  sticker: 500 * KB,
};

const extensionsOf = (kind: FileKind): string[] =>
  formats.filter((format) => format.kind === kind).flatMap(({ extensions }) => extensions);

/** Source: Meta, *Cloud API, Media*: sizes and types per kind. A document may be of any type. */
export const widestPolicy: MediaPolicy = {
  rules: fileKinds.map((kind) => ({
    kind,
    maxBytes: metaBytes[kind],
    formats: kind === 'document' ? formats.flatMap(({ extensions }) => extensions) : extensionsOf(kind),
  })),
};

export const ruleOf = ({ rules }: MediaPolicy, kind: FileKind): MediaRule | undefined =>
  rules.find((rule) => rule.kind === kind);

/** What of a policy is wider than Meta allows, or is none at all. */
export function policyViolations(
  rules: readonly { readonly kind: string; readonly maxBytes: number; readonly formats: readonly string[] }[],
): FieldViolation[] {
  return rules.flatMap(({ kind, maxBytes, formats: allowed }, index) => {
    const at = `policy.rules[${index}]`;
    const widest = widestPolicy.rules.find((rule) => rule.kind === kind);
    if (!widest) {
      return [{ field: `${at}.kind`, description: `must be one of ${fileKinds.join(', ')}; "${kind}" is none` }];
    }
    const unknown = allowed.filter((extension) => !widest.formats.includes(extension));
    const problems: [isWrong: boolean, field: string, description: string][] = [
      [rules.findIndex((rule) => rule.kind === kind) < index, 'kind', `${kind} has a rule already; leave one`],
      [
        maxBytes < 1 || maxBytes > widest.maxBytes,
        'max_bytes',
        `must be 1 to ${widest.maxBytes} bytes for ${kind}, which is Meta's limit; lower it`,
      ],
      [allowed.length === 0, 'formats', `must name a format; leave the rule out to allow no ${kind}`],
      [
        unknown.length > 0,
        'formats',
        `WhatsApp takes no ${unknown.join(', ')} as ${kind}; choose from ${widest.formats.join(', ')}`,
      ],
    ];
    return problems.flatMap(([isWrong, field, description]) =>
      isWrong ? [{ field: `${at}.${field}`, description }] : [],
    );
  });
}
