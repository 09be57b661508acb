import express, { type Request, type Router } from 'express';
import type { Engine } from '../engine.js';
import { manage } from './manage.js';
import { createTemplate, deleteTemplates, endPause, listTemplates } from './templates.js';
import { beginUpload, continueUpload, readUpload } from './uploads.js';

type WithId = Request<{ id: string }>;

const urlOf = (engine: Engine, request: Request<never> | WithId) => new URL(request.originalUrl, engine.baseUrl);

/** Before bodies are parsed: pieces of files are bytes. */
export function addUploadCalls(engine: Engine, graph: Router): void {
  const upload = /^\/(upload:[^/]+)$/;
  const idOf = (request: Request) => upload.exec(request.path)?.[1] ?? '';
  graph.post('/:id/uploads', (request: WithId, response) => {
    response.json(beginUpload(engine, request.params.id, urlOf(engine, request).searchParams));
  });
  graph.post(upload, express.raw({ type: () => true, limit: '101mb' }), (request, response) => {
    const piece = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    response.json(continueUpload(engine, idOf(request), request.get('file_offset'), piece));
  });
  graph.get(upload, (request, response) => {
    response.json(readUpload(engine, idOf(request)));
  });
}

export function addTemplateCalls(engine: Engine, graph: Router): void {
  const path = '/:id/message_templates';
  graph.get(path, (request: WithId, response) => {
    manage(engine, request.params.id);
    response.json(listTemplates(engine, request.params.id, urlOf(engine, request)));
  });
  graph.post(path, (request: WithId, response) => {
    manage(engine, request.params.id);
    response.json(createTemplate(engine, request.params.id, request.body));
  });
  graph.delete(path, (request: WithId, response) => {
    manage(engine, request.params.id);
    response.json(deleteTemplates(engine, request.params.id, urlOf(engine, request).searchParams));
  });
  graph.post('/:id/unpause', (request: WithId, response) => {
    manage(engine, engine.templates.find(request.params.id)?.waba_id ?? request.params.id);
    response.json(endPause(engine, request.params.id));
  });
}
