import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { adminServer } from './admin.js';
import { processClock } from './clock.js';
import type { Component } from './component.js';
import { startAll } from './lifecycle.js';
import { createLogger } from './logger.js';
import { type CommonSettings, problemsOf, readCommonSettings, readSettings } from './settings.js';
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
  /** Milliseconds that only grow, for waits and deadlines; their zero means nothing. */
  readonly monotonicMs: () => number;
  /** How far both clocks are ahead of the machine's, for who compares them with others': 0 unless `CLOCK_FILE` says so. */
  readonly aheadMs: () => number;
}

/**
 * Runs a service as this process: reads its settings, opens the admin port, starts the parts in order, and stops them in
 * reverse on SIGTERM or SIGINT. Settings that are wrong (told all at once), a part that fails to start, an error nobody
 * caught or a stop that takes longer than `SHUTDOWN_MS` end the process with exit code 1, and whoever watches it starts
 * another.
 */
export async function run<Config>(
  service: string,
  readConfig: (env: NodeJS.ProcessEnv) => Config,
  build: (config: Config, platform: Platform) => readonly Component[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  let read: { readonly common: CommonSettings; readonly own: Config };
  try {
    read = readSettings<typeof read>(env, { common: readCommonSettings, own: readConfig });
  } catch (error) {
    const logger = createLogger({ service, instance: env['INSTANCE'] ?? hostname(), level: 'fatal' });
    logger.fatal({ problems: problemsOf(error) }, 'invalid configuration');
    process.exit(1);
  }
  const { common: settings, own: config } = read;
  const logger = createLogger({ service, instance: settings.instance, level: settings.logLevel });
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
    // Logs are written synchronously, so nothing is lost here.
    process.exit(code);
  };
  const fatal = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error nobody caught; the process ends');
    end(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);

  // Counts as work to be done, so that a stop which waits for nothing that turns the event loop ends here, not at once.
  const watchStop = (why: object): void => {
    setTimeout(() => {
      logger.fatal({ ...why, ms: settings.shutdownMs }, 'stopping takes too long; the process ends');
      end(1);
    }, settings.shutdownMs);
  };

  const told = new Promise<string>((resolve) => {
    // Supervisors may repeat themselves; a person who presses Ctrl-C again means now.
    process.on('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  void told.then((signal) => {
    setReady(false, 'nothing: the process stops');
    logger.info({ signal }, 'stopping');
    stopping.abort();
    watchStop({ signal });
  });

  const admin = adminServer(settings.adminPort, { isReady: () => isReady, waitsFor: () => waitsFor }, metrics);
  try {
    await admin.start();
    logger.info({ adminPort: admin.port() }, 'the admin port listens');
    const stopTracing = await startTracing(service, settings.instance, settings.tracesUrl);
    const { now, monotonicMs, aheadMs, stop: stopClock } = processClock(settings.clockFile);
    if (settings.clockFile !== undefined)
      logger.info({ file: settings.clockFile }, 'the clock may be ahead: CLOCK_FILE');
    const platform: Platform = { service, instance: settings.instance, logger, metrics, now, monotonicMs, aheadMs };
    const parts = observed(build(config, platform), {
      begins(name) {
        waitsFor = name;
      },
      failed(error) {
        if (!stopping.signal.aborted) watchStop({ err: error });
      },
    });
    const stopAll = await startAll(parts, logger, stopping.signal);
    if (!stopping.signal.aborted) {
      setReady(true, '');
      logger.info({ adminPort: admin.port() }, 'ready');
      await told;
    }
    await stopAll();
    stopClock();
    await stopTracing();
    await admin.stop();
    logger.info({}, 'stopped');
    end(0);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    end(1);
  }
}

/** So that `/ready` can say which part is being waited for, and nothing that stops after a failure hangs for ever. */
const observed = (
  parts: readonly Component[],
  tell: { readonly begins: (name: string) => void; readonly failed: (error: unknown) => void },
): Component[] =>
  parts.map((part) => ({
    name: part.name,
    async start() {
      tell.begins(part.name);
      try {
        await part.start();
      } catch (error) {
        tell.failed(error);
        throw error;
      }
    },
    stop: () => part.stop(),
  }));
