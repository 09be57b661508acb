import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { ZodError } from 'zod';
import { faultsPatch } from '../faults.js';
import { limitsPatch } from '../limits.js';
import type { Control } from './control.js';
import { NotPossible } from './not-possible.js';
import { advanceSchema, resetSchema } from './schemas.js';

/** The control API: JSON in, JSON out, failures as `{error}` with the reason in a sentence. */
export function controlRouter(control: Control, watch: (listener: () => void) => () => void): Router {
  const router = Router();
  // The bytes of a raw post are sent on as they are, so nothing may parse them.
  router.post('/webhooks', express.raw({ type: () => true, limit: '10mb' }), async (request, response) => {
    const { url, times, signature, app_secret } = request.query as Record<string, string | undefined>;
    const given = {
      ...(url !== undefined && { url }),
      ...(times !== undefined && { times: Number(times) }),
      ...(signature !== undefined && { signature }),
      ...(app_secret !== undefined && { app_secret }),
    };
    response.json(await control.postRaw(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), given));
  });
  router.use(express.json({ limit: '10mb', type: () => true }));

  // What a handler returns is the answer; schemas check what it is given.
  type Handler = (
    request: { params: { id: string; customer: string; action: string }; query: unknown },
    body: never,
  ) => unknown;
  const on = (method: 'get' | 'post' | 'put' | 'delete', path: string, handler: Handler) =>
    router[method](path, async (request, response) => {
      const { id = '', customer = '', action = '' } = request.params as Record<string, string | undefined>;
      const { query } = request;
      response.json(await handler({ params: { id, customer, action }, query }, (request.body ?? {}) as never));
    });

  on('get', '/', () => control.state());
  on('get', '/customers', () => control.customers());
  on('post', '/customers', (_request, body) => control.putCustomer(body));
  on('post', '/customers/:id/messages', ({ params }, body) => control.write(params.id, body));
  on('post', '/customers/:id/reactions', ({ params }, body) => control.react(params.id, body));
  on('post', '/customers/:id/edits', ({ params }, body) => control.edit(params.id, body));
  on('post', '/customers/:id/revokes', ({ params }, body) => control.revoke(params.id, body));
  on('post', '/customers/:id/marketing', ({ params }, body) => control.prefer(params.id, body));
  on('post', '/customers/:id/number', ({ params }, body) => control.changeNumber(params.id, body));
  on('get', '/messages', ({ query }) => control.messages(query as never));
  on('get', '/chats', () => control.chats());
  on('get', '/chats/:id/:customer', ({ params }) => control.chat(params.id, params.customer));
  on('post', '/statuses', (_request, body) => control.tellStatus(body));
  on('post', '/updates', (_request, body) => control.tellUpdate(body));
  on('get', '/webhooks', () => control.webhooks());
  on('put', '/webhook', (_request, body) => control.setWebhook(body));
  on('post', '/numbers', (_request, body) => control.addNumber(body));
  on('get', '/numbers/:id/counters', ({ params }) => control.counters(params.id));
  on('put', '/numbers/:id/throughput', ({ params }, body) => control.setThroughput(params.id, body));
  on('get', '/messaging-limit', () => control.messagingLimit());
  on('put', '/messaging-limit', (_request, body) => control.setMessagingLimit(body));
  on('get', '/templates', ({ query }) => control.templates.list(query as never));
  on('post', '/templates', (_request, body) => control.templates.seed(body));
  on('put', '/templates/verdicts/:id', ({ params }, body) => control.templates.decide(params.id, body));
  on('post', '/templates/:id/:action', ({ params }, body) => control.templates.act(params.id, params.action, body));
  on('get', '/charges', () => control.charges());
  on('post', '/charges', (_request, body) => control.addCharges(body));
  on('put', '/charges/:id', ({ params }, body) => control.changeCharge(params.id, body));
  on('put', '/rates', (_request, body) => control.setRates(body));
  on('get', '/faults', () => control.faults());
  on('put', '/faults', (_request, body) => control.setFaults(faultsPatch.parse(body) as never));
  on('put', '/faults/:id', ({ params }, body) => control.setFaults(faultsPatch.parse(body) as never, params.id));
  on('delete', '/faults', () => control.clearFaults());
  on('delete', '/faults/:id', ({ params }) => control.clearFaults(params.id));
  on('get', '/limits', () => control.limits());
  on('put', '/limits', (_request, body) => control.setLimits(limitsPatch.parse(body) as never));
  on('put', '/limits/:id', ({ params }, body) => control.setLimits(limitsPatch.parse(body) as never, params.id));
  on('delete', '/limits', () => control.clearLimits());
  on('delete', '/limits/:id', ({ params }) => control.clearLimits(params.id));
  on('post', '/failures', (_request, body) => control.orderFailure(body));
  on('post', '/media/failures', (_request, body) => control.failMedia(body));
  on('post', '/clock', (_request, body) => control.advance(advanceSchema.parse(body).ms));
  on('post', '/reset', (_request, body) => control.reset(resetSchema.parse(body).seed));

  router.get('/changes', (request, response) => {
    changes(request, response, watch);
  });
  router.use((request: Request, response: Response) => {
    response.status(404).json({ error: `there is no ${request.method} ${request.path}` });
  });
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const answer = failureOf(error);
    if (!answer || response.headersSent) next(error);
    else response.status(answer.http).json({ error: answer.message });
  });
  return router;
}

/** Server-sent events that say only that something has changed, at most ten times a second. */
function changes(request: Request, response: Response, watch: (listener: () => void) => () => void): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write('data: changed\n\n');
  let timer: NodeJS.Timeout | undefined;
  const unwatch = watch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      response.write('data: changed\n\n');
    }, 100);
  });
  request.on('close', () => {
    clearTimeout(timer);
    unwatch();
  });
}

function failureOf(error: unknown): { http: number; message: string } | undefined {
  if (error instanceof NotPossible) return { http: error.http, message: error.message };
  if (error instanceof ZodError) {
    return { http: 400, message: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  }
  const { status, message } = error as { status?: unknown; message?: unknown };
  return status === 400 || status === 413 ? { http: status, message: String(message) } : undefined;
}
