import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import { createGraphClient, type GraphClient } from '@switchboard/graph-api';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import {
  type Clock,
  createSimulator,
  demoNumber,
  manualClock,
  type Control,
  type SimulatorOptions,
} from '@switchboard/meta-simulator';
import { jwtSecret } from '@switchboard/testing';
import { createMetaTokens } from '../../src/adapters/grpc/meta-tokens.js';
import { createAccounts } from '../../src/adapters/kafka/accounts.js';
import { templateAggregate } from '../../src/adapters/kafka/template-aggregate.js';
import { createBudget } from '../../src/adapters/meta/budget.js';
import { createCallMeta } from '../../src/adapters/meta/calls.js';
import { createExamples } from '../../src/adapters/meta/examples.js';
import { createMetaTemplates } from '../../src/adapters/meta/templates.js';
import { onChange } from '../../src/entrypoints/kafka/changes.js';
import { createServing } from '../../src/serving.js';
import { memoryDirectory } from './directory.js';
import { startReceiver } from './webhooks.js';

const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

export type Client = GrpcClient<typeof TemplateServiceService>;
export const WABA = demoNumber.waba_id;

/** What answers in the place of Meta, or before it, for one call. */
type Intercept = { -readonly [Name in keyof GraphClient]?: GraphClient[Name] };

/** template in memory with a simulated Meta, served over real gRPC on loopback. Time moves when a test says so. */
export async function startWorld(options: SimulatorOptions & { callsPerHour?: number } = {}) {
  const clock: Clock = manualClock();
  const now = () => new Date(clock.now());
  const receiver = await startReceiver();
  const simulator = createSimulator({
    clock,
    ...options,
    limits: { template_review_ms: 60_000, ...options.limits },
    webhook: { url: receiver.url, app_secret: 'secret', verify_token: 'verify' },
  });
  const { url } = await simulator.start();
  const store = createMemoryStore();
  const templates = createAggregates({ definition: templateAggregate, store, publish: () => Promise.resolve() });
  const listeners: ((key: string, value: NumberState | undefined) => void)[] = [];
  const accounts = createAccounts({
    onChange(listener) {
      listeners.push(listener);
      return ignore;
    },
  });
  const real = createGraphClient({ baseUrl: url, version: 'v25.0', timeoutMs: 5_000 });
  const intercept: Intercept = {};
  const graph = new Proxy(real, {
    get: (target, name: keyof GraphClient) => intercept[name] ?? target[name],
  });
  const asked: string[] = [];
  const callMeta = createCallMeta({
    accounts,
    tokens: createMetaTokens({
      getMetaToken: ({ phoneNumberId = '' }) => {
        asked.push(phoneNumberId);
        return Promise.resolve({ metaToken: `token-${phoneNumberId}`, version: 1n });
      },
    }),
    budget: createBudget(options.callsPerHour ?? 100_000, clock.now),
  });
  const armed: { wabaId: string; version: number; due: Date }[] = [];
  const warnings: string[] = [];
  const { server, hearMeta, readHourly } = createServing({
    templates,
    accounts,
    directory: memoryDirectory(store),
    meta: createMetaTemplates(graph, callMeta),
    examples: createExamples(graph, callMeta, 'app'),
    arm: (wabaId, version, due) => {
      armed.push({ wabaId, version, due });
      return Promise.resolve();
    },
    now,
    pauseMs: 0,
    warn: (facts, message) => {
      warnings.push(`${message} ${JSON.stringify(facts)}`);
    },
  });
  const grpc = grpcServer({
    port: 0,
    services: [server],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await grpc.start();
  const clients: Client[] = [];
  const handler = onChange(hearMeta);

  const world = {
    get simulator(): Control {
      return simulator.control;
    },
    clock,
    now,
    store,
    templates,
    accounts,
    readHourly,
    armed,
    warnings,
    asked,
    intercept,
    real,
    /** account tells of a number. */
    number(phoneNumberId: string, organisationId: string, wabaId = WABA, more: Partial<NumberState> = {}): void {
      const value = {
        ...NumberState.decode(new Uint8Array()),
        phoneNumberId,
        organisationId,
        wabaId,
        version: 1n,
        sending: SendingState.SENDING_STATE_ALLOWED,
        ...more,
      };
      for (const listener of listeners) listener(phoneNumberId, value);
    },
    async client(organisationId?: string, scope = 'template.*', subject = 'ada'): Promise<Client> {
      const claims = { subject, scope, ttlSeconds: 600, ...(organisationId !== undefined && { organisationId }) };
      const client = grpcClient(TemplateServiceService, `127.0.0.1:${grpc.port()}`, {
        token: await signToken(jwtSecret, claims),
        deadlineMs: 20_000,
      });
      clients.push(client);
      return client;
    },
    /** Lets time pass at Meta and hears its webhooks; resolves to how each ended. */
    async pass(ms: number): Promise<string[]> {
      await clock.advance(ms);
      return world.hear();
    },
    async hear(changes = receiver.take()): Promise<string[]> {
      const ends: string[] = [];
      for (const bytes of changes) {
        const context = { eventId: 'e', topic: 't', partition: 0, offset: 0, key: WABA, time: now(), attempt: 1 };
        const outcome = await handler.run(bytes, { ...context, signal: new AbortController().signal });
        ends.push('reason' in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind);
      }
      return ends;
    },
    webhooks: receiver,
    async stop() {
      for (const client of clients) client.close();
      await readHourly.stop();
      await grpc.stop();
      await real.close();
      await simulator.stop();
      await receiver.stop();
    },
  };
  world.number(demoNumber.phone_number_id, 'acme');
  return world;
}

export type World = Awaited<ReturnType<typeof startWorld>>;
