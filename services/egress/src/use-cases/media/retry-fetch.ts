import { AT_META_MS, RETRY_MS, type StoredFile } from '../../domain/media/file.js';
import { type Clock } from '../ports.js';
import { type FetchJob, type FetchList } from './ports.js';
import { type FileReference, type FindFile } from './find-file.js';

/** Tried here first; whoever has the partition comes to it when this process does not live to. */
const HEAD_START_MS = 60_000;

export type RetryFetch = ReturnType<typeof createRetryFetch>;

/** Tries again to fetch what could not be had (AT-3). What is here, or under way, stays as it is. */
export function createRetryFetch(deps: {
  findFile: FindFile;
  list: FetchList;
  clock: Clock;
  fetchNow: (job: FetchJob) => void;
}) {
  const { findFile, list, clock, fetchNow } = deps;

  return async function retryFetch(which: FileReference, organisation: string | undefined): Promise<StoredFile> {
    const file = await findFile(which, organisation);
    if (file.state !== 'unavailable') return file;
    const now = clock.now();
    const giveUpAt = Math.max(file.createdAt.getTime() + AT_META_MS, now.getTime() + RETRY_MS);
    const again = await list.again(file.fileId, new Date(giveUpAt), new Date(now.getTime() + HEAD_START_MS));
    const job = again && (await list.job(file.fileId));
    if (job) fetchNow(job);
    return again ?? findFile(which, organisation);
  };
}
