import type { Request } from 'express';
import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import type { Json } from '../json.js';
import { isStale, lifeMs, type Media, toMediaAnswer } from '../media.js';
import { checkFile } from './media-types.js';

/** `POST /{phone-number-id}/media`, a form with `messaging_product`, `file` and `type`. */
export async function uploadMedia(engine: Engine, phoneNumberId: string, request: Request): Promise<Json> {
  if (!engine.world.number(phoneNumberId)) throw noSuchObject('POST', phoneNumberId);
  const form = await readForm(request);
  if (form.get('messaging_product') !== 'whatsapp') {
    throw new Refused(100, { message: '(#100) The parameter messaging_product is required.' });
  }
  const file = form.get('file');
  if (!(file instanceof File)) throw new Refused(100, { message: '(#100) The parameter file is required.' });
  const type = form.get('type');
  const mimeType = typeof type === 'string' && type.includes('/') ? type : file.type;
  const bytes = Buffer.from(await file.arrayBuffer());
  checkFile(mimeType, bytes);
  const { id } = engine.media.keep({
    id: engine.ids.media(),
    phone_number_id: phoneNumberId,
    mime_type: mimeType,
    bytes,
    expiresAtMs: engine.clock.now() + lifeMs.uploaded,
  });
  return { id };
}

/** `GET /{media-id}?phone_number_id=`; of another number it is not known. @throws Refused */
export function readMedia(engine: Engine, media: Media, phoneNumberId: string | undefined): Json {
  const http = engine.media.takeFailure('description');
  if (http !== undefined) throw new Refused(131000, { http });
  if (phoneNumberId !== undefined && phoneNumberId !== media.phone_number_id) throw noSuchObject('GET', media.id);
  return toMediaAnswer(engine.baseUrl, media, engine.clock.now());
}

/** The content behind an address while that is good, or the HTTP status of why not. */
export function downloadMedia(engine: Engine, query: Readonly<Record<string, unknown>>): Media | number {
  const http = engine.media.takeFailure('content');
  if (http !== undefined) return http;
  const nowMs = engine.clock.now();
  return (isStale(query['ext'], nowMs) ? undefined : engine.media.find(String(query['mid']), nowMs)) ?? 404;
}

async function readForm(request: Request): Promise<FormData> {
  const body: unknown = request.body;
  const headers = { 'content-type': request.get('content-type') ?? '' };
  try {
    const given = new Response(Buffer.isBuffer(body) ? new Uint8Array(body) : '', { headers });
    return await given.formData(); // eslint-disable-line @typescript-eslint/no-deprecated -- forms are small and whole in memory here
  } catch {
    throw new Refused(100, { message: '(#100) The body of the request is not a form.' });
  }
}
