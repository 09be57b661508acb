import { Failure, isTransient } from '@switchboard/errors';
import { type Content, contentOf, HEAD_BYTES } from '../../domain/media/content-type.js';
import { type KeptBytes } from '../../domain/media/file.js';
import { createTextCheck } from '../../domain/media/text.js';
import { type Digest, type Drafts, type FileStore, type MediaObserver, type Scanner } from './ports.js';

/** Bytes that are in the store, with what they are. */
export interface NewBytes extends KeptBytes {
  readonly content: Content;
}

export type KeepBytes = ReturnType<typeof createKeepBytes>;

export interface KeepBytesDeps {
  readonly store: FileStore;
  readonly drafts: Drafts;
  /** Undefined where the installation has none. */
  readonly scanner: Scanner | undefined;
  readonly newDigest: () => Digest;
  readonly newId: () => string;
  readonly observer: Pick<MediaObserver, 'warn'>;
}

/** Takes bytes in as they come, measuring on the way. Whatever ends it early leaves nothing in the store. */
export function createKeepBytes(deps: KeepBytesDeps) {
  const { store, drafts, scanner, newDigest, newId, observer } = deps;

  async function drop(object: string): Promise<void> {
    try {
      await store.remove(object);
      await drafts.end(object);
    } catch (error) {
      observer.warn({ object, error }, 'bytes of nobody are left in the store; they are removed later');
    }
  }

  async function measured(object: string, bytes: AsyncIterable<Uint8Array>, refuse: Refuse): Promise<NewBytes> {
    const digest = newDigest();
    const text = createTextCheck();
    const head: Uint8Array[] = [];
    let [sizeBytes, headBytes] = [0, 0];

    async function* measuring(): AsyncGenerator<Uint8Array> {
      for await (const piece of bytes) {
        sizeBytes += piece.length;
        const failure = refuse(sizeBytes);
        if (failure) throw failure;
        digest.update(piece);
        text.push(piece);
        if (headBytes < HEAD_BYTES) {
          // A copy: the piece may be part of a larger buffer.
          head.push(piece.slice(0, HEAD_BYTES - headBytes));
          headBytes += Math.min(piece.length, HEAD_BYTES - headBytes);
        }
        yield piece;
      }
    }

    await store.write(object, measuring());
    const readAt = (from: number, length: number): Promise<Uint8Array> =>
      length <= 0 || from >= sizeBytes
        ? Promise.resolve(new Uint8Array())
        : joined(store.read(object, { from, to: Math.min(from + length, sizeBytes) - 1 }));
    const content = await contentOf(concat(head), { isText: text.isText(), size: sizeBytes, readAt });
    return { object, sizeBytes, sha256: digest.end(), content };
  }

  return {
    /**
     * Writes the bytes, asks `refuse` with each piece about the size, then `accept` about the whole, and has them looked
     * through for viruses. `commit` tells of them; then they are kept.
     */
    async keep<T>(
      bytes: AsyncIterable<Uint8Array>,
      {
        refuse,
        accept,
        commit,
      }: {
        readonly refuse: Refuse;
        readonly accept: (kept: NewBytes) => void;
        readonly commit: (kept: NewBytes) => Promise<T>;
      },
    ): Promise<T> {
      const object = newId();
      await drafts.begin(object);
      let isCommitting = false;
      try {
        const kept = await measured(object, bytes, refuse);
        accept(kept);
        const virus = await scanner?.scan(store.read(object));
        if (virus !== undefined) throw infected(virus);
        if (!(await drafts.renew(object))) throw tookTooLong();
        isCommitting = true;
        const result = await commit(kept);
        await drafts.end(object).catch((error: unknown) => {
          observer.warn({ object, error }, 'a draft is left; it is looked at later');
        });
        return result;
      } catch (error) {
        // Whether it was written is not known then: the draft says to look later.
        if (!isCommitting || !isTransient(error)) await drop(object);
        throw error;
      }
    },
  };
}

type Refuse = (bytes: number) => Failure | undefined;

export const INFECTED = 'egress.media-infected';

const infected = (virus: string): Failure =>
  new Failure(
    'invalid',
    INFECTED,
    `the scanner found ${virus} in the file: it is not kept; clean it and send it again`,
    {
      details: { virus },
    },
  );

const tookTooLong = (): Failure =>
  new Failure('unavailable', 'egress.media-too-slow', 'the file took more than an hour to come; send it again');

async function joined(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return concat(pieces);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
