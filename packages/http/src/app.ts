import express, { type Express } from 'express';

/** An Express app without what nobody asked for: no signature of the framework, no entity tags. */
export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  return app;
}
