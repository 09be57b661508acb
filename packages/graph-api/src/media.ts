import { Failure } from '@switchboard/errors';
import { closedHostOf, isClosedHost, publicLookup } from '@switchboard/public-addresses';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { type Ruling } from './consequence.js';
import type { MetaError } from './errors.js';
import { nameOf } from './network-errors.js';
import { outcomeOf } from './outcome.js';

/** A file to hand to Meta. */
export interface MediaToUpload {
  /** Read once; its bytes are sent as they come. */
  readonly content: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
  /** As Meta knows it, for example `image/jpeg`. */
  readonly mimeType: string;
  readonly filename: string;
}

/** How an upload ended. Repeating it is safe: what was uploaded twice lies at Meta twice, and is seen by nobody. */
export type UploadOutcome =
  | { readonly kind: 'uploaded'; readonly mediaId: string }
  | { readonly kind: 'refused'; readonly error: MetaError; readonly ruling: Ruling; readonly retryAfterMs?: number }
  /** Meta was not reached, or its answer was lost. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface MediaClientOptions {
  /** For example `https://graph.facebook.com`. Addresses of this origin may be called whatever they are. */
  readonly baseUrl: string;
  readonly version: string;
  /** The longest wait for an answer to begin, and between two pieces of it. */
  readonly timeoutMs?: number;
}

export interface MediaClient {
  /** `POST /{phone-number-id}/media` as a form that is streamed. Never throws but for what `content` throws. */
  readonly upload: (phoneNumberId: string, token: string, file: MediaToUpload) => Promise<UploadOutcome>;
  /**
   * GET of an address that Meta gave, with the token; follows up to three redirects and takes the token only to the
   * origin it was for. Throws a `Failure`: `not-found` when it is good no longer, `forbidden` (`meta.address-closed`) when
   * the address is neither of the Graph API's origin nor https on a public address, `unavailable` else.
   */
  readonly download: (url: string, token: string) => Promise<AsyncIterable<Uint8Array>>;
  readonly close: () => Promise<void>;
}

const REDIRECTS = 3;

/** Bytes to and from Meta, never whole in memory. */
export function createMediaClient({ baseUrl, version, timeoutMs = 15_000 }: MediaClientOptions): MediaClient {
  const graphOrigin = new URL(baseUrl).origin;
  const root = `${baseUrl.replace(/\/$/, '')}/${version}`;
  const pool = {
    connections: 16,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
  };
  const connectMs = Math.min(timeoutMs, 5_000);
  const graph = new Agent({ ...pool, connect: { timeout: connectMs } });
  const elsewhere = new Agent({ ...pool, connect: { timeout: connectMs, lookup: publicLookup } });

  function dispatcherFor({ origin, protocol, hostname }: URL): Dispatcher {
    if (origin === graphOrigin) return graph;
    if (protocol !== 'https:' || isClosedHost(hostname)) throw closed(hostname);
    return elsewhere;
  }

  async function get(url: URL, token: string | undefined): Promise<Dispatcher.ResponseData> {
    const dispatcher = dispatcherFor(url);
    try {
      return await request(url, {
        dispatcher,
        headers: {
          // Meta's content servers refuse requests that name no client.
          'user-agent': 'Switchboard',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      });
    } catch (error) {
      const host = closedHostOf(error);
      throw host === undefined ? unreachable(error) : closed(host);
    }
  }

  return {
    async upload(phoneNumberId, token, file) {
      const boundary = `switchboard-${randomUUID()}`;
      const [before, after] = formAround(file, boundary);
      const failed: { by?: unknown } = {};
      try {
        const { statusCode, headers, body } = await request(`${root}/${encodeURIComponent(phoneNumberId)}/media`, {
          method: 'POST',
          dispatcher: graph,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': `multipart/form-data; boundary=${boundary}`,
            'content-length': String(before.length + file.sizeBytes + after.length),
          },
          // One piece at a time: pieces may be large, and sixteen of them would wait in memory.
          body: Readable.from(joined(before, file.content, after, failed), { highWaterMark: 1 }),
          // The answer begins when all has come: as long as a large file takes.
          headersTimeout: timeoutMs + file.sizeBytes / SLOWEST_BYTES_PER_MS,
        });
        const retryAfter = headers['retry-after'];
        return toOutcome(statusCode, typeof retryAfter === 'string' ? retryAfter : undefined, await body.text());
      } catch (error) {
        if ('by' in failed) throw failed.by;
        return { kind: 'failed', reason: nameOf(error) };
      }
    },
    async download(address, token) {
      let url = parsed(address);
      for (let redirects = 0; ; redirects += 1) {
        const isSameOrigin = url.origin === parsed(address).origin;
        const { statusCode, headers, body } = await get(url, isSameOrigin ? token : undefined);
        if (statusCode === 200) return translated(body);
        await body.dump().catch(() => undefined);
        const { location } = headers;
        const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string';
        if (!isRedirect || redirects === REDIRECTS) throw refusal(statusCode);
        url = parsed(location, url);
      }
    },
    close: async () => {
      await Promise.all([graph.close(), elsewhere.close()]);
    },
  };
}

/** 64 kB/s. */
const SLOWEST_BYTES_PER_MS = 64;

function formAround({ mimeType, filename }: MediaToUpload, boundary: string): [before: Buffer, after: Buffer] {
  const field = (name: string, value: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  // As browsers write names in forms.
  const quoted = filename.replace(/["\r\n]/g, (each) => encodeURIComponent(each));
  const before = `${field('messaging_product', 'whatsapp')}${field('type', mimeType)}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\ncontent-type: ${mimeType}\r\n\r\n`;
  return [Buffer.from(before), Buffer.from(`\r\n--${boundary}--\r\n`)];
}

async function* joined(
  before: Buffer,
  content: AsyncIterable<Uint8Array>,
  after: Buffer,
  failed: { by?: unknown },
): AsyncGenerator<Uint8Array> {
  yield before;
  try {
    yield* content;
  } catch (error) {
    failed.by = error;
    throw error;
  }
  yield after;
}

function toOutcome(status: number, retryAfter: string | undefined, text: string): UploadOutcome {
  const id = idIn(text);
  if (status < 300 && id !== undefined) return { kind: 'uploaded', mediaId: id };
  const outcome = outcomeOf(status, retryAfter, text);
  if (outcome.kind === 'refused') return outcome;
  return { kind: 'failed', reason: outcome.kind === 'unknown' ? outcome.reason : 'an answer without a media id' };
}

function idIn(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  }
}

async function* translated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(error);
  }
}

function parsed(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (!url) throw new Failure('unavailable', 'meta.address-malformed', 'Meta gave an address that is none');
  return url;
}

const closed = (host: string): Failure =>
  new Failure(
    'forbidden',
    'meta.address-closed',
    `${host} is no https address of the public internet: it is not called`,
  );

const unreachable = (error: unknown): Failure =>
  new Failure('unavailable', 'meta.unreachable', `Meta cannot be reached: ${nameOf(error)}`, { cause: error });

function refusal(status: number): Failure {
  const said = `Meta answers for the content of a file with HTTP ${status}`;
  // A token that is good for the Graph API is good here; what is refused or gone is asked for with a new address.
  if (status === 401 || status === 403) return new Failure('unauthenticated', `meta.${status}`, said);
  if (status === 404 || status === 410) return new Failure('not-found', `meta.${status}`, said);
  return new Failure(status === 429 ? 'exhausted' : 'unavailable', `meta.${status}`, said);
}
