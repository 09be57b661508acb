import { randomBytes } from 'node:crypto';
import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { createVault } from '@switchboard/vault';
import { toNumberState } from '../../src/adapters/kafka/states.js';
import { organisationDefinition } from '../../src/adapters/kafka/wakes.js';
import { accountServer } from '../../src/entrypoints/grpc/account-server.js';
import { createNumberUseCases } from '../../src/use-cases/numbers.js';
import { createOperatorUseCases } from '../../src/use-cases/operators.js';
import { createOrganisationUseCases } from '../../src/use-cases/organisations.js';
import { aggregatesOf, memoryDirectory } from './directory.js';

const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

export type Client = GrpcClient<typeof AccountServiceService>;

/** account in memory, served over real gRPC on loopback. */
export async function startWorld() {
  const stores = {
    numbers: createMemoryStore(),
    brands: createMemoryStore(),
    operators: createMemoryStore(),
    organisations: createMemoryStore(),
  };
  const { numbers, brands, operators } = aggregatesOf(stores);
  const organisations = createAggregates({
    definition: organisationDefinition,
    store: stores.organisations,
    publish: () => Promise.resolve(),
  });
  const directory = memoryDirectory(stores);
  const { now } = createTestClock();
  const vault = createVault([{ id: 'first', key: randomBytes(32) }]);
  let made = 0;
  const newId = () => `made-${(made += 1)}`;
  const server = grpcServer({
    port: 0,
    services: [
      accountServer(
        createOrganisationUseCases({ organisations, brands, directory, now, newId }),
        createOperatorUseCases({ operators, organisations, brands, directory, now, newId }),
        createNumberUseCases({ numbers, brands, directory, vault, now }),
        toNumberState,
      ),
    ],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const clients: Client[] = [];
  return {
    stores,
    async client(organisationId?: string, scope = 'account.*'): Promise<Client> {
      const claims = { subject: 'ada', scope, ttlSeconds: 60, ...(organisationId !== undefined && { organisationId }) };
      const token = await signToken(jwtSecret, claims);
      const client = grpcClient(AccountServiceService, `127.0.0.1:${server.port()}`, { token });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export const registration = (phoneNumberId: string) => ({
  phoneNumberId,
  wabaId: '100',
  portfolioId: '200',
  displayPhoneNumber: '+1 555 014 0077',
  verifiedName: 'Acme',
  metaToken: 'EAAG-secret',
});

/** An organisation with one brand and one department, and a client of its own. */
export async function newOrganisation(client: Client, organisationId: string) {
  const brandId = `${organisationId}-brand`;
  await client.createOrganisation({ organisationId, name: organisationId });
  await client.createBrand({ organisationId, brandId, name: 'Brand' });
  await client.createDepartment({ brandId, departmentId: 'sales', name: 'Sales' });
  return { organisationId, brandId, departmentId: 'sales' };
}
