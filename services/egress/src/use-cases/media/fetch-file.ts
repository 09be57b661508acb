import { Failure, isTransient } from '@switchboard/errors';
import { hashOf, LARGEST_INBOUND_BYTES, waitMs } from '../../domain/media/file.js';
import { type Clock, type MetaTokens, type Numbers } from '../ports.js';
import {
  type FetchJob,
  type FetchList,
  type FetchResult,
  type FileAtMeta,
  type MediaObserver,
  type MetaFiles,
} from './ports.js';
import { INFECTED, type KeepBytes, type NewBytes } from './keep-bytes.js';

export type FetchFile = ReturnType<typeof createFetchFile>;

/** While a number has no token, or is nobody's: looked at again, and as soon as account tells of a change. */
const UNCONNECTED_WAIT_MS = 15 * 60_000;

/** Fetches one customer's file from Meta, or writes down when to try again (AT-3). May be done twice at a time. */
export function createFetchFile(deps: {
  list: FetchList;
  keepBytes: KeepBytes;
  meta: MetaFiles;
  tokens: MetaTokens;
  numbers: Numbers;
  clock: Clock;
  observer: MediaObserver;
}) {
  const { list, keepBytes, meta, tokens, numbers, clock, observer } = deps;

  async function fetch(job: FetchJob, organisation: string, token: string): Promise<boolean> {
    const found = await meta.describe(job.origin, token);
    if ((found.sizeBytes ?? 0) > LARGEST_INBOUND_BYTES) throw tooLarge();
    return keepBytes
      .keep(await meta.download(found.url, token), {
        refuse: (bytes) => (bytes > (found.sizeBytes ?? LARGEST_INBOUND_BYTES) ? tooLarge() : undefined),
        accept: (kept) => {
          mustBeWhole(kept, found, job);
        },
        async commit({ object, sizeBytes, sha256, content }) {
          const mimeType = content.mimeType || bare(found.mimeType) || bare(job.mimeType) || 'application/octet-stream';
          const isOurs = await list.settle(job.fileId, {
            state: 'ready',
            object,
            sizeBytes,
            sha256,
            mimeType,
            organisation,
          });
          // Somebody else was faster: these bytes are nobody's.
          if (!isOurs) throw new FetchedElsewhere();
          return isOurs;
        },
      })
      .catch((error: unknown) => {
        if (error instanceof FetchedElsewhere) return false;
        throw error;
      });
  }

  async function tokenOf({ number }: FetchJob['origin']): Promise<{ token: string; organisation: string } | undefined> {
    const view = numbers.view(number);
    if (!view || view.organisation === '' || view.sending === 'not-connected' || view.sending === 'no-token')
      return undefined;
    try {
      return { token: await tokens.of(number, view.version), organisation: view.organisation };
    } catch (error) {
      if (isTransient(error)) throw error;
      return undefined;
    }
  }

  async function failed(job: FetchJob, error: unknown): Promise<void> {
    const trouble = error instanceof Failure ? error.message : 'something went wrong here';
    if (!(error instanceof Failure)) observer.warn({ fileId: job.fileId, error }, 'fetching a file met a bug');
    if (error instanceof Failure && error.code === INFECTED) {
      await list.settle(job.fileId, { state: 'infected', trouble });
      observer.fetched('infected');
      return;
    }
    if (error instanceof Failure && error.kind === 'unauthenticated') {
      tokens.forget(job.origin.number);
    }
    const tries = job.tries + 1;
    const asked = error instanceof Failure ? (error.retryAfterMs ?? 0) : 0;
    const until = new Date(clock.now().getTime() + Math.max(waitMs(tries), asked));
    if (isFinal(error) || until >= job.giveUpAt) {
      await give(job, { state: 'unavailable', trouble });
      return;
    }
    await list.postpone(job.fileId, { until, tries, trouble });
    observer.fetched('postponed');
  }

  async function give(job: FetchJob, result: FetchResult & { readonly state: 'unavailable' }): Promise<void> {
    await list.settle(job.fileId, result);
    observer.fetched('unavailable');
  }

  return async function fetchFile(job: FetchJob): Promise<void> {
    try {
      const access = await tokenOf(job.origin);
      if (access) {
        if (await fetch(job, access.organisation, access.token)) observer.fetched('ready');
        return;
      }
      const trouble = 'the number is not connected, or has no token; connect it, and its files are fetched';
      const until = new Date(clock.now().getTime() + UNCONNECTED_WAIT_MS);
      if (until >= job.giveUpAt) await give(job, { state: 'unavailable', trouble });
      else await list.postpone(job.fileId, { until, tries: job.tries, trouble });
      observer.fetched('waits');
    } catch (error) {
      await failed(job, error);
    }
  };
}

class FetchedElsewhere extends Error {
  override readonly name = 'FetchedElsewhere';
}

/** Meta does not have it, or gives it to nobody like us: no repetition changes that. */
const isFinal = (error: unknown): boolean =>
  error instanceof Failure && ['invalid', 'not-found', 'forbidden'].includes(error.kind);

function mustBeWhole(kept: NewBytes, found: FileAtMeta, job: FetchJob): void {
  const said = hashOf(found.sha256) ?? hashOf(job.sha256);
  const size = found.sizeBytes ?? kept.sizeBytes;
  const isCut = size !== kept.sizeBytes;
  if (!isCut && (said === undefined || said === kept.sha256)) return;
  const what = isCut ? `${kept.sizeBytes} bytes of ${size}` : 'bytes with another SHA-256 than it said';
  throw new Failure('unavailable', 'egress.media-damaged', `Meta gave ${what}`);
}

const tooLarge = (): Failure =>
  new Failure('unavailable', 'egress.media-damaged', 'Meta gave more bytes than it said, or than a customer can send');

const bare = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim();
