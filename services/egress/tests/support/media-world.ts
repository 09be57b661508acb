import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { MediaServiceService } from '@switchboard/contracts/egress/v1/media_service';
import { createGraphClient, createMediaClient } from '@switchboard/graph-api';
import { grpcClient, type GrpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { failureHandler, httpServer } from '@switchboard/http';
import { createSimulator, type Simulator } from '@switchboard/meta-simulator';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { createMetaFiles } from '../../src/adapters/meta/meta-files.js';
import { createFileLinks, sha256Digest } from '../../src/adapters/node/file-links.js';
import { newId, sha256 } from '../../src/adapters/node/machine.js';
import { type NumberView } from '../../src/domain/gate.js';
import { mediaServer } from '../../src/entrypoints/grpc/media-server.js';
import { createFilesApp } from '../../src/entrypoints/http/files.js';
import { createMediaEngine } from '../../src/media-engine.js';
import { type MetaFiles, type Scanner } from '../../src/use-cases/media/ports.js';
import { memoryDrafts, memoryFiles, memoryFileStore, memoryMediaIds, memoryPolicies } from './media-twins.js';

export const NUMBER = '555';
export const PARTITION = 3;
const quiet = new Proxy({}, { get: () => () => undefined }) as never;

export type MediaWorld = Awaited<ReturnType<typeof createMediaWorld>>;

/** Files in one process: real gRPC and HTTP on loopback, the simulator as Meta, stores in memory, a clock of the test. */
export async function createMediaWorld() {
  const clock = createTestClock();
  const simulator: Simulator = createSimulator({
    numbers: [{ phone_number_id: NUMBER, waba_id: '1', display_phone_number: '15550140077' }],
    webhook: { url: 'http://127.0.0.1:9/', app_secret: 's', verify_token: '' },
  });
  const { url: graphUrl } = await simulator.start();
  const graph = createGraphClient({ baseUrl: graphUrl, version: 'v23.0' });
  const client = createMediaClient({ baseUrl: graphUrl, version: 'v23.0' });
  const levers = {
    meta: createMetaFiles(graph, client),
    scanner: undefined as Scanner | undefined,
    token: (): Promise<string> => Promise.resolve('token'),
    view: { organisation: 'acme', version: 1, sending: 'allowed', waba: '1' } as NumberView | undefined,
  };
  const calls = { upload: 0, describe: 0 };
  const results: string[] = [];
  let sent = 0;
  const warnings: string[] = [];
  const meta: MetaFiles = {
    upload(...args) {
      calls.upload += 1;
      return levers.meta.upload(...args);
    },
    describe(...args) {
      calls.describe += 1;
      return levers.meta.describe(...args);
    },
    download: (...args) => levers.meta.download(...args),
  };
  const store = memoryFileStore();
  const drafts = memoryDrafts(clock.now);
  const files = memoryFiles();
  const engine = createMediaEngine(
    {
      store,
      drafts,
      files,
      list: files,
      ids: memoryMediaIds(),
      policies: memoryPolicies(),
      meta,
      scanner: { scan: (content) => levers.scanner?.scan(content) ?? Promise.resolve(undefined) },
      tokens: { of: () => levers.token(), forget: () => undefined },
      numbers: { view: (number) => (number === NUMBER ? levers.view : undefined) },
      clock: { ...clock, monotonicMs: () => clock.now().getTime() },
      hash: sha256,
      newId,
      newDigest: sha256Digest,
      partitionOf: () => PARTITION,
      observer: {
        uploaded: (result) => void results.push(`upload ${result}`),
        fetched: (result) => void results.push(`fetch ${result}`),
        fetching: () => undefined,
        toMeta: (result) => void results.push(`to Meta ${result}`),
        warn: (facts, message) => void warnings.push(`${message} ${JSON.stringify(facts)}`),
      },
    },
    { drainMs: 1_000 },
  );
  const links = createFileLinks(jwtSecret);
  const app = createFilesApp({
    ...engine,
    isGood: (fileId, until, signature) => links.isGood(fileId, until, signature, clock.now()),
  });
  app.use(failureHandler(quiet));
  const http = httpServer({ port: 0, app, drainMs: 100 });
  await http.start();
  const base = `http://127.0.0.1:${http.port()}`;
  const server = grpcServer({
    port: 0,
    services: [
      mediaServer({
        ...engine,
        linkTo(fileId, seconds) {
          const expiresAt = new Date(clock.now().getTime() + seconds * 1_000);
          return { url: `${base}${links.sign(fileId, expiresAt)}`, expiresAt };
        },
      }),
    ],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const clients: GrpcClient<typeof MediaServiceService>[] = [];

  return {
    clock,
    graphUrl,
    /** A customer sends it; Meta's media id. */
    sendFromCustomer(type: string, mimeType: string, bytes: Buffer): string {
      const id = `1${Date.now()}${(sent += 1)}`;
      const about = { id, mime_type: mimeType, data: bytes.toString('base64') };
      simulator.control.write('15551234567', { message: { type, [type]: about } });
      return id;
    },
    /** What lies at Meta. */
    async atMeta(mediaId: string): Promise<Buffer> {
      const { url } = await graph.getMedia(mediaId, NUMBER, 'token');
      return wholeOf(await client.download(url, 'token'));
    },
    engine,
    store,
    drafts,
    files,
    levers,
    calls,
    results,
    warnings,
    base,
    links,
    async client(organisationId: string | undefined = 'acme', scope = 'egress.media:*') {
      const scopes = scope.replace('egress.media:*', 'egress.media:read egress.media:write');
      const token = await signToken(jwtSecret, {
        subject: 'test',
        scope: scopes,
        ttlSeconds: 600,
        ...(organisationId !== '' && { organisationId }),
      });
      const made = grpcClient(MediaServiceService, `127.0.0.1:${server.port()}`, { token });
      clients.push(made);
      return made;
    },
    async stop() {
      for (const each of clients) each.close();
      await engine.fetcher.stop();
      await server.stop();
      await http.stop();
      await Promise.all([graph.close(), client.close()]);
      await simulator.stop();
    },
  };
}

/** An upload as a client makes it, in pieces. */
export async function* pieces(
  about: { readonly filename: string } & Partial<Record<'mimeType' | 'kind' | 'brandId' | 'organisationId', string>>,
  bytes: Buffer | readonly Buffer[],
  sizeBytes = 0n,
) {
  const value = { organisationId: '', brandId: '', mimeType: '', kind: '', sizeBytes, ...about };
  yield { piece: { $case: 'about' as const, value } };
  for (const whole of Buffer.isBuffer(bytes) ? [bytes] : bytes) {
    for (let at = 0; at < whole.length; at += 65_536) {
      yield await Promise.resolve({ piece: { $case: 'bytes' as const, value: whole.subarray(at, at + 65_536) } });
    }
  }
}

export async function wholeOf(content: AsyncIterable<{ readonly bytes: Uint8Array } | Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of content) found.push(piece instanceof Uint8Array ? piece : piece.bytes);
  return Buffer.concat(found);
}

/** A server on loopback that answers as it is told. */
export async function openServer(answer: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
