import { Failure } from '@switchboard/errors';
import { type StoredFile } from '../../domain/media/file.js';
import { type AboutFile, admit, judgeContent, type MediaRefusal, sizeRefusal } from '../../domain/media/verdict.js';
import { type Clock } from '../ports.js';
import { type Files, type MediaObserver } from './ports.js';
import { type KeepBytes } from './keep-bytes.js';
import { type PolicyOf } from './policies.js';

export interface FileToUpload extends AboutFile {
  readonly organisation: string;
  /** Empty = the organisation's policy. */
  readonly brand: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export type UploadFile = ReturnType<typeof createUploadFile>;

/** Takes a file in if the policy allows it (AT-1, AT-2). Its document is written last, when its bytes are all there. */
export function createUploadFile(deps: {
  policyOf: PolicyOf;
  keepBytes: KeepBytes;
  files: Files;
  clock: Clock;
  newId: () => string;
  observer: MediaObserver;
}) {
  const { policyOf, keepBytes, files, clock, newId, observer } = deps;

  async function upload({ organisation, brand, content, ...about }: FileToUpload): Promise<StoredFile> {
    const { policy } = await policyOf(organisation, brand);
    const verdict = admit(about, policy);
    if (!verdict.isAllowed) throw refusal(verdict.refusal);
    const admitted = verdict.value;
    return keepBytes.keep(content, {
      refuse: (bytes) => toFailure(sizeRefusal(admitted, bytes)),
      accept(kept) {
        const failure = toFailure(judgeContent(admitted, kept.content, kept.sizeBytes));
        if (failure) throw failure;
      },
      async commit({ object, sizeBytes, sha256 }) {
        const file: StoredFile = {
          fileId: newId(),
          organisation,
          kind: admitted.kind,
          mimeType: admitted.format.mimeType,
          filename: about.filename,
          sizeBytes,
          sha256,
          state: 'ready',
          trouble: '',
          createdAt: clock.now(),
          object,
          origin: undefined,
        };
        await files.insert(file);
        return file;
      },
    });
  }

  return async function uploadFile(file: FileToUpload): Promise<StoredFile> {
    try {
      const kept = await upload(file);
      observer.uploaded('kept', kept.sizeBytes);
      return kept;
    } catch (error) {
      observer.uploaded(resultOf(error), 0);
      throw error;
    }
  };
}

function resultOf(error: unknown): string {
  if (!(error instanceof Failure)) return 'failed';
  const { kind, code } = error;
  return kind === 'unavailable' || kind === 'exhausted' ? 'unavailable' : code.replace('egress.media-', '');
}

const toFailure = (refused: MediaRefusal | undefined): Failure | undefined => refused && refusal(refused);

const refusal = ({ code, reason, details }: MediaRefusal): Failure => new Failure('invalid', code, reason, { details });
