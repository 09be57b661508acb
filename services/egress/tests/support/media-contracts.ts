import { Failure } from '@switchboard/errors';
import { defaultPolicy, widestPolicy } from '../../src/domain/media/policy.js';
import {
  type Drafts,
  type ExpectedFile,
  type FetchList,
  type Files,
  type FileStore,
  type MediaIds,
  type Policies,
} from '../../src/use-cases/media/ports.js';

/** What the ports of files promise, whatever they are made of. */

let names = 0;
const fresh = (): string => `thing-${process.pid}-${(names += 1)}`;

async function* pieces(bytes: Buffer, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of content) found.push(piece);
  return Buffer.concat(found);
}

const numbered = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 251));

export function fileStoreContract(name: string, open: () => FileStore): void {
  describe(`${name} as a store of files`, () => {
    const codeOf = (error: unknown): string =>
      error instanceof Failure ? `${error.kind} ${error.code}` : String(error);

    it.each([0, 1, 255 * 1_024, 6 * 1_048_576 + 3])('AT-3: gives back %i bytes as they came', async (length) => {
      const [store, object, bytes] = [open(), fresh(), numbered(length)];

      await store.write(object, pieces(bytes));

      expect((await whole(store.read(object))).equals(bytes)).toBe(true);
      await store.remove(object);
    });

    it.each([
      [0, 1],
      [10, 19],
      [300_000, 699_999],
      [699_999, 699_999],
    ])('AT-3: reads from byte %i to byte %i', async (from, to) => {
      const [store, object, bytes] = [open(), fresh(), numbered(700_000)];
      await store.write(object, pieces(bytes));

      expect((await whole(store.read(object, { from, to }))).equals(bytes.subarray(from, to + 1))).toBe(true);
    });

    it.each([100_000, 7 * 1_048_576])(
      'AT-2: keeps nothing of what breaks off after %i bytes, and says why',
      async (length) => {
        const [store, object] = [open(), fresh()];
        const reason = new Failure('invalid', 'tests.broken', 'it broke');
        async function* broken(): AsyncGenerator<Uint8Array> {
          yield* pieces(numbered(length));
          throw reason;
        }

        await expect(store.write(object, broken())).rejects.toBe(reason);

        await expect(whole(store.read(object)).catch(codeOf)).resolves.toBe('not-found egress.media-bytes-missing');
      },
    );

    it('AT-3: removes what is there, and does not mind what is not', async () => {
      const [store, object] = [open(), fresh()];
      await store.write(object, pieces(numbered(10)));

      await store.remove(object);
      await store.remove(object);

      await expect(whole(store.read(object)).catch(codeOf)).resolves.toBe('not-found egress.media-bytes-missing');
    });
  });
}

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1_000);

function expectedFile(partition: number, number = fresh()): ExpectedFile {
  const mediaId = fresh();
  return {
    fileId: `in-${mediaId}`,
    partition,
    origin: { number, mediaId },
    kind: 'image',
    mimeType: 'image/jpeg',
    filename: '',
    sha256: 'abc',
    giveUpAt: at(1_000),
    organisation: '',
    createdAt: at(0),
  };
}

const ready = {
  state: 'ready',
  object: 'o',
  sizeBytes: 3,
  sha256: 'def',
  mimeType: 'image/png',
  organisation: 'acme',
} as const;

