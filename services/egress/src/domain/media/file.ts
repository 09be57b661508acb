/** A file, ours or a customer's, and where it stands. */
import { type MetaError } from '../report.js';
import { type FileKind } from './formats.js';

export type FileState = 'fetching' | 'ready' | 'unavailable' | 'infected';

/** A customer's file at Meta. */
export interface Origin {
  readonly number: string;
  readonly mediaId: string;
}

export interface StoredFile {
  readonly fileId: string;
  /** Empty while a customer's file belongs to a number of nobody. */
  readonly organisation: string;
  readonly kind: FileKind;
  /** By its content; until it is here as Meta says it. */
  readonly mimeType: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Hex; empty until it is here. */
  readonly sha256: string;
  readonly state: FileState;
  /** Why its bytes are not to be had; empty where they are. */
  readonly trouble: string;
  readonly createdAt: Date;
  /** Of its bytes in the store; empty until they are there. */
  readonly object: string;
  readonly origin: Origin | undefined;
}

/** What messages may know of a file before it is sent. */
export type SendableFile = Pick<StoredFile, 'kind' | 'mimeType' | 'filename' | 'sizeBytes' | 'state'>;

/** What of a file is known once its bytes are here. */
export type KeptBytes = Pick<StoredFile, 'object' | 'sizeBytes' | 'sha256'>;

const SECOND = 1_000;
const HOUR = 3_600_000;
const FIRST_WAIT_MS = 2 * SECOND;
const LONGEST_WAIT_MS = HOUR;

/** Meta keeps customers' files so long (since 9 October 2025). */
export const AT_META_MS = 7 * 24 * HOUR;
/** What is asked for again is tried at least so long. */
export const RETRY_MS = HOUR / 6;
/** The largest that a customer can send (131052 says so of larger ones). */
export const LARGEST_INBOUND_BYTES = 100 * 1_048_576;

/** After so many tries that came to nothing. */
export const waitMs = (tries: number): number => Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MS);

/** Meta writes hashes as base64 or as hex; one that is neither, or missing, says nothing. */
export function hashOf(written: string): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(written)) return written.toLowerCase();
  const bare = written.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]{43}$/.test(bare)) return undefined;
  return Array.from(atob(bare), (each) => each.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/**
 * Meta does not have the file of an id (any more), or cannot take it. Source: Meta, *Error codes* (131052, 131053); an id that
 * is none is refused as a bad parameter, told apart by its sentence alone.
 */
export const isUnknownAtMeta = ({ code, message, details }: MetaError): boolean =>
  code === 131_052 || code === 131_053 || (code === 100 && /media attachment id/i.test(`${message} ${details}`));

/** A media id of Meta lives 30 days; it is used for one less, for messages that wait. */
export const META_MEDIA_MS = 29 * 24 * HOUR;
