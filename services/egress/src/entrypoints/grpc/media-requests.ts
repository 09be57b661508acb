import { type FileReference as ReferenceProto, type UploadAbout } from '@switchboard/contracts/egress/v1/media_service';
import { Failure } from '@switchboard/errors';
import { fileKinds } from '../../domain/media/formats.js';
import { type FileReference } from '../../use-cases/media/find-file.js';
import { type FileToUpload } from '../../use-cases/media/upload-file.js';
import { refuse } from './requests.js';

/** What is wrong with requests about files, all of it at once. */

// eslint-disable-next-line no-control-regex -- these are what is looked for
const NO_NAME = /[/\\\u0000-\u001f\u007f]/;

export function toUpload(
  about: UploadAbout,
  content: AsyncIterable<Uint8Array>,
  organisation: string | undefined,
): FileToUpload {
  const { organisationId, brandId, filename, mimeType, sizeBytes, kind } = about;
  const wanted = fileKinds.find((each) => each === kind);
  refuse([
    organisationRule(organisation, organisationId, 'about.organisation_id'),
    ['about.brand_id', brandId.length <= 128, 'must be at most 128 characters; take it from account'],
    [
      'about.filename',
      filename.length >= 1 && filename.length <= 240 && !NO_NAME.test(filename),
      'must be 1 to 240 characters with an extension and without a path; send the last part of the name',
    ],
    ['about.mime_type', mimeType.length <= 128, 'must be at most 128 characters, for example image/jpeg'],
    [
      'about.kind',
      kind === '' || wanted === 'document' || wanted === 'sticker',
      'must be document or sticker, or empty: then the content says it',
    ],
  ]);
  return {
    organisation: organisation ?? organisationId,
    brand: brandId,
    filename,
    mimeType,
    sizeBytes: sizeBytes === 0n ? undefined : Number(sizeBytes),
    kind: wanted,
    content,
  };
}

export function toReference(file: ReferenceProto | undefined): FileReference {
  const { fileId = '', phoneNumberId = '', mediaId = '' } = file ?? {};
  const isOurs = fileId !== '';
  refuse([
    [
      'file',
      isOurs ? phoneNumberId === '' && mediaId === '' : phoneNumberId !== '' && mediaId !== '',
      'must be a file_id alone, or phone_number_id and media_id; take the first from UploadResponse, the others from a message',
    ],
    ['file.file_id', fileId.length <= 128, 'must be at most 128 characters'],
    ['file.phone_number_id', /^\d{0,32}$/.test(phoneNumberId), "must be Meta's id of the number, 1 to 32 digits"],
    ['file.media_id', mediaId.length <= 128, 'must be at most 128 characters; take it from the message'],
  ]);
  return isOurs ? { fileId } : { number: phoneNumberId, mediaId };
}

export function linkSeconds(validSeconds: number): number {
  refuse([
    [
      'valid_seconds',
      validSeconds === 0 || (validSeconds >= 10 && validSeconds <= 3_600),
      'must be 10 to 3600 seconds, or 0 for 300; ask for another link when it has expired',
    ],
  ]);
  return validSeconds === 0 ? 300 : validSeconds;
}

/** Whose a policy is. */
export function toOwner(
  { organisationId, brandId }: { readonly organisationId: string; readonly brandId: string },
  organisation: string | undefined,
): [organisation: string, brand: string] {
  refuse([
    organisationRule(organisation, organisationId, 'organisation_id'),
    ['brand_id', brandId.length <= 128, 'must be at most 128 characters; take it from account'],
  ]);
  return [organisation ?? organisationId, brandId];
}

const organisationRule = (caller: string | undefined, named: string, field: string) =>
  [
    field,
    caller === undefined ? named.length >= 1 && named.length <= 128 : named === '' || named === caller,
    'must be the organisation, 1 to 128 characters; a token of an organisation speaks for that one alone',
  ] as const;

export const expected = (what: string): Failure =>
  new Failure('invalid', 'egress.bad-upload', `the stream must begin with \`about\` and go on with \`bytes\`: ${what}`);
