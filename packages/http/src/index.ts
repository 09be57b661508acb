export { createApp } from './app.js';
export { failureHandler, httpStatus } from './failures.js';
export { type Body, readBody } from './read-body.js';
export { type HttpSettings, readHttpSettings } from './settings.js';
export { type HttpServer, httpServer, type HttpServerOptions } from './server.js';
