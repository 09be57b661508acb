import { pipeline } from 'node:stream/promises';
import { Failure } from '@switchboard/errors';
import { createApp } from '@switchboard/http';
import type { Express, Request, Response } from 'express';
import { type StoredFile } from '../../domain/media/file.js';
import { type FindFile, mustBeReady, type ReadFile } from '../../use-cases/media/find-file.js';

export interface FileRoutes {
  /** Whether somebody of ours has signed this, and it is good still. */
  readonly isGood: (fileId: string, until: string, signature: string) => boolean;
  readonly findFile: FindFile;
  readonly readFile: ReadFile;
}

/** What a browser may show by itself; anything else is saved. */
const SHOWN = /^(image\/(jpeg|png|webp)|audio\/|video\/)/;

/** `GET /files/<id>?until=&signature=`: the bytes of a file for whoever has the link, by ranges too (AT-3). */
export function createFilesApp({ isGood, findFile, readFile }: FileRoutes): Express {
  const app = createApp();
  app.get('/files/:fileId', async (request: Request<{ fileId: string }>, response: Response) => {
    const { fileId } = request.params;
    const { until, signature } = request.query;
    const isSigned = typeof until === 'string' && typeof signature === 'string' && isGood(fileId, until, signature);
    if (!isSigned) throw noLink();
    const file = await findFile({ fileId }, undefined);
    mustBeReady(file);
    setHeaders(response, file);
    await send(request, response, file);
  });

  async function send(request: Request, response: Response, file: StoredFile): Promise<void> {
    const { sizeBytes } = file;
    const asked = request.range(sizeBytes);
    if (asked === -1) {
      response.status(416).set('content-range', `bytes */${sizeBytes}`).end();
      return;
    }
    // Several at once, or what cannot be read: the whole, as RFC 9110 allows.
    const [range] = Array.isArray(asked) && asked.type === 'bytes' && asked.length === 1 ? asked : [];
    const { start: from, end: to } = range ?? { start: 0, end: sizeBytes - 1 };
    if (range) response.status(206).set('content-range', `bytes ${from}-${to}/${sizeBytes}`);
    response.set('content-length', String(to - from + 1));
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await pipeline(readFile(file, range && { from, to }), response).catch((error: unknown) => {
      // Whoever goes away in the middle is no failure of ours.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  }
  return app;
}

function setHeaders(response: Response, { filename, mimeType, fileId, sha256 }: StoredFile): void {
  response.attachment(filename === '' ? fileId : filename);
  const disposition = String(response.get('content-disposition'));
  response.set({
    'content-type': mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType,
    'content-disposition': SHOWN.test(mimeType) ? disposition.replace(/^attachment/, 'inline') : disposition,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=300',
    etag: `"${sha256}"`,
  });
}

const noLink = (): Failure =>
  new Failure('forbidden', 'egress.media-link', 'this link is not good, or no longer; ask for another with GetLink');
