import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import { FlowSettings, RoutingRule } from '@switchboard/contracts/routing/v1/settings';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { settingsServer } from '../../src/entrypoints/grpc/settings-server.js';
import { createSettingsUseCases } from '../../src/use-cases/settings/settings.js';
import { type Brands, type TellApply, type Wanted } from '../../src/use-cases/settings/ports.js';
import { createTrySettings } from '../../src/use-cases/settings/try-settings.js';
import { memoryBrandFlows, memoryChatTimes } from './settings-twins.js';
import { memoryNumbers } from './twins.js';

const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

export type SettingsClient = GrpcClient<typeof BrandSettingsServiceService>;

/** The brand `acme-shoes` is of `acme`, and `other-brand` of `other`. */
const organisations: Readonly<Record<string, string>> = { 'acme-shoes': 'acme', 'other-brand': 'other' };
const brands: Brands = {
  find(brandId) {
    const organisationId = organisations[brandId];
    return organisationId === undefined ? undefined : { organisationId };
  },
  ofDepartments: () => [],
  hasDepartment: (organisationId, departmentId) =>
    organisationId === 'acme' && ['sales', 'care'].includes(departmentId),
};

/** Settings over real gRPC on loopback, with twins behind them. */
export async function serveSettings() {
  const clock = createTestClock();
  const store = memoryBrandFlows();
  const numbers = memoryNumbers();
  const chatTimes = memoryChatTimes();
  const told: Parameters<TellApply>[0][] = [];
  const asked: (Wanted & { organisationId: string })[] = [];
  let made = 0;
  const settings = createSettingsUseCases({
    store,
    brands,
    tellApply(command) {
      told.push(command);
      return Promise.resolve();
    },
    now: clock.now,
    newId: () => `command-${(made += 1)}`,
    observe: ignore,
  });
  const tries = createTrySettings({
    store,
    brands,
    numbers,
    chatTimes: chatTimes.times,
    desk: {
      whoWouldGet(organisationId, wanted) {
        asked.push({ organisationId, ...wanted });
        return Promise.resolve(['olga', 'otto']);
      },
    },
    now: clock.now,
  });
  const server = grpcServer({
    port: 0,
    services: [settingsServer(settings, tries)],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const clients: SettingsClient[] = [];
  return {
    clock,
    store,
    numbers,
    told,
    asked,
    put: chatTimes.put,
    async client(organisationId?: string, scope = 'routing.*'): Promise<SettingsClient> {
      const claims = {
        subject: 'olga',
        scope,
        ttlSeconds: 60,
        ...(organisationId !== undefined && { organisationId }),
      };
      const token = await signToken(jwtSecret, claims);
      const client = grpcClient(BrandSettingsServiceService, `127.0.0.1:${server.port()}`, { token });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
    },
  };
}

/** Settings as a client writes them: what is not said is empty. */
export const flow = (more: Partial<FlowSettings> = {}): FlowSettings => ({
  ...FlowSettings.decode(new Uint8Array()),
  ...more,
});

export const protoRule = (more: Partial<RoutingRule> = {}): RoutingRule => ({
  ...RoutingRule.decode(new Uint8Array()),
  ruleId: 'all',
  name: 'All',
  target: { kind: 1, operatorIds: [], departmentId: '' },
  manner: 1,
  ...more,
});
