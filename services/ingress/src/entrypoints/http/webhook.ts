import { isTransient } from '@switchboard/errors';
import { createApp, readBody } from '@switchboard/http';
import type { Express, Request, Response } from 'express';
import type { AcceptWebhook } from '../../use-cases/accept-webhook.js';
import { createTracing } from './tracing.js';

/** Meta sends up to 3 MB. */
export const LARGEST_BODY = 3 * 1024 * 1024;

export type WebhookOutcome =
  'accepted' | 'unsigned' | 'too-large' | 'cut' | 'unavailable' | 'failed' | 'verified' | 'unverified';

export interface WebhookDeps {
  readonly acceptWebhook: AcceptWebhook;
  readonly isVerifyToken: (token: string) => boolean;
  readonly observe: (outcome: WebhookOutcome, seconds: number) => void;
}

/** Where Meta comes in. The route is the first of its app, with a reader of its own and an empty answer. */
export function createWebhookApp({ acceptWebhook, isVerifyToken, observe }: WebhookDeps): Express {
  const app = createApp();
  const inTrace = createTracing();
  app.post('/webhook', async (request: Request, response: Response) => {
    const began = performance.now();
    let outcome: WebhookOutcome = 'failed';
    try {
      outcome = await take(request, response);
    } finally {
      observe(outcome, (performance.now() - began) / 1000);
    }
  });

  async function take(request: Request, response: Response): Promise<WebhookOutcome> {
    const body = await readBody(request, LARGEST_BODY);
    if (body.kind !== 'read') {
      // Without `connection: close`: it would reset a sender who is still writing, and the answer with it.
      end(response, 413);
      return body.kind;
    }
    try {
      const result = await inTrace(request.headers['traceparent'], (parent) =>
        acceptWebhook(body.bytes, signatureOf(request), parent),
      );
      end(response, result === 'accepted' ? 200 : 401);
      return result;
    } catch (error) {
      if (!isTransient(error)) throw error;
      // Meta repeats what is not answered 200, for up to seven days.
      response.setHeader('retry-after', '1');
      end(response, 503);
      return 'unavailable';
    }
  }

  app.get('/webhook', (request: Request, response: Response) => {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = request.query;
    const isVerified = mode === 'subscribe' && typeof token === 'string' && isVerifyToken(token);
    observe(isVerified ? 'verified' : 'unverified', 0);
    if (!isVerified) {
      end(response, 403);
      return;
    }
    response.type('text/plain').send(typeof challenge === 'string' ? challenge : '');
  });
  return app;
}

function signatureOf(request: Request): string | undefined {
  const header = request.headers['x-hub-signature-256'];
  return typeof header === 'string' ? header : undefined;
}

function end(response: Response, status: number): void {
  response.statusCode = status;
  response.end();
}
