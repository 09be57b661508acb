import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Failure } from '@switchboard/errors';
import { type FileStore } from '../../use-cases/media/ports.js';

export interface S3Settings {
  /** Absent: Amazon's own of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Absent: as the SDK finds them (environment, role of the pod). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** The smallest that S3 takes for a part. */
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
      const upload = createUpload(client, keyOf(object));
      // One part in memory, filled again when it is away: pieces that were gathered instead would outlive collections.
      const part = Buffer.allocUnsafeSlow(PART_BYTES);
      let filled = 0;
      try {
        for await (const piece of content) {
          for (let at = 0; at < piece.length;) {
            if (filled === PART_BYTES) {
              await upload.part(part);
              filled = 0;
            }
            const count = Math.min(PART_BYTES - filled, piece.length - at);
            part.set(piece.subarray(at, at + count), filled);
            [filled, at] = [filled + count, at + count];
          }
        }
        await upload.end(part.subarray(0, filled));
      } catch (error) {
        await upload.abort();
        throw error;
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

/** An object in parts, or at once when there is but one. */
function createUpload(client: S3Client, key: { Bucket: string; Key: string }) {
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];
  let UploadId: string | undefined;

  const spoken = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw translated(error);
    }
  };

  async function part(Body: Uint8Array): Promise<void> {
    UploadId ??= (await spoken(client.send(new CreateMultipartUploadCommand(key)))).UploadId;
    const PartNumber = parts.length + 1;
    const { ETag } = await spoken(client.send(new UploadPartCommand({ ...key, UploadId, PartNumber, Body })));
    parts.push({ ETag, PartNumber });
  }

  return {
    part,
    async end(Body: Uint8Array): Promise<void> {
      if (UploadId === undefined) {
        await spoken(client.send(new PutObjectCommand({ ...key, Body })));
        return;
      }
      await part(Body);
      await spoken(
        client.send(new CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts: parts } })),
      );
    },
    /** What cannot be taken back either is a draft, which is swept. */
    async abort(): Promise<void> {
      if (UploadId === undefined) return;
      await client.send(new AbortMultipartUploadCommand({ ...key, UploadId })).catch(() => undefined);
    },
  };
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
