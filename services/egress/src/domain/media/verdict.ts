/** Whether a file may be sent: by its name and what is declared, before its first byte; then by its content (AT-2). */
import { type Content } from './content-type.js';
import {
  extensionOf,
  type FileKind,
  type Format,
  formatOfExtension,
  formatOfMimeType,
  mayBeDeclaredAs,
} from './formats.js';
import { type MediaPolicy, type MediaRule, ruleOf, sizeOf, STATIC_STICKER_BYTES } from './policy.js';

export interface AboutFile {
  readonly filename: string;
  /** As declared; may be empty. */
  readonly mimeType: string;
  /** Undefined where it is not known. */
  readonly sizeBytes: number | undefined;
  /** What it is to be sent as; undefined = by its content. */
  readonly kind: FileKind | undefined;
}

export interface MediaRefusal {
  readonly code: 'egress.media-too-large' | 'egress.media-not-allowed' | 'egress.media-mismatch' | 'egress.media-empty';
  readonly reason: string;
  /** For programs: kind, limit in bytes, formats. */
  readonly details: Readonly<Record<string, string>>;
}

/** What a file is to be, if its content agrees. */
export interface Admitted {
  readonly kind: FileKind;
  readonly format: Format;
  readonly rule: MediaRule;
}

export type Verdict<T> =
  { readonly isAllowed: true; readonly value: T } | { readonly isAllowed: false; readonly refusal: MediaRefusal };

/** By name, declared type, size and policy. The extension says what the content must be. */
export function admit(
  { filename, mimeType, sizeBytes, kind: wanted }: AboutFile,
  policy: MediaPolicy,
): Verdict<Admitted> {
  const extension = extensionOf(filename);
  const format = formatOfExtension(extension);
  const kind = wanted ?? format?.kind;
  const rule = kind && ruleOf(policy, kind);
  if (!format || !kind || !rule?.formats.includes(extension)) return notAllowed(extension, kind, policy);
  if (!mayBeDeclaredAs(format, mimeType)) {
    const reason = `the name ends in .${extension} and the type is declared as ${mimeType}; they must agree: declare ${format.mimeType} or name it for what it is`;
    return refused('egress.media-mismatch', reason, rule);
  }
  const admitted = { kind, format, rule };
  const tooLarge = sizeBytes === undefined ? undefined : sizeRefusal(admitted, sizeBytes);
  return tooLarge ? { isAllowed: false, refusal: tooLarge } : { isAllowed: true, value: admitted };
}

/** Undefined while so many bytes are within the limit. */
export function sizeRefusal({ kind, rule }: Admitted, bytes: number): MediaRefusal | undefined {
  if (bytes <= rule.maxBytes) return undefined;
  const reason = `${kind} files may have up to ${sizeOf(rule.maxBytes)} (${rule.maxBytes} bytes) in the formats ${rule.formats.join(', ')}; send a smaller one`;
  return { code: 'egress.media-too-large', reason, details: detailsOf(rule) };
}

/** By its content, once it is here whole. */
export function judgeContent(admitted: Admitted, content: Content, bytes: number): MediaRefusal | undefined {
  const { kind, rule } = admitted;
  if (bytes === 0) {
    return { code: 'egress.media-empty', reason: 'the file has no bytes; send one that has', details: detailsOf(rule) };
  }
  const mismatch = contentRefusal(admitted, content);
  if (mismatch) return mismatch;
  if (kind === 'sticker' && !content.isAnimated && bytes > STATIC_STICKER_BYTES) {
    const limited = { ...admitted, rule: { ...rule, maxBytes: Math.min(rule.maxBytes, STATIC_STICKER_BYTES) } };
    return sizeRefusal(limited, bytes);
  }
  return sizeRefusal(admitted, bytes);
}

function contentRefusal({ format, rule }: Admitted, { mimeType }: Content): MediaRefusal | undefined {
  // Both are the same container, and which of the two it is stands in the name.
  const isSame = mimeType === format.mimeType || (format.mimeType === 'audio/mp4' && mimeType === 'video/mp4');
  if (isSame) return undefined;
  const [extension = ''] = format.extensions;
  const found = mimeType === '' ? 'none of the formats that are known here' : describe(mimeType);
  const hint = format.mimeType === 'text/plain' ? ' Text must be UTF-8 without control characters.' : '';
  const reason = `by its name it is ${extension} (${format.mimeType}), and by its content ${found}; name it for what it is.${hint} ${capital(rule.kind)} files may be ${rule.formats.join(', ')} up to ${sizeOf(rule.maxBytes)}`;
  return { code: 'egress.media-mismatch', reason, details: detailsOf(rule) };
}

function notAllowed(extension: string, kind: FileKind | undefined, policy: MediaPolicy): Verdict<never> {
  const rule = kind && ruleOf(policy, kind);
  const said = extension === '' ? 'a file without an extension' : `.${extension}`;
  if (rule) {
    const reason = `${said} may not be sent as ${kind}; ${kind} files may be ${rule.formats.join(', ')} up to ${sizeOf(rule.maxBytes)}`;
    return refused('egress.media-not-allowed', reason, rule);
  }
  const allowed = policy.rules.map(
    (each) => `${each.kind} (${each.formats.join(', ')}, up to ${sizeOf(each.maxBytes)})`,
  );
  const reason = `${said} may not be sent${kind ? ` as ${kind}` : ''}; allowed: ${allowed.join('; ') || 'no files at all'}`;
  const details = { kind: kind ?? '', formats: policy.rules.flatMap((each) => each.formats).join(',') };
  return { isAllowed: false, refusal: { code: 'egress.media-not-allowed', reason, details } };
}

const refused = (code: MediaRefusal['code'], reason: string, rule: MediaRule): Verdict<never> => ({
  isAllowed: false,
  refusal: { code, reason, details: detailsOf(rule) },
});

const detailsOf = ({ kind, maxBytes, formats }: MediaRule): Record<string, string> => ({
  kind,
  limitBytes: String(maxBytes),
  formats: formats.join(','),
});

const describe = (mimeType: string): string => {
  const [extension] = formatOfMimeType(mimeType)?.extensions ?? [];
  return extension === undefined ? mimeType : `${extension} (${mimeType})`;
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
