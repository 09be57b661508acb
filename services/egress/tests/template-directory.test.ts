import { Template } from '@switchboard/contracts/template/v1/template';
import {
  type GetRequest,
  TemplateServiceService,
  type TemplateServiceServer,
} from '@switchboard/contracts/template/v1/template_service';
import { Failure } from '@switchboard/errors';
import { grpcClient, grpcServer, localTokens, serviceTokens, unary } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';
import { createTemplateDirectory } from '../src/adapters/grpc/template-directory.js';

/** What egress asks template about one that it has not been told of, over real gRPC on loopback. */

const ignore = () => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
const template = { ...Template.decode(new Uint8Array()), templateId: 't', category: 2, status: 3 } as const;

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

it('TX-6 asks by account, name and language', async () => {
  const asked: GetRequest[] = [];
  const directory = await open((request) => {
    asked.push(request);
    return Promise.resolve({ template });
  });

  expect(await directory.get('w', 'order_ready', 'en')).toMatchObject({ templateId: 't', category: 'utility' });
  expect(asked).toEqual([{ templateId: '', wabaId: 'w', name: 'order_ready', language: 'en' }]);
});

it('TX-6 knows from it that there is none', async () => {
  const directory = await open(() =>
    Promise.reject(new Failure('not-found', 'template.not-found', 'no such template')),
  );

  expect(await directory.get('w', 'order_ready', 'en')).toBeUndefined();
});

it('is unavailable while template is', async () => {
  const directory = await open(() => Promise.reject(new Failure('unavailable', 'mongo.unreachable', 'away')));

  await expect(directory.get('w', 'order_ready', 'en')).rejects.toMatchObject({ kind: 'unavailable' });
});

async function open(get: (request: GetRequest) => Promise<{ template: Template | undefined }>) {
  const unused = unary(() => Promise.reject(new Error('not part of this test')));
  const names = Object.keys(TemplateServiceService);
  const others = Object.fromEntries(names.map((name) => [name, unused])) as unknown as TemplateServiceServer;
  const server = grpcServer({
    port: 0,
    services: [
      {
        definition: TemplateServiceService,
        implementation: { ...others, get: unary(get) },
        scopes: Object.fromEntries(names.map((name) => [name, 'template.templates:read'])),
      },
    ],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const token = serviceTokens(jwtSecret, 'egress', 'template.templates:read');
  const client = grpcClient(TemplateServiceService, `127.0.0.1:${server.port()}`, { token });
  stops.push(client.close, server.stop);
  return createTemplateDirectory(client);
}