export function filesContract(name: string, open: () => Files & FetchList): void {
  describe(`${name} as the list of files`, () => {
    let partitions = 1_000 + (process.pid % 1_000) * 100;
    const options = { without: [], limit: 10 };

    it('AT-3: has what is to be fetched once, and due at once', async () => {
      const [files, partition] = [open(), (partitions += 1)];
      const file = expectedFile(partition);

      await files.expect([file, file]);
      await files.expect([{ ...file, createdAt: at(5) }]);

      expect(await files.due([partition], at(0), options)).toEqual([
        {
          fileId: file.fileId,
          partition,
          origin: file.origin,
          kind: 'image',
          mimeType: 'image/jpeg',
          filename: '',
          sha256: 'abc',
          tries: 0,
          giveUpAt: at(1_000),
        },
      ]);
      expect(await files.find(file.fileId)).toMatchObject({ state: 'fetching', origin: file.origin, createdAt: at(0) });
      expect(await files.due([partition], at(0), { ...options, without: [file.fileId] })).toEqual([]);
      expect(await files.due([partition + 50], at(0), options)).toEqual([]);
    });

    it('AT-3: puts off, and knows what comes next', async () => {
      const [files, partition] = [open(), (partitions += 1)];
      const [first, second] = [expectedFile(partition), expectedFile(partition)];
      await files.expect([first, second]);

      await files.postpone(first.fileId, { until: at(30), tries: 2, trouble: 'busy' });
      await files.postpone(second.fileId, { until: at(20), tries: 1, trouble: 'busy' });

      expect(await files.due([partition], at(19), options)).toEqual([]);
      expect(await files.nextDue([partition], [])).toEqual(at(20));
      expect(await files.nextDue([partition], [second.fileId])).toEqual(at(30));
      expect((await files.due([partition], at(30), options)).map(({ tries }) => tries)).toEqual([1, 2]);
      expect(await files.find(first.fileId)).toMatchObject({ trouble: 'busy', state: 'fetching' });
    });

    it('AT-3: is settled once', async () => {
      const [files, partition] = [open(), (partitions += 1)];
      const file = expectedFile(partition);
      await files.expect([file]);

      expect(await files.settle(file.fileId, ready)).toBe(true);
      expect(await files.settle(file.fileId, { state: 'unavailable', trouble: 'late' })).toBe(false);
      await files.postpone(file.fileId, { until: at(9), tries: 1, trouble: 'late' });

      expect(await files.find(file.fileId)).toMatchObject({ ...ready, trouble: '', origin: file.origin });
      expect(await files.due([partition], at(99), options)).toEqual([]);
      expect(await files.nextDue([partition], [])).toBeUndefined();
      expect(await files.usesObject('o')).toBe(true);
      expect(await files.usesObject(fresh())).toBe(false);
    });

    it('AT-3: what could not be had is asked for again, anew', async () => {
      const [files, partition] = [open(), (partitions += 1)];
      const file = expectedFile(partition);
      await files.expect([file]);
      await files.postpone(file.fileId, { until: at(5), tries: 7, trouble: 'busy' });
      await files.settle(file.fileId, { state: 'unavailable', trouble: 'gone' });

      expect(await files.again(file.fileId, at(2_000), at(50))).toMatchObject({ state: 'fetching' });

      expect(await files.again(file.fileId, at(2_000), at(50))).toBeUndefined();
      expect(await files.job(file.fileId)).toMatchObject({ tries: 0, giveUpAt: at(2_000), sha256: 'abc' });
      expect(await files.nextDue([partition], [])).toEqual(at(50));
    });

    it('AT-3: what waits of a number is due when the number has changed', async () => {
      const [files, partition] = [open(), (partitions += 1)];
      const [ours, other] = [expectedFile(partition), expectedFile(partition)];
      await files.expect([ours, other]);
      for (const { fileId } of [ours, other])
        await files.postpone(fileId, { until: at(900), tries: 1, trouble: 'none' });

      await files.hasten(ours.origin.number, at(10));

      expect((await files.due([partition], at(10), options)).map(({ fileId }) => fileId)).toEqual([ours.fileId]);
    });

    it('AT-2: keeps files of ours', async () => {
      const files = open();
      const about = { kind: 'document' as const, filename: 'a.pdf', createdAt: at(0), trouble: '', origin: undefined };
      const file = { ...about, ...ready, fileId: fresh() };

      await files.insert(file);

      expect(await files.find(file.fileId)).toEqual(file);
      expect(await files.find(fresh())).toBeUndefined();
    });
  });
}

export function draftsContract(name: string, open: (now: () => Date) => Drafts): void {
  it(`AT-2: ${name} finds drafts that nobody goes on with`, async () => {
    let now = at(0);
    const drafts = open(() => now);
    const [left, alive, done] = [fresh(), fresh(), fresh()];
    for (const each of [left, alive, done]) await drafts.begin(each);
    now = at(100);
    expect(await drafts.renew(alive)).toBe(true);
    await drafts.end(done);

    expect(await drafts.abandoned(at(50))).toEqual([left]);

    expect(await drafts.renew(left)).toBe(false);
    expect(await drafts.renew(done)).toBe(false);
    expect(await drafts.abandoned(at(50))).toEqual([left]);
    await drafts.end(left);
    expect(await drafts.abandoned(at(50))).toEqual([]);
    await drafts.end(alive);
  });
}

export function mediaIdsContract(name: string, open: () => MediaIds): void {
  it(`AT-4: ${name} knows Meta's ids of files per number, while they live`, async () => {
    const [ids, number, fileId] = [open(), fresh(), fresh()];
    await ids.keep(number, fileId, 'm-1', new Date(Date.now() + 3_600_000));
    const soon = new Date();

    expect(await ids.find(number, fileId, soon)).toBe('m-1');
    expect(await ids.find(fresh(), fileId, soon)).toBeUndefined();
    expect(await ids.find(number, fileId, new Date(Date.now() + 3_600_001))).toBeUndefined();
    await ids.keep(number, fileId, 'm-2', new Date(Date.now() + 7_200_000));
    expect(await ids.find(number, fileId, soon)).toBe('m-2');
    await ids.forget(number, fileId);
    expect(await ids.find(number, fileId, soon)).toBeUndefined();
  });
}

export function policiesContract(name: string, open: () => Policies): void {
  it(`AT-2: ${name} has the brand's policy before the organisation's`, async () => {
    const [policies, organisation, brand] = [open(), fresh(), fresh()];
    expect(await policies.find(organisation, brand)).toBeUndefined();

    await policies.put(organisation, '', widestPolicy);
    await policies.put(organisation, brand, defaultPolicy);

    expect(await policies.find(organisation, brand)).toEqual({ policy: defaultPolicy, source: 'brand' });
    expect(await policies.find(organisation, fresh())).toEqual({ policy: widestPolicy, source: 'organisation' });
    await policies.put(organisation, brand, undefined);
    expect(await policies.find(organisation, brand)).toEqual({ policy: widestPolicy, source: 'organisation' });
  });
}
