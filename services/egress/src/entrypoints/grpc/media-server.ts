import {
  type DownloadResponse,
  type File as FileProto,
  FileState as StateProto,
  type MediaPolicy as PolicyProto,
  MediaServiceService,
  type MediaServiceServer,
  type UploadRequest,
} from '@switchboard/contracts/egress/v1/media_service';
import { clientStream, type ServedService, serverStream, unary } from '@switchboard/grpc';
import { type FileState, type StoredFile } from '../../domain/media/file.js';
import { type MediaPolicy } from '../../domain/media/policy.js';
import { type FindFile, mustBeReady, type ReadFile } from '../../use-cases/media/find-file.js';
import { type PolicyOf, type PutPolicy } from '../../use-cases/media/policies.js';
import { type RetryFetch } from '../../use-cases/media/retry-fetch.js';
import { type UploadFile } from '../../use-cases/media/upload-file.js';
import { expected, linkSeconds, toOwner, toReference, toUpload } from './media-requests.js';

const PIECE_BYTES = 256 * 1_024;

/** Files: taken in, given out, and what may be sent. */
export function mediaServer(useCases: {
  readonly uploadFile: UploadFile;
  readonly findFile: FindFile;
  readonly readFile: ReadFile;
  readonly retryFetch: RetryFetch;
  readonly policyOf: PolicyOf;
  readonly putPolicy: PutPolicy;
  /** An address that is good for so many seconds. */
  readonly linkTo: (fileId: string, seconds: number) => { readonly url: string; readonly expiresAt: Date };
}): ServedService {
  const { uploadFile, findFile, readFile, retryFetch, policyOf, putPolicy, linkTo } = useCases;
  const implementation: MediaServiceServer = {
    upload: clientStream(async (requests, { caller }) => {
      const pieces = requests[Symbol.asyncIterator]();
      const first = (await pieces.next()) as IteratorResult<UploadRequest, undefined>;
      if (first.value?.piece?.$case !== 'about') throw expected('the first piece is not `about`');
      const about = first.value.piece.value;
      return { file: toProto(await uploadFile(toUpload(about, bytesOf(pieces), caller.organisationId))) };
    }),
    getFile: unary(async ({ file }, { caller }) => ({
      file: toProto(await findFile(toReference(file), caller.organisationId)),
    })),
    getLink: unary(async ({ file, validSeconds }, { caller }) => {
      const seconds = linkSeconds(validSeconds);
      const found = await findFile(toReference(file), caller.organisationId);
      mustBeReady(found);
      return linkTo(found.fileId, seconds);
    }),
    download: serverStream(({ file }, { caller }) =>
      download(() => findFile(toReference(file), caller.organisationId), readFile),
    ),
    retryFetch: unary(async ({ file }, { caller }) => ({
      file: toProto(await retryFetch(toReference(file), caller.organisationId)),
    })),
    getPolicy: unary(async (request, { caller }) => {
      const { policy, source } = await policyOf(...toOwner(request, caller.organisationId));
      return { policy: policyToProto(policy), source };
    }),
    putPolicy: unary(async (request, { caller }) => {
      const rules = request.policy?.rules.map((rule) => ({ ...rule, maxBytes: Number(rule.maxBytes) }));
      const { policy } = await putPolicy(...toOwner(request, caller.organisationId), rules);
      return { policy: policyToProto(policy) };
    }),
  };
  const [read, write] = ['egress.media:read', 'egress.media:write'];
  return {
    definition: MediaServiceService,
    implementation: implementation,
    scopes: {
      upload: write,
      getFile: read,
      getLink: read,
      download: read,
      retryFetch: write,
      getPolicy: read,
      putPolicy: write,
    },
  };
}

async function* bytesOf(pieces: AsyncIterator<UploadRequest>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = (await pieces.next()) as IteratorResult<UploadRequest, undefined>;
    if (done === true) return;
    if (value.piece?.$case !== 'bytes') throw expected('a later piece is not `bytes`');
    yield value.piece.value;
  }
}

async function* download(find: () => Promise<StoredFile>, readFile: ReadFile): AsyncGenerator<DownloadResponse> {
  for await (const piece of readFile(await find())) {
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      yield { bytes: Buffer.from(piece.subarray(at, at + PIECE_BYTES)) };
    }
  }
}

const states: Readonly<Record<FileState, StateProto>> = {
  fetching: StateProto.FILE_STATE_FETCHING,
  ready: StateProto.FILE_STATE_READY,
  unavailable: StateProto.FILE_STATE_UNAVAILABLE,
  infected: StateProto.FILE_STATE_INFECTED,
};

function toProto({ organisation, sizeBytes, state, origin, ...file }: StoredFile): FileProto {
  const { fileId, kind, mimeType, filename, sha256, trouble, createdAt } = file;
  return {
    ...{ fileId, kind, mimeType, filename, sha256, trouble, createdAt },
    organisationId: organisation,
    sizeBytes: BigInt(sizeBytes),
    state: states[state],
    inbound: origin !== undefined,
  };
}

const policyToProto = ({ rules }: MediaPolicy): PolicyProto => ({
  rules: rules.map(({ kind, maxBytes, formats }) => ({ kind, maxBytes: BigInt(maxBytes), formats: [...formats] })),
});
