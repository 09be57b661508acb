import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { Engine } from '../engine.js';
import { errorBody, noSuchObject, Refused } from '../errors.js';
import { between } from '../random.js';
import { changeBlocked, listBlocked } from './block-users.js';
import { downloadMedia, readMedia, uploadMedia } from './media.js';
import { listNumbers, readAccount, readNumber } from './numbers.js';
import { type Reply, sendMessage } from './send-message.js';
import { listSubscriptions, setNumberAddress, subscribe, unsubscribe } from './subscriptions.js';
import { manage } from './manage.js';
import { addTemplateCalls, addUploadCalls } from './template-calls.js';
import { editTemplate, readTemplate } from './templates.js';

type Query = Record<string, string | undefined>;

/** The part of Meta's Graph API that we play, under `/vN.N`. An empty list of tokens takes any. */
export function graphRouter(engine: Engine, tokens: readonly string[]): Router {
  const graph = Router({ mergeParams: true });
  graph.use((request, _response, next) => {
    checkToken(request, tokens);
    next();
  });
  graph.post('/:id/media', express.raw({ type: () => true, limit: '101mb' }), async (request, response) => {
    response.json(await uploadMedia(engine, request.params.id, request));
  });
  addUploadCalls(engine, graph);
  graph.use(express.json({ limit: '5mb', type: () => true }));
  addTemplateCalls(engine, graph);

  graph.post('/:id/messages', async (request, response) => {
    await answer(engine, request, response, sendMessage(engine, request.params.id, request.body));
  });
  graph.get('/:id/phone_numbers', (request, response) => {
    manage(engine, request.params.id);
    response.json(listNumbers(engine, request.params.id, new URL(request.originalUrl, engine.baseUrl)));
  });
  graph.get('/:id/subscribed_apps', (request, response) => {
    manage(engine, request.params.id);
    response.json(listSubscriptions(engine, request.params.id));
  });
  graph.post('/:id/subscribed_apps', async (request, response) => {
    manage(engine, request.params.id);
    response.json(await subscribe(engine, request.params.id, request.body));
  });
  graph.delete('/:id/subscribed_apps', (request, response) => {
    manage(engine, request.params.id);
    response.json(unsubscribe(engine, request.params.id));
  });
  graph.get('/:id/block_users', (request, response) => {
    manage(engine, request.params.id);
    response.json(listBlocked(engine, request.params.id));
  });
  for (const method of ['POST', 'DELETE'] as const) {
    graph[method === 'POST' ? 'post' : 'delete']('/:id/block_users', (request, response) => {
      manage(engine, request.params.id);
      response.json(changeBlocked(engine, method, request.params.id, request.body));
    });
  }
  graph.get('/:id', (request, response) => {
    const media = engine.media.find(request.params.id, engine.clock.now());
    if (media) {
      response.json(readMedia(engine, media, (request.query as Query)['phone_number_id']));
      return;
    }
    const template = engine.templates.find(request.params.id);
    manage(engine, template?.waba_id ?? request.params.id);
    if (template) {
      response.json(readTemplate(template, (request.query as Query)['fields']));
      return;
    }
    const { fields } = request.query as { fields?: string };
    const number = engine.world.number(request.params.id);
    response.json(number ? readNumber(engine, number, fields) : readAccount(engine, request.params.id, fields));
  });
  graph.post('/:id', async (request, response) => {
    const template = engine.templates.find(request.params.id);
    manage(engine, template?.waba_id ?? request.params.id);
    if (template) {
      response.json(editTemplate(engine, template, request.body));
      return;
    }
    response.json(await setNumberAddress(engine, request.params.id, request.body));
  });
  graph.delete('/:id', (request, response) => {
    if (!engine.media.remove(request.params.id)) throw noSuchObject('DELETE', request.params.id);
    response.json({ success: true });
  });
  graph.use((request: Request) => {
    throw noSuchObject(request.method, request.path.split('/')[1] ?? '');
  });
  graph.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refused = asRefused(error);
    if (refused.http === 401) response.set('www-authenticate', 'OAuth "Facebook Platform" "invalid_token"');
    response.status(refused.http).json(errorBody(refused, engine.ids.trace()));
  });

  const root = Router();
  root.get('/attachments', (request, response) => {
    const isKnown = isAccepted(tokenOf(request), tokens);
    const media = isKnown ? downloadMedia(engine, request.query) : 401;
    if (typeof media === 'number') response.status(media).end();
    else response.type(media.mime_type).send(media.bytes);
  });
  root.use('/:version', (request, response, next) => {
    if (/^v\d+\.\d+$/.test(request.params.version)) graph(request, response, next);
    else next();
  });
  return root;
}

function checkToken(request: Request, tokens: readonly string[]): void {
  const token = tokenOf(request);
  if (token === undefined) throw new Refused(190, { message: 'An access token is required to request this resource.' });
  if (!isAccepted(token, tokens)) throw new Refused(190);
}

function tokenOf(request: Request): string | undefined {
  const given = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const token = given ?? (request.query as Query)['access_token'];
  return token === '' ? undefined : token;
}

const isAccepted = (token: string | undefined, tokens: readonly string[]) =>
  token !== undefined && (tokens.length === 0 || tokens.includes(token));

async function answer(
  engine: Engine,
  request: Request<{ id: string }>,
  response: Response,
  reply: Reply,
): Promise<void> {
  if (reply.silence === 'cut') {
    request.socket.destroy();
    return;
  }
  if (reply.silence === 'hang') return;
  const faults = engine.faults.of(request.params.id);
  if (faults.answer_delay_ms[1] > 0) {
    const draw = engine.random('answer-delay', engine.countCall('answer-delay'));
    const atMs = engine.clock.now() + between(draw, faults.answer_delay_ms);
    await new Promise<void>((resolve) => engine.clock.at(atMs, resolve));
  }
  response.json(reply.body);
}

function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const { status } = error as { status?: unknown };
  if (status === 400) return new Refused(100, { message: '(#100) The body of the request is not valid JSON.' });
  if (status === 413) return new Refused(1, { http: 413, message: 'The request is too large.' });
  console.error(error);
  return new Refused(1, { http: 500 });
}
