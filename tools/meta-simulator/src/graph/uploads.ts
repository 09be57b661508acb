import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import type { Json } from '../json.js';
import { missing, mustBe } from '../templates/refusals.js';
import { isWaba } from './accounts.js';

const types = ['application/pdf', 'image/jpeg', 'image/jpg', 'image/png', 'video/mp4'];

/** `POST /{app-id}/uploads?file_name&file_length&file_type` → `{id: "upload:…"}`. */
export function beginUpload(engine: Engine, appId: string, query: URLSearchParams): Json {
  // The usual mistake is to give the account's id, or the number's.
  if (isWaba(engine, appId) || engine.world.number(appId)) throw noSuchObject('POST', appId);
  const length = Number(query.get('file_length'));
  if (!Number.isInteger(length) || length < 1) throw missing('file_length');
  const type = query.get('file_type');
  if (type === null) throw missing('file_type');
  if (!types.includes(type)) throw mustBe('file_type', `one of {${types.join(', ')}}`);
  const id = `upload:${engine.ids.upload()}`;
  engine.uploads.begin({ id, file_name: query.get('file_name') ?? '', file_length: length, file_type: type });
  return { id };
}

/** `POST /upload:…` with a piece of the file and its place in the header `file_offset`; `{h}` after the last one. */
export function continueUpload(engine: Engine, id: string, offset: string | undefined, piece: Buffer): Json {
  const upload = openUpload(engine, id, 'POST');
  if (offset === undefined) throw new Refused(100, { message: '(#100) The header file_offset is required.' });
  if (Number(offset) !== upload.offset)
    throw mustBe('file_offset', `${upload.offset}, which is where the upload stands`);
  if (upload.offset + piece.length > upload.file_length) {
    throw mustBe('file_length', 'the number of bytes of the file; more than that came');
  }
  const handle = engine.uploads.append(upload, piece);
  return handle === undefined ? { id, file_offset: upload.offset } : { h: handle };
}

/** `GET /upload:…`: where to go on. */
export function readUpload(engine: Engine, id: string): Json {
  return { id, file_offset: openUpload(engine, id, 'GET').offset };
}

function openUpload(engine: Engine, id: string, method: string) {
  const upload = engine.uploads.find(id);
  if (!upload) throw noSuchObject(method, id);
  return upload;
}
