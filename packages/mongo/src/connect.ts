import type { Component } from '@switchboard/service-kit';
import { type Connection, createConnection } from 'mongoose';

/** Some of these come from the parser of addresses, which has classes of its own. */
const UNREADABLE = new Set(['MongoParseError', 'MongoRuntimeError']);

/** Where the connection reports what heals by itself. */
export interface MongoLogger {
  readonly info: (facts: object, message: string) => void;
  readonly warn: (facts: object, message: string) => void;
}

export interface MongoOptions {
  readonly logger?: MongoLogger;
  /** Used instead of the one in the address. */
  readonly database?: string;
  /** Connections per server; each carries one call at a time. */
  readonly poolSize?: number;
  /** The longest a call may wait for a server, for a connection and for its answer, each. */
  readonly timeoutMs?: number;
  /** Between two attempts to connect at the start. */
  readonly retryMs?: number;
}

/** A part of a service that connects at its start; the connection may be handed to adapters before. */
export interface MongoComponent extends Component {
  readonly connection: Connection;
}

/**
 * One connection per database. Writes are acknowledged by a majority's journals; buffers come back as buffers.
 * `start` retries for ever, `stop` aborts that and closes. Later outages are the driver's to mend: calls fail with
 * `unavailable` meanwhile, for adapters that use `translated`.
 */
export function connectMongo(url: string, options: MongoOptions = {}): MongoComponent {
  const { logger, database, poolSize = 20, timeoutMs = 10_000, retryMs = 500 } = options;
  const connection = createConnection();
  const stopping = new AbortController();

  connection.on('disconnected', () => {
    if (!stopping.signal.aborted) logger?.warn({}, 'mongodb is away');
  });
  connection.on('reconnected', () => logger?.info({}, 'mongodb is back'));
  // Without a listener an error that no call waits for would end the process.
  connection.on('error', (error: unknown) => logger?.warn({ error }, 'mongodb connection failed'));

  async function open(): Promise<void> {
    await connection.openUri(url, {
      ...(database !== undefined && { dbName: database }),
      // The driver's timeoutMS has no effect in this version; these three bound a call in its place.
      serverSelectionTimeoutMS: Math.min(timeoutMs, 5_000),
      waitQueueTimeoutMS: timeoutMs,
      socketTimeoutMS: timeoutMs * 2,
      // An unreached majority answers instead of hanging. What was written is then unknown, as after a lost answer.
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeoutMs },
      maxPoolSize: poolSize,
      promoteBuffers: true,
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
    });
  }

  return {
    name: 'mongodb',
    connection,
    async start() {
      for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
        try {
          await open();
          return;
        } catch (error) {
          // An address that cannot be read does not heal by waiting.
          if (error instanceof Error && UNREADABLE.has(error.name)) throw error;
          logger?.warn({ error, attempt }, 'mongodb cannot be reached yet');
          await connection.close().catch(() => undefined);
          await pause(retryMs, stopping.signal);
        }
      }
    },
    async stop() {
      stopping.abort();
      await connection.close().catch(() => undefined);
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
