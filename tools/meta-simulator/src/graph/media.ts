import type { Request } from 'express';
import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import type { Json } from '../json.js';
import { isStale, type Media, toMediaAnswer } from '../media.js';

/** Largest content in bytes by the first words of its type. */
const limits: readonly (readonly [prefix: string, bytes: number])[] = [
  ['image/webp', 500 * 1024],
  ['image/', 5 * 1024 ** 2],
  ['audio/', 16 * 1024 ** 2],
  ['video/', 16 * 1024 ** 2],
  ['', 100 * 1024 ** 2],
];

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
  const [, most = 0] = limits.find(([prefix]) => mimeType.startsWith(prefix)) ?? [];
  if (bytes.length > most) {
    throw new Refused(131053, { details: `The file is too large: ${bytes.length} bytes, at most ${most}.` });
  }
  const { id } = engine.media.keep({
    id: engine.ids.media(),
    phone_number_id: phoneNumberId,
    mime_type: mimeType,
    bytes,
  });
  return { id };
}

export const readMedia = (engine: Engine, media: Media): Json =>
  toMediaAnswer(engine.baseUrl, media, engine.clock.now());

/** The content behind an address, while that is good. */
export function downloadMedia(engine: Engine, query: Readonly<Record<string, unknown>>): Media | undefined {
  if (isStale(query['ext'], engine.clock.now())) return undefined;
  return engine.media.find(String(query['mid']));
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
