import { Failure } from '@switchboard/errors';
import { type StoredFile } from '../../src/domain/media/file.js';
import { type MediaPolicy } from '../../src/domain/media/policy.js';
import {
  type Drafts,
  type FetchJob,
  type FetchList,
  type Files,
  type FileStore,
  type MediaIds,
  type Policies,
} from '../../src/use-cases/media/ports.js';

/** The ports of files in memory. They pass the contracts that the real ones pass. */

export interface MemoryFileStore extends FileStore {
  readonly objects: Map<string, Buffer>;
}

export function memoryFileStore(): MemoryFileStore {
  const objects = new Map<string, Buffer>();
  return {
    objects,
    async write(object, content) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      objects.set(object, Buffer.concat(pieces));
    },
    async *read(object, range) {
      const bytes = await Promise.resolve(objects.get(object));
      if (!bytes) throw new Failure('not-found', 'egress.media-bytes-missing', 'no such object');
      yield range ? bytes.subarray(range.from, range.to + 1) : bytes;
    },
    remove: (object) => {
      objects.delete(object);
      return Promise.resolve();
    },
  };
}

interface Kept extends StoredFile {
  readonly fetch?: FetchWork;
  readonly fetched?: FetchWork;
}
type FetchWork = Pick<FetchJob, 'partition' | 'tries' | 'sha256' | 'giveUpAt'> & { readonly due: Date };

export function memoryFiles(): Files & FetchList {
  const kept = new Map<string, Kept>();
  const toFile = (file: Kept): StoredFile => {
    const { fetch, fetched, ...rest } = file;
    return fetch || fetched ? rest : file;
  };
  const toJob = ({ fileId, origin, kind, mimeType, filename, fetch }: Kept): FetchJob[] => {
    if (!origin || !fetch) return [];
    const { partition, sha256, tries, giveUpAt } = fetch;
    return [{ fileId, origin, kind, mimeType, filename, partition, sha256, tries, giveUpAt }];
  };
  const change = (fileId: string, by: (found: Kept) => Kept | undefined): Kept | undefined => {
    const found = kept.get(fileId);
    const changed = found && by(found);
    if (changed) kept.set(fileId, changed);
    return changed;
  };
  const inWork = (
    partitions: readonly number[],
    without: readonly string[],
  ): (Kept & { readonly fetch: FetchWork })[] =>
    [...kept.values()]
      .filter((file): file is Kept & { readonly fetch: FetchWork } => file.fetch !== undefined)
      .filter(({ fetch, fileId }) => partitions.includes(fetch.partition) && !without.includes(fileId))
      .sort((a, b) => a.fetch.due.getTime() - b.fetch.due.getTime());
  const answer = <T>(value: T): Promise<T> => Promise.resolve(value);

  return {
    insert: (file) => answer(void kept.set(file.fileId, file)),
    find: (fileId) => {
      const found = kept.get(fileId);
      return answer(found && toFile(found));
    },
    usesObject: (object) => answer([...kept.values()].some((file) => file.object === object)),
    expect(files) {
      for (const { partition, sha256, giveUpAt, ...file } of files) {
        if (kept.has(file.fileId)) continue;
        const fetch = { partition, sha256, giveUpAt, tries: 0, due: file.createdAt };
        kept.set(file.fileId, { ...file, sizeBytes: 0, sha256: '', state: 'fetching', trouble: '', object: '', fetch });
      }
      return answer(undefined);
    },
    due: (partitions, now, { without, limit }) =>
      answer(
        inWork(partitions, without)
          .filter(({ fetch }) => fetch.due <= now)
          .slice(0, limit)
          .flatMap(toJob),
      ),
    nextDue: (partitions, without) => answer(inWork(partitions, without)[0]?.fetch.due),
    postpone: (fileId, { until, tries, trouble }) =>
      answer(
        void change(fileId, (file) => file.fetch && { ...file, trouble, fetch: { ...file.fetch, due: until, tries } }),
      ),
    settle: (fileId, result) =>
      answer(
        change(fileId, ({ fetch, ...file }) => fetch && { ...file, trouble: '', ...result, fetched: fetch }) !==
          undefined,
      ),
    again: (fileId, giveUpAt, due) => {
      const found = change(fileId, ({ fetched, ...file }) =>
        file.state === 'unavailable' && fetched
          ? { ...file, state: 'fetching', fetch: { ...fetched, due, giveUpAt, tries: 0 } }
          : undefined,
      );
      return answer(found && toFile(found));
    },
    job: (fileId) => {
      const found = kept.get(fileId);
      return answer(found && toJob(found)[0]);
    },
    hasten(number, now) {
      for (const { fileId, origin, fetch } of kept.values()) {
        if (origin?.number !== number || !fetch || fetch.due <= now) continue;
        change(fileId, (file) => ({ ...file, fetch: { ...fetch, due: now } }));
      }
      return answer(undefined);
    },
  };
}

export function memoryDrafts(
  now: () => Date,
): Drafts & { readonly open: Map<string, { at: Date; isGivenUp: boolean }> } {
  const open = new Map<string, { at: Date; isGivenUp: boolean }>();
  return {
    open,
    begin: (object) => Promise.resolve(void open.set(object, { at: now(), isGivenUp: false })),
    renew(object) {
      const draft = open.get(object);
      if (!draft || draft.isGivenUp) return Promise.resolve(false);
      draft.at = now();
      return Promise.resolve(true);
    },
    end: (object) => Promise.resolve(void open.delete(object)),
    abandoned(before) {
      for (const draft of open.values()) if (draft.at < before) draft.isGivenUp = true;
      return Promise.resolve([...open].filter(([, { isGivenUp }]) => isGivenUp).map(([object]) => object));
    },
  };
}

export function memoryMediaIds(): MediaIds {
  const kept = new Map<string, { mediaId: string; until: Date }>();
  return {
    find(number, fileId, now) {
      const found = kept.get(`${number}:${fileId}`);
      return Promise.resolve(found && found.until > now ? found.mediaId : undefined);
    },
    keep: (number, fileId, mediaId, until) => Promise.resolve(void kept.set(`${number}:${fileId}`, { mediaId, until })),
    forget: (number, fileId) => Promise.resolve(void kept.delete(`${number}:${fileId}`)),
  };
}

export function memoryPolicies(): Policies {
  const kept = new Map<string, MediaPolicy>();
  return {
    find(organisation, brand) {
      const own = brand === '' ? undefined : kept.get(`${organisation}/${brand}`);
      if (own) return Promise.resolve({ policy: own, source: 'brand' as const });
      const wide = kept.get(`${organisation}/`);
      return Promise.resolve(wide && { policy: wide, source: 'organisation' as const });
    },
    put(organisation, brand, policy) {
      if (policy) kept.set(`${organisation}/${brand}`, policy);
      else kept.delete(`${organisation}/${brand}`);
      return Promise.resolve();
    },
  };
}
