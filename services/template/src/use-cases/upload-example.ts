import { type Failure, invalid } from '@switchboard/errors';
import { type Access } from './access.js';
import { type Examples } from './ports.js';
import { aWabaId, type Caller, demand } from './requests.js';

const MB = 1_000_000;
/** What Meta takes of each kind, in bytes. Source: Meta, *Media*, *Resumable uploads*. */
const most: Readonly<Record<string, number>> = {
  'image/jpeg': 5 * MB,
  'image/png': 5 * MB,
  'video/mp4': 16 * MB,
  'application/pdf': 100 * MB,
};
const MOST_PIECE_BYTES = 1_048_576;

export type UploadExample = ReturnType<typeof createUploadExample>;

/** Hands an example of header media to Meta as it comes: nothing of it is kept here. */
export function createUploadExample({ access, examples }: { access: Access; examples: Examples }) {
  return function uploadExample(
    caller: Caller,
    about: {
      readonly wabaId: string;
      readonly filename: string;
      readonly mimeType: string;
      readonly sizeBytes: number;
    },
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<string> {
    const { wabaId, filename, mimeType, sizeBytes } = about;
    const largest = Object.hasOwn(most, mimeType) ? (most[mimeType] ?? 0) : 0;
    demand(
      aWabaId('about.waba_id', wabaId),
      /^[^\p{Cc}/\\]{1,240}\.[A-Za-z0-9]{1,8}$/u.test(filename)
        ? undefined
        : { field: 'about.filename', description: 'must be a name with its extension, without a path; correct it' },
      largest > 0
        ? undefined
        : { field: 'about.mime_type', description: `must be one of ${Object.keys(most).join(', ')}; convert the file` },
      largest === 0 || (sizeBytes >= 1 && sizeBytes <= largest)
        ? undefined
        : { field: 'about.size_bytes', description: `must be 1 to ${largest} for ${mimeType}; make the file smaller` },
    );
    access.mustHaveNumber(caller.organisationId, wabaId);
    return examples.upload(wabaId, { filename, mimeType, sizeBytes }, counted(pieces, sizeBytes));
  };
}

async function* counted(pieces: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    if (piece.length > MOST_PIECE_BYTES) {
      throw invalid('template.piece-too-large', [
        { field: 'bytes', description: 'must be at most 1 MB; send the file in smaller pieces' },
      ]);
    }
    bytes += piece.length;
    if (bytes > sizeBytes) throw otherSize(sizeBytes);
    yield piece;
  }
  if (bytes < sizeBytes) throw otherSize(sizeBytes);
}

const otherSize = (sizeBytes: number): Failure =>
  invalid('template.example-size', [
    {
      field: 'about.size_bytes',
      description: `must be the bytes that come, and is ${sizeBytes}; say how many there are`,
    },
  ]);
