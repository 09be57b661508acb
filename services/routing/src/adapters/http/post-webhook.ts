import { closedHostOf, isClosedHost, publicLookup } from '@switchboard/public-addresses';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import type { PostOutcome, PostWebhook } from '../../use-cases/bots/ports.js';
import type { Clock } from '../../use-cases/ports.js';

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 5_000;
/** What a receiver says beside its status is of no use; more than this is not waited for. */
const ANSWER_BYTES = 65_536;

/** Posts to webhooks as Standard Webhooks says. Looks names up itself, so that a name cannot lead to a closed address. */
export function createPostWebhook(options: { allowsPrivate: boolean; now: Clock; timeoutMs?: number }): {
  readonly post: PostWebhook;
  readonly close: () => Promise<void>;
} {
  const { allowsPrivate, now, timeoutMs = TIMEOUT_MS } = options;
  const dispatcher = new Agent({
    connections: 32,
    pipelining: 1,
    connect: { timeout: CONNECT_MS, ...(!allowsPrivate && { lookup: publicLookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
  });

  return {
    async post({ url, secret, id, body, signal }) {
      const { hostname } = new URL(url);
      // An address needs no look-up, so none would see it.
      if (!allowsPrivate && isClosedHost(hostname)) return closedTo(hostname.replace(/^\[|\]$/g, ''));
      const at = now();
      try {
        const response = await request(url, {
          method: 'POST',
          dispatcher,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Switchboard-Webhooks',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
            'webhook-signature': new Webhook(secret).sign(id, at, body),
          },
          body,
        });
        await response.body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
        return outcomeOf(response.statusCode, response.headers['retry-after']);
      } catch (error) {
        const closed = closedHostOf(error);
        return closed === undefined ? { kind: 'failed', reason: nameOf(error) } : closedTo(closed);
      }
    },
    close: () => dispatcher.close(),
  };
}

function outcomeOf(status: number, retryAfter: string | string[] | undefined): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const seconds = Number(retryAfter);
  return {
    kind: 'failed',
    reason: `HTTP ${status}`,
    ...((status === 429 || status === 503) && seconds > 0 && { retryAfterMs: seconds * 1_000 }),
  };
}

const closedTo = (host: string): PostOutcome => ({
  kind: 'refused',
  reason: `${host} is an address of a private network; set BOT_WEBHOOKS_PRIVATE to true to call it`,
});

function nameOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (at.name === 'TimeoutError') return 'no answer in time';
    if (typeof code === 'string') return code;
  }
  return 'unknown error';
}
