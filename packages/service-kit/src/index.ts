export { type Component, part } from './component.js';
export { adminServer, type Health } from './admin.js';
export { startAll, type LifecycleLog } from './lifecycle.js';
export { createLogger, type LoggerOptions } from './logger.js';
export { type Platform, run } from './run.js';
export { bySchema, type CommonSettings, invalidSettings, readCommonSettings, readSettings } from './settings.js';
export {
  beginSpan,
  inTrace,
  isTracing,
  readTraceParent,
  type SpanAbout,
  startTracing,
  traceParent,
  type TraceParent,
  withSpan,
} from './tracing.js';
export type { Logger } from 'pino';
export type { Registry } from 'prom-client';
