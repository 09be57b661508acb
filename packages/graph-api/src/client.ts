import { Failure } from '@switchboard/errors';
import { Agent, request } from 'undici';
import { failedUsers, type BlockFailure, type BlockUser } from './block-users.js';
import { type MetaError, readError, recordIn } from './errors.js';
import { nameOf } from './network-errors.js';
import { rulingOf } from './consequence.js';
import { outcomeOf, type SendOutcome } from './outcome.js';
import { type PricingAnalyticsCalls, pricingAnalyticsCalls } from './pricing-analytics.js';
import { type GraphCall, type TemplateCalls, templateCalls } from './templates.js';

export interface GraphClientOptions {
  /** For example `https://graph.facebook.com`. */
  readonly baseUrl: string;
  /** For example `v25.0`. */
  readonly version: string;
  /** The longest a call may take, whole. */
  readonly timeoutMs?: number;
  /** Connections to Meta at once. */
  readonly connections?: number;
}

/** A number as Meta shows it; every field may be missing. */
export type PhoneNumberFields = Readonly<Record<string, unknown>> & { readonly id?: string };

/** A file as Meta describes it. */
export interface MediaFields {
  /** Good for five minutes, with the bearer token. */
  readonly url: string;
  readonly mimeType: string;
  /** Base64 or hex; empty where it is missing. */
  readonly sha256: string;
  /** Undefined where it is missing. */
  readonly sizeBytes: number | undefined;
}

export interface GraphClient extends TemplateCalls, PricingAnalyticsCalls {
  /**
   * `POST /{phone-number-id}/messages` with a body as Meta documents it. Never throws and never sends twice: what became of
   * the call is the outcome. An abort after the request began leaves it `unknown`.
   */
  readonly sendMessage: (
    phoneNumberId: string,
    token: string,
    body: Readonly<Record<string, unknown>>,
    options?: { readonly signal?: AbortSignal },
  ) => Promise<SendOutcome>;
  /**
   * `POST /{phone-number-id}/messages` as a read receipt of a customer's message, with a typing indicator where asked for.
   * Throws a `Failure`. Safe to repeat.
   */
  readonly markRead: (phoneNumberId: string, token: string, messageId: string, isTyping: boolean) => Promise<void>;
  /** `GET /{phone-number-id}` with these fields. Throws a `Failure`. */
  readonly getPhoneNumber: (
    phoneNumberId: string,
    token: string,
    fields: readonly string[],
  ) => Promise<PhoneNumberFields>;
  /** All numbers of a WhatsApp Business Account, page by page. Throws a `Failure`. */
  readonly listPhoneNumbers: (
    wabaId: string,
    token: string,
    fields: readonly string[],
  ) => AsyncGenerator<PhoneNumberFields, void, undefined>;
  /**
   * `POST /{phone-number-id}/block_users`: the number hears nothing of these users any more, and cannot write to them.
   * Meta blocks only who has written in the last 24 hours. Resolves to those it did not block, with why; throws a
   * `Failure` when none was looked at. Safe to repeat.
   */
  readonly blockUsers: (phoneNumberId: string, token: string, users: readonly BlockUser[]) => Promise<BlockFailure[]>;
  /** `DELETE /{phone-number-id}/block_users`: the same the other way round. */
  readonly unblockUsers: (phoneNumberId: string, token: string, users: readonly BlockUser[]) => Promise<BlockFailure[]>;
  /**
   * `GET /{media-id}?phone_number_id=`: where the content of a file is. Throws a `Failure`: `invalid` or `not-found` when
   * there is no such file (any more), or not for this number.
   */
  readonly getMedia: (mediaId: string, phoneNumberId: string, token: string) => Promise<MediaFields>;
  /** Ends idle connections; calls under way go on. */
  readonly close: () => Promise<void>;
}

/** Errors that say that not one byte of the request left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Limits of calls per app (4) and account; Meta answers them with HTTP 400. */
const CALL_LIMITS = new Set([4, 80_004, 80_007]);

/** The list of blocked users is being changed by another call, or Meta's own error with it: a later call may do. */
const PASSING = new Set([139_102, 139_103]);

/** The largest answers are pages of templates; more than this is not Meta. */
const ANSWER_BYTES = 8_000_000;

