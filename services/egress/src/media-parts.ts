import { createMediaClient, type GraphClient } from '@switchboard/graph-api';
import { type ServedService } from '@switchboard/grpc';
import { failureHandler, httpServer } from '@switchboard/http';
import { type MongoComponent } from '@switchboard/mongo';
import { type Component, type Logger, type Registry } from '@switchboard/service-kit';
import { createClamd } from './adapters/clamd/scanner.js';
import { createGridFsStore } from './adapters/mongo/file-store.js';
import { createMetaFiles } from './adapters/meta/meta-files.js';
import { createDrafts } from './adapters/mongo/drafts.js';
import { createFiles, filesIndexes } from './adapters/mongo/files.js';
import { createMediaIds, mediaIdsIndexes } from './adapters/mongo/media-ids.js';
import { createPolicies } from './adapters/mongo/policies.js';
import { createFileLinks, sha256Digest } from './adapters/node/file-links.js';
import { tidyStore } from './adapters/node/tidy-store.js';
import { createS3Store } from './adapters/s3/file-store.js';
import { type Config } from './config.js';
import { mediaServer } from './entrypoints/grpc/media-server.js';
import { createFilesApp } from './entrypoints/http/files.js';
import { createMediaEngine, type MediaEngine } from './media-engine.js';
import { mediaMetrics } from './media-metrics.js';
import { type Clock, type Hash, type MetaTokens, type Numbers } from './use-cases/ports.js';

export const mediaIndexes = [...filesIndexes, ...mediaIdsIndexes];

/** Files: their bytes, their ways to and from Meta, and the port where browsers fetch them. */
export function mediaParts(
  config: Config,
  shared: {
    readonly connection: MongoComponent['connection'];
    readonly graph: Pick<GraphClient, 'getMedia'>;
    readonly numbers: Numbers;
    readonly onNumber: (listener: (number: string) => void) => () => void;
    readonly tokens: MetaTokens;
    readonly clock: Clock;
    readonly hash: Hash;
    readonly newId: () => string;
    readonly partitionOf: (number: string) => number;
    readonly logger: Logger;
    readonly registry: Registry;
    readonly drainMs: number;
  },
): { readonly engine: MediaEngine; readonly server: ServedService; readonly parts: readonly Component[] } {
  const { connection, graph, clock, logger, drainMs } = shared;
  const client = createMediaClient(config.graph);
  const s3 = config.files.s3 && createS3Store(config.files.s3);
  const files = createFiles(connection);
  const engine = createMediaEngine(
    {
      ...shared,
      store: tidyStore(s3 ?? createGridFsStore(connection)),
      drafts: createDrafts(connection, clock.now),
      scanner: config.files.clamd === undefined ? undefined : createClamd(config.files.clamd),
      files,
      list: files,
      ids: createMediaIds(connection),
      policies: createPolicies(connection),
      meta: createMetaFiles(graph, client),
      newDigest: sha256Digest,
      observer: {
        ...mediaMetrics(shared.registry),
        warn: (facts, message) => {
          logger.warn(facts, message);
        },
      },
    },
    { drainMs },
  );
  const links = createFileLinks(config.grpc.jwtSecret);
  const app = createFilesApp({
    ...engine,
    isGood: (fileId, until, signature) => links.isGood(fileId, until, signature, clock.now()),
  });
  app.use(failureHandler(logger));
  const http = httpServer({ port: config.files.port, app });
  const baseOfLinks = (): string => (config.files.url ?? `http://localhost:${http.port()}`).replace(/\/$/, '');
  let endOfNews: (() => void) | undefined;

  return {
    engine,
    server: mediaServer({
      ...engine,
      linkTo(fileId, seconds) {
        const expiresAt = new Date(Math.floor(clock.now().getTime() / 1_000 + seconds) * 1_000);
        return { url: `${baseOfLinks()}${links.sign(fileId, expiresAt)}`, expiresAt };
      },
    }),
    parts: [
      {
        name: 'files',
        start() {
          engine.sweepDrafts.start();
          engine.fetcher.start();
          endOfNews = shared.onNumber((number) => {
            engine.fetcher.numberChanged(number).catch((error: unknown) => {
              logger.warn({ number, error }, 'files of a number wait on; the next look fetches them');
            });
          });
          return Promise.resolve();
        },
        async stop() {
          endOfNews?.();
          engine.sweepDrafts.stop();
          await engine.fetcher.stop();
          await client.close();
          s3?.close();
        },
      },
      http,
    ],
  };
}
