import { dirname, join } from 'node:path';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { TemplateState } from '@switchboard/contracts/template/v1/events';
import { TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import {
  accountNumbers,
  setAsideTopic,
  templateTemplates,
  timerFired,
  topics,
  whatsappChanges,
} from '@switchboard/contracts/topics';
import { grpcClient, grpcServer, localTokens, type ServedService, signToken, unary } from '@switchboard/grpc';
import { connectKafka, createProducer, createTail, ensureTopics, eventRecord, topicSpec } from '@switchboard/kafka';
import { connectMongo } from '@switchboard/mongo';
import { jwtSecret, PARTITIONS, servers, serviceProcesses } from '@switchboard/testing';

const main = join(dirname(require.resolve('@switchboard/template/main')), 'main.js');
const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

/** account, of which template asks for tokens alone. */
async function startAccount() {
  const unused = unary(() => Promise.reject(new Error('not part of this test')));
  const implementation = {
    ...Object.fromEntries(Object.keys(AccountServiceService).map((name) => [name, unused])),
    getMetaToken: unary(() => Promise.resolve({ metaToken: 'token', version: 1n })),
  };
  const service = {
    definition: AccountServiceService,
    implementation,
    scopes: Object.fromEntries(Object.keys(AccountServiceService).map((name) => [name, 'account.tokens:read'])),
  } as unknown as ServedService;
  const server = grpcServer({
    port: 0,
    services: [service],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  return server;
}

/** Processes of template on real Kafka and MongoDB, and what they tell. */
export async function startInstallation(name: string, graphUrl: string) {
  const database = `template-${name}-${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'template-test' });
  await ensureTopics(
    kafka,
    [...topics, setAsideTopic('template')].map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
  );
  const producer = createProducer(kafka, { patience: 'retry' });
  const mongo = connectMongo(servers.mongoUrl, { database });
  const aside = setAsideTopic('template').name;
  const tail = createTail(kafka, {
    topics: [templateTemplates, { name: aside, code: 'x', generation: 1 }],
    select: ({ key, value, headers }, topic) => (key !== null && value ? { key, value, topic, headers } : undefined),
  });
  const account = await startAccount();
  await Promise.all([producer.start(), mongo.start(), tail.start()]);
  const told = new Map<string, TemplateState[]>();
  const setAside: string[] = [];
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal })) {
      if (each.kind !== 'item') continue;
      const { key, value, topic, headers } = each.item;
      if (topic === aside) setAside.push(headers['set-aside-reason'] ?? '');
      else told.set(key, [...(told.get(key) ?? []), TemplateState.decode(value)]);
    }
  })();

  const processes = serviceProcesses('template', {
    main,
    database,
    env: { ACCOUNT_GRPC: `127.0.0.1:${account.port()}`, GRAPH_URL: graphUrl, READING_PAUSE_MS: '0' },
  });
  const now = (id: string, key: string) => ({ id, key, time: new Date() });

  async function startProcess() {
    const { grpc, ended, kill, stop } = await processes.start();
    const claims = { subject: 'ada', scope: 'template.*', organisationId: 'acme' };
    const token = await signToken(jwtSecret, { ...claims, ttlSeconds: 600 });
    const client = grpcClient(TemplateServiceService, grpc, { token, deadlineMs: 60_000 });
    void ended.then(client.close);
    return { client, stop, kill };
  }

  return {
    startProcess,
    told: (templateId: string): readonly TemplateState[] => told.get(templateId) ?? [],
    setAside,
    /** account tells of a number of acme in an account. */
    number: (wabaId: string) => {
      const phoneNumberId = `${wabaId}1`;
      const value = {
        ...NumberState.decode(new Uint8Array()),
        ...{ phoneNumberId, wabaId, organisationId: 'acme', version: 1n },
        sending: SendingState.SENDING_STATE_ALLOWED,
      };
      return producer.send([eventRecord(accountNumbers, value, now(`${phoneNumberId}:1`, phoneNumberId))]);
    },
    /** As ingress tells what Meta has posted. */
    tell: (wabaId: string, changes: readonly Uint8Array[]) => {
      const records = changes.map((bytes) => whatsappChanges.decode(bytes));
      return producer.send(
        records.map((value, index) => eventRecord(whatsappChanges, value, now(`c${index}`, wabaId))),
      );
    },
    /** As timer says it. */
    fire: (wabaId: string) => {
      const about = { owner: 'template', timerKey: `reading:${wabaId}`, version: 1n };
      const value = { ...about, dueAt: new Date(), payload: Buffer.alloc(0) };
      return producer.send([eventRecord(timerFired('template'), value, now(`reading:${wabaId}:1`, wabaId))]);
    },
    async stop(): Promise<void> {
      await processes.stop();
      reading.abort();
      await read;
      await tail.stop();
      await producer.stop();
      await account.stop();
      await mongo.connection.dropDatabase();
      await mongo.stop();
    },
  };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;
export type TemplateProcess = Awaited<ReturnType<Installation['startProcess']>>;
