import { pino, type Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { adminServer } from './admin.js';
import type { Component } from './component.js';
import { startAll } from './lifecycle.js';
import { readCommonSettings } from './settings.js';
import { startTracing } from './tracing.js';

/** What every service is given. */
export interface Platform {
  /** The service's one name: folder, image, consumer group, database, metric prefix. */
  readonly service: string;
  /** Stable name of this process among its like. */
  readonly instance: string;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly now: () => Date;
}

/**
 * Runs a service as this process: reads the common settings, opens the admin port, starts the parts in order, and stops
 * them in reverse on SIGTERM or SIGINT. A part that fails to start, an error nobody caught or a stop that hangs ends the
 * process with exit code 1, and whoever watches it starts another.
 */
export async function run(
  service: string,
  build: (platform: Platform) => readonly Component[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const settings = readCommonSettings(env);
  const logger = pino({
    level: settings.logLevel,
    base: { service, instance: settings.instance },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  const metrics = new Registry();
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 });
  const isReadyGauge = new Gauge({
    name: 'service_ready',
    help: '1 when every part has started and the process is not draining.',
    registers: [metrics],
  });

  const stopping = new AbortController();
  let [isReady, waitsFor] = [false, 'parts to start'];
  const setReady = (ready: boolean, why: string): void => {
    [isReady, waitsFor] = [ready, why];
    isReadyGauge.set(ready ? 1 : 0);
  };

  const end = (code: number): void => {
    // Logs are written synchronously by pino's default destination, so nothing is lost here.
    process.exit(code);
  };
  const fatal = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error nobody caught; the process ends');
    end(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);

  const told = new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  void told.then((signal) => {
    setReady(false, 'nothing: the process stops');
    logger.info({ signal }, 'stopping');
    stopping.abort();
    setTimeout(() => {
      logger.fatal({ ms: settings.shutdownMs }, 'stopping takes too long; the process ends');
      end(1);
    }, settings.shutdownMs).unref();
  });

  const admin = adminServer(settings.adminPort, { isReady: () => isReady, waitsFor: () => waitsFor }, metrics);
  try {
    await admin.start();
    const stopTracing = await startTracing(service, settings.otlpEndpoint);
    const platform: Platform = { service, instance: settings.instance, logger, metrics, now: () => new Date() };
    const stopAll = await startAll(
      naming(build(platform), (name) => {
        waitsFor = name;
      }),
      logger,
      stopping.signal,
    );
    if (!stopping.signal.aborted) {
      setReady(true, '');
      logger.info({ adminPort: admin.port() }, 'ready');
      await told;
    }
    await stopAll();
    await stopTracing();
    await admin.stop();
    logger.info({}, 'stopped');
    end(0);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    end(1);
  }
}

/** So that `/ready` can say which part is being waited for. */
const naming = (parts: readonly Component[], tell: (name: string) => void): Component[] =>
  parts.map((part) => ({
    name: part.name,
    start: () => {
      tell(part.name);
      return part.start();
    },
    stop: () => part.stop(),
  }));
