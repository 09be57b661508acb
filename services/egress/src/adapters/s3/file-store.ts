import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Failure } from '@switchboard/errors';
import { Readable } from 'node:stream';
import { type FileStore } from '../../use-cases/media/ports.js';

export interface S3Settings {
  /** Absent: Amazon's own of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Absent: as the SDK finds them (environment, role of the pod). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** The smallest that S3 takes for a part; one is in memory while the next fills. */
const PART_BYTES = 5 * 1_048_576;

/** Bytes in a bucket of anything that speaks S3. The bucket is there; what is cut off leaves no parts. */
export function createS3Store({
  endpoint,
  region,
  bucket,
  credentials,
}: S3Settings): FileStore & { close: () => void } {
  const client = new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // Servers that only speak S3 do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
  });
  const keyOf = (object: string): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: object });

  return {
    async write(object, content) {
      const failed: { by?: unknown } = {};
      const upload = new Upload({
        client,
        params: { ...keyOf(object), Body: Readable.from(noting(content, failed)) },
        partSize: PART_BYTES,
        queueSize: 1,
      });
      try {
        await upload.done();
      } catch (error) {
        if ('by' in failed) throw failed.by;
        throw translated(error);
      }
    },
    async *read(object, range) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ ...keyOf(object), ...(range && { Range: `bytes=${range.from}-${range.to}` }) }),
        );
        yield* Body as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw translated(error);
      }
    },
    async remove(object) {
      try {
        await client.send(new DeleteObjectCommand(keyOf(object)));
      } catch (error) {
        if (!isMissing(error)) throw translated(error);
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

async function* noting(content: AsyncIterable<Uint8Array>, failed: { by?: unknown }): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    failed.by = error;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof NoSuchKey || (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404);

/** What the store refuses is a matter of its settings; it may be mended while we wait. */
function translated(error: unknown): unknown {
  if (error instanceof Failure) return error;
  if (isMissing(error)) {
    return new Failure('not-found', 'egress.media-bytes-missing', 'the store does not have the bytes of this file', {
      cause: error,
    });
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  return new Failure('unavailable', 'egress.media-store', `the store of files does not do it: ${name}`, {
    cause: error,
    retryAfterMs: 1_000,
  });
}
