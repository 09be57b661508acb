import { Failure } from '@switchboard/errors';
import { type Origin, type StoredFile } from '../../domain/media/file.js';
import { type Hash } from '../ports.js';
import { type Files, type FileStore } from './ports.js';

/** Ours by id, or a customer's as its message names it. */
export type FileReference = { readonly fileId: string } | Origin;

/** The same for every repetition of a message, and known to whoever knows the message. */
export const inboundFileId = (hash: Hash, { number, mediaId }: Origin): string =>
  `in-${hash(`${number}:${mediaId}`).slice(0, 32)}`;

export type FindFile = ReturnType<typeof createFindFile>;

/** One file. What belongs to another organisation is not there (SE-1). */
export function createFindFile({ files, hash }: { files: Files; hash: Hash }) {
  return async function findFile(which: FileReference, organisation: string | undefined): Promise<StoredFile> {
    const file = await files.find('fileId' in which ? which.fileId : inboundFileId(hash, which));
    if (!file || (organisation !== undefined && file.organisation !== organisation)) {
      throw new Failure(
        'not-found',
        'egress.media-not-found',
        'no such file; the id is that of UploadResponse, or number and media id are those of a message',
      );
    }
    return file;
  };
}

export type ReadFile = ReturnType<typeof createReadFile>;

/** The bytes of a file that is here. */
export function createReadFile({ store }: { store: FileStore }) {
  return function readFile(file: StoredFile, range?: { from: number; to: number }): AsyncIterable<Uint8Array> {
    mustBeReady(file);
    return store.read(file.object, range);
  };
}

export function mustBeReady({ state, trouble }: StoredFile): void {
  if (state === 'ready') return;
  const why = {
    fetching: 'its bytes have not come from Meta yet; ask again in a moment',
    unavailable: `its bytes could not be had: ${trouble}; RetryFetch tries again`,
    infected: `its bytes are not kept: ${trouble}`,
  }[state];
  throw new Failure('invalid', 'egress.media-not-ready', why, { details: { state } });
}