/** A typed client of Meta's Graph API over a pool of its own: bounded connections, every wait bounded, no retries of its own. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { baseUrl, version, timeoutMs = 15_000, connections = 64 } = options;
  const dispatcher = new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Below what servers keep, so that a request rarely meets a connection that is just being closed.
    keepAliveTimeout: 4_000,
    maxResponseSize: ANSWER_BYTES,
  });
  const root = `${baseUrl.replace(/\/$/, '')}/${version}`;

  async function exchange(url: string, token: string, init: Init, signal?: AbortSignal) {
    const { method, body: sent, extraMs = 0 } = init;
    const time = new AbortController();
    // Not `AbortSignal.timeout`: that one goes off long after the answer has come.
    const timer = setTimeout(() => {
      time.abort(new DOMException('the answer is late', 'TimeoutError'));
    }, timeoutMs + extraMs);
    try {
      const { statusCode, headers, body } = await request(url, {
        method,
        ...(sent !== undefined && { body: sent }),
        dispatcher,
        headersTimeout: timeoutMs + extraMs,
        signal: signal ? AbortSignal.any([time.signal, signal]) : time.signal,
        headers: {
          authorization: `Bearer ${token}`,
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...init.headers,
        },
      });
      return { statusCode, headers, text: await body.text() };
    } finally {
      clearTimeout(timer);
    }
  }

  const callPath: GraphCall = (path, token, init) => call(`${root}/${path}`, token, init);
  const get = (url: string, token: string) => call(url, token, { method: 'GET' });

  async function call(
    url: string,
    token: string,
    init: Init,
    isAnswer: (body: unknown) => boolean = () => false,
  ): Promise<Record<string, unknown>> {
    const { statusCode, headers, text } = await exchange(url, token, init).catch((error: unknown) => {
      // Of what was to be sent, not of the call.
      if (error instanceof Failure) throw error;
      throw new Failure('unavailable', 'meta.unreachable', `Meta cannot be reached: ${nameOf(error)}`, {
        cause: error,
      });
    });
    const body = safely(text);
    const found = readError(body);
    const isFine = (!found && statusCode < 300) || isAnswer(body);
    if (isFine && typeof body === 'object' && body !== null) return body as Record<string, unknown>;
    throw failureOf(statusCode, found?.error, body, Number(headers['retry-after']) * 1_000);
  }

  async function changeBlocks(
    method: 'POST' | 'DELETE',
    phoneNumberId: string,
    token: string,
    users: readonly BlockUser[],
  ): Promise<BlockFailure[]> {
    const block_users = users.map(({ phone, userId }) => (phone !== undefined ? { user: phone } : { user_id: userId }));
    const init = { method, body: JSON.stringify({ messaging_product: 'whatsapp', block_users }) };
    const url = `${root}/${encodeURIComponent(phoneNumberId)}/block_users`;
    // What became of each user is told beside an error for the whole.
    return failedUsers(await call(url, token, init, (body) => recordIn(body, 'block_users') !== undefined));
  }

  return {
    async sendMessage(phoneNumberId, token, body, { signal } = {}) {
      if (signal?.aborted) return { kind: 'not-sent', reason: 'given up before it began' };
      try {
        const init = { method: 'POST' as const, body: JSON.stringify(body) };
        const { statusCode, headers, text } = await exchange(
          `${root}/${encodeURIComponent(phoneNumberId)}/messages`,
          token,
          init,
          signal,
        );
        const retryAfter = headers['retry-after'];
        return outcomeOf(statusCode, typeof retryAfter === 'string' ? retryAfter : undefined, text);
      } catch (error) {
        const name = nameOf(error);
        return NEVER_SENT.has(name) ? { kind: 'not-sent', reason: name } : { kind: 'unknown', reason: name };
      }
    },
    async markRead(phoneNumberId, token, messageId, isTyping) {
      const typing = isTyping && { typing_indicator: { type: 'text' } };
      const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: messageId, ...typing };
      const init = { method: 'POST' as const, body: JSON.stringify(receipt) };
      await call(`${root}/${encodeURIComponent(phoneNumberId)}/messages`, token, init);
    },
    getPhoneNumber: (phoneNumberId, token, fields) =>
      get(`${root}/${encodeURIComponent(phoneNumberId)}?fields=${encodeURIComponent(fields.join(','))}`, token),
    async *listPhoneNumbers(wabaId, token, fields) {
      for (let after = ''; ;) {
        const query = new URLSearchParams({ fields: fields.join(','), limit: '100', ...(after !== '' && { after }) });
        const page = await get(`${root}/${encodeURIComponent(wabaId)}/phone_numbers?${query.toString()}`, token);
        yield* Array.isArray(page['data']) ? (page['data'] as PhoneNumberFields[]) : [];
        const paging = recordIn(page, 'paging');
        const next = recordIn(paging, 'cursors')?.['after'];
        if (paging?.['next'] === undefined || typeof next !== 'string' || next === after) return;
        after = next;
      }
    },
    blockUsers: (phoneNumberId, token, users) => changeBlocks('POST', phoneNumberId, token, users),
    unblockUsers: (phoneNumberId, token, users) => changeBlocks('DELETE', phoneNumberId, token, users),
    async getMedia(mediaId, phoneNumberId, token) {
      const query = new URLSearchParams({ phone_number_id: phoneNumberId });
      return mediaFields(await get(`${root}/${encodeURIComponent(mediaId)}?${query.toString()}`, token));
    },
    ...templateCalls(callPath),
    ...pricingAnalyticsCalls(callPath),
    close: () => dispatcher.close(),
  };
}

type Init = Parameters<GraphCall>[2];

/** Meta's error as a failure: the sentence for people where there is one, and when another try makes sense. */
function failureOf(status: number, error: MetaError | undefined, body: unknown, retryAfterMs: number): Failure {
  const { code, subcode, message, details } = error ?? {
    code: status,
    subcode: 0,
    message: `HTTP ${status}`,
    details: '',
  };
  const said = recordIn(body, 'error')?.['error_user_msg'];
  const more = typeof said === 'string' ? said : details;
  const kind = kindOf(status, code);
  const waitMs = retryAfterMs > 0 ? retryAfterMs : rulingOf(code, { status, subcode }).waitMs;
  return new Failure(kind, `meta.${code}`, more === '' ? message : `${message} (${more})`, {
    ...(subcode !== 0 && { details: { subcode: String(subcode) } }),
    ...(kind === 'exhausted' && waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

function mediaFields({ url, mime_type, sha256, file_size }: Record<string, unknown>): MediaFields {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (text(url) === '') throw new Failure('unavailable', 'meta.media-without-url', 'Meta gave no address for a file');
  // A number in words, or a number.
  const size = Number(file_size);
  return {
    url: text(url),
    mimeType: text(mime_type),
    sha256: text(sha256),
    sizeBytes: file_size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
  };
}

function kindOf(
  status: number,
  code: number,
): 'unauthenticated' | 'forbidden' | 'not-found' | 'exhausted' | 'unavailable' | 'invalid' {
  if (status === 401 || code === 190) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429 || CALL_LIMITS.has(code)) return 'exhausted';
  return status >= 500 || PASSING.has(code) ? 'unavailable' : 'invalid';
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
