/** Everything of files between the entry points and the ports: the same in the process and in tests. */
import { createExpectInbound } from './use-cases/media/expect-inbound.js';
import { createFetchFile } from './use-cases/media/fetch-file.js';
import { createFetcher } from './use-cases/media/fetcher.js';
import { createFindFile, createReadFile } from './use-cases/media/find-file.js';
import { createKeepBytes } from './use-cases/media/keep-bytes.js';
import { createMetaMedia } from './use-cases/media/meta-media.js';
import { createPolicyOf, createPutPolicy } from './use-cases/media/policies.js';
import { createRetryFetch } from './use-cases/media/retry-fetch.js';
import { createSweepDrafts } from './use-cases/media/sweep-drafts.js';
import { createUploadFile } from './use-cases/media/upload-file.js';
import { type Clock, type Hash, type MetaTokens, type Numbers } from './use-cases/ports.js';
import {
  type Digest,
  type Drafts,
  type FetchList,
  type Files,
  type FileStore,
  type MediaIds,
  type MediaObserver,
  type MetaFiles,
  type Policies,
  type Scanner,
} from './use-cases/media/ports.js';

/** All that files need of the world. */
export interface MediaPorts {
  readonly store: FileStore;
  readonly drafts: Drafts;
  readonly scanner: Scanner | undefined;
  readonly files: Files;
  readonly list: FetchList;
  readonly ids: MediaIds;
  readonly policies: Policies;
  readonly meta: MetaFiles;
  readonly tokens: MetaTokens;
  readonly numbers: Numbers;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly newDigest: () => Digest;
  readonly newId: () => string;
  readonly partitionOf: (number: string) => number;
  readonly observer: MediaObserver;
}

export type MediaEngine = ReturnType<typeof createMediaEngine>;

/** Files are large: few at a time keep the connection as busy as many. */
const FETCHES_AT_ONCE = 8;

export function createMediaEngine(ports: MediaPorts, { drainMs }: { readonly drainMs: number }) {
  const keepBytes = createKeepBytes(ports);
  const policyOf = createPolicyOf(ports);
  const findFile = createFindFile(ports);
  const fetchFile = createFetchFile({ ...ports, keepBytes });
  const fetcher = createFetcher({ ...ports, fetchFile }, { concurrency: FETCHES_AT_ONCE, drainMs });
  return {
    fetcher,
    findFile,
    policyOf,
    readFile: createReadFile(ports),
    putPolicy: createPutPolicy({ ...ports, policyOf }),
    uploadFile: createUploadFile({ ...ports, policyOf, keepBytes }),
    metaMedia: createMetaMedia(ports),
    expectInbound: createExpectInbound({ ...ports, look: fetcher.look }),
    retryFetch: createRetryFetch({ ...ports, findFile, fetchNow: fetcher.fetchNow }),
    sweepDrafts: createSweepDrafts(ports),
  };
}
