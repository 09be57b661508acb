import { Agent, request } from 'undici';
import { signatureOf } from './sign.js';

/** Where webhooks go and how they are signed. */
export interface Callback {
  readonly url: string;
  readonly app_secret: string;
  /** Empty: the address is used without being verified. */
  readonly verify_token: string;
}

export interface Answer {
  /** 0 when there was none. */
  readonly http: number;
  readonly body: string;
}

export type Receiver = ReturnType<typeof createReceiver>;

/** The way to the receiver, over a few connections that are kept open. A receiver that does not answer in time has failed. */
export function createReceiver(options: { timeoutMs: number; connections: number }) {
  const dispatcher = new Agent({
    connections: options.connections,
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
  });
  const call = async (url: string, init: Parameters<typeof request>[1]): Promise<Answer> => {
    try {
      const answer = await request(url, { ...init, dispatcher });
      return { http: answer.statusCode, body: await answer.body.text() };
    } catch (error) {
      return { http: 0, body: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    post: (callback: Callback, bytes: Buffer, signature = signatureOf(bytes, callback.app_secret)) =>
      call(callback.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          ...(signature && { 'x-hub-signature-256': signature }),
        },
        body: bytes,
      }),
    /** True when the receiver gives the challenge back. */
    async verify(callback: Callback, challenge: string): Promise<boolean> {
      const url = new URL(callback.url);
      url.searchParams.set('hub.mode', 'subscribe');
      url.searchParams.set('hub.challenge', challenge);
      url.searchParams.set('hub.verify_token', callback.verify_token);
      const answer = await call(url.href, { method: 'GET' });
      return answer.http === 200 && answer.body === challenge;
    },
    close: () => dispatcher.destroy(),
  };
}
