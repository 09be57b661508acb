export type { Component } from './component.js';
export { adminServer, type Health } from './admin.js';
export { startAll, type LifecycleLog } from './lifecycle.js';
export { type Platform, run } from './run.js';
export { type CommonSettings, readCommonSettings } from './settings.js';
export { startTracing, traceParent, type TraceParent, withSpan } from './tracing.js';
export type { Logger } from 'pino';
export type { Registry } from 'prom-client';
