/** What files need of the world, and what the rest of egress may ask of them. */
import { type KeptBytes, type Origin, type SendableFile, type StoredFile } from '../../domain/media/file.js';
import { type FileKind } from '../../domain/media/formats.js';
import { type MediaPolicy } from '../../domain/media/policy.js';
import { type Refused } from '../../domain/retry.js';

/** Files as messages use them. */
export interface MetaMedia {
  /** Meta's id of a file of ours for messages of this number: uploaded where it is not there yet. Never throws. */
  readonly idOf: (number: string, fileId: string) => Promise<MediaIdResult>;
  /** Meta does not know the id (any more): the next `idOf` uploads again. */
  readonly forget: (number: string, fileId: string) => Promise<void>;
  /** What may be known before it is sent; undefined when the organisation has no such file. */
  readonly about: (fileId: string, organisation: string) => Promise<SendableFile | undefined>;
}

/** As a call that sends a message ends: `not-sent` is tried again, `refused` says by its consequence. */
export type MediaIdResult =
  | { readonly kind: 'id'; readonly mediaId: string }
  | ({ readonly kind: 'refused' } & Refused)
  | { readonly kind: 'not-sent'; readonly reason: string };

/** Bytes by name. An object is written once and never changed. */
export interface FileStore {
  /** Whole or not at all; throws what `content` throws. */
  readonly write: (object: string, content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** `from` and `to` are the first and the last byte. Throws `not-found` (`egress.media-bytes-missing`). */
  readonly read: (object: string, range?: { readonly from: number; readonly to: number }) => AsyncIterable<Uint8Array>;
  /** Also what a write left that never came to its end. Nothing happens when there is none. */
  readonly remove: (object: string) => Promise<void>;
}

/** Objects that are being written: what a process left behind that was killed meanwhile is found by them. */
export interface Drafts {
  readonly begin: (object: string) => Promise<void>;
  /** It goes on; false when it was given up for abandoned. */
  readonly renew: (object: string) => Promise<boolean>;
  readonly end: (object: string) => Promise<void>;
  /** Marks those as given up that nobody has renewed since then, and names them. */
  readonly abandoned: (before: Date) => Promise<readonly string[]>;
}

/** A customer's file that is to be fetched. */
export interface FetchJob {
  readonly fileId: string;
  readonly partition: number;
  readonly origin: Origin;
  readonly kind: FileKind;
  readonly mimeType: string;
  readonly filename: string;
  /** As the message said it. */
  readonly sha256: string;
  readonly tries: number;
  readonly giveUpAt: Date;
}

export type ExpectedFile = Omit<FetchJob, 'tries'> & { readonly organisation: string; readonly createdAt: Date };

export interface Files {
  readonly insert: (file: StoredFile) => Promise<void>;
  readonly find: (fileId: string) => Promise<StoredFile | undefined>;
  readonly usesObject: (object: string) => Promise<boolean>;
}

/** Files to be fetched are a work list: those whose state is `fetching`. */
export interface FetchList {
  /** Adds those that are not there yet, to be fetched at once. */
  readonly expect: (files: readonly ExpectedFile[]) => Promise<void>;
  /** Those whose time has come, the oldest first. */
  readonly due: (
    partitions: readonly number[],
    now: Date,
    options: { readonly without: readonly string[]; readonly limit: number },
  ) => Promise<readonly FetchJob[]>;
  /** When the next of them is due, at the earliest. */
  readonly nextDue: (partitions: readonly number[], without: readonly string[]) => Promise<Date | undefined>;
  readonly postpone: (
    fileId: string,
    change: { readonly until: Date; readonly tries: number; readonly trouble: string },
  ) => Promise<void>;
  /** Ends the fetching; false when another process has. */
  readonly settle: (fileId: string, result: FetchResult) => Promise<boolean>;
  /** Back to `fetching` and due then, if it is `unavailable`; the file as it stands now. */
  readonly again: (fileId: string, giveUpAt: Date, due: Date) => Promise<StoredFile | undefined>;
  readonly job: (fileId: string) => Promise<FetchJob | undefined>;
  /** Those of a number that wait are due at once. */
  readonly hasten: (number: string, now: Date) => Promise<void>;
}

export type FetchResult =
  | ({ readonly state: 'ready'; readonly mimeType: string; readonly organisation: string } & KeptBytes)
  | { readonly state: 'unavailable' | 'infected'; readonly trouble: string };

/** Meta's ids of our files. */
export interface MediaIds {
  readonly find: (number: string, fileId: string, now: Date) => Promise<string | undefined>;
  readonly keep: (number: string, fileId: string, mediaId: string, until: Date) => Promise<void>;
  readonly forget: (number: string, fileId: string) => Promise<void>;
}

export interface Policies {
  /** The brand's where it has one, else the organisation's. */
  readonly find: (organisation: string, brand: string) => Promise<KeptPolicy | undefined>;
  /** Undefined: there is none any more. */
  readonly put: (organisation: string, brand: string, policy: MediaPolicy | undefined) => Promise<void>;
}

export interface KeptPolicy {
  readonly policy: MediaPolicy;
  readonly source: 'organisation' | 'brand';
}

/** Looks for viruses. Throws `unavailable` when it cannot. */
export interface Scanner {
  /** What was found; undefined when nothing was. */
  readonly scan: (content: AsyncIterable<Uint8Array>) => Promise<string | undefined>;
}

export interface Digest {
  readonly update: (bytes: Uint8Array) => void;
  /** Hex, after the last byte. */
  readonly end: () => string;
}

/** The content of files at Meta. */
export interface MetaFiles {
  readonly upload: (
    number: string,
    token: string,
    file: Pick<StoredFile, 'sizeBytes' | 'mimeType' | 'filename'> & { readonly content: AsyncIterable<Uint8Array> },
  ) => Promise<UploadedToMeta>;
  /** Throws a `Failure`: `invalid` and `not-found` say that Meta does not have it. */
  readonly describe: (origin: Origin, token: string) => Promise<FileAtMeta>;
  /** Throws a `Failure`. */
  readonly download: (url: string, token: string) => Promise<AsyncIterable<Uint8Array>>;
}

export type UploadedToMeta = MediaIdResult;

export interface FileAtMeta {
  readonly url: string;
  readonly mimeType: string;
  readonly sha256: string;
  readonly sizeBytes: number | undefined;
}

/** What an operator of the installation reads of files. */
export interface MediaObserver {
  readonly uploaded: (result: string, bytes: number) => void;
  readonly fetched: (result: 'ready' | 'infected' | 'unavailable' | 'postponed' | 'waits') => void;
  readonly fetching: (count: number) => void;
  readonly toMeta: (result: 'uploaded' | 'reused' | 'refused' | 'not-sent') => void;
  readonly warn: (facts: object, message: string) => void;
}
