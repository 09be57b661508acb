import { dirname, join } from 'node:path';
import { SendingState } from '@switchboard/contracts/account/v1/events';
import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { MediaServiceService } from '@switchboard/contracts/egress/v1/media_service';
import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import { type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { NumberState as PayerState } from '@switchboard/contracts/billing/v1/events';
import { accountNumbers, billingNumbers, egressMessages, routingThreads, topics } from '@switchboard/contracts/topics';
import { type GrpcClient, grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createProducer, createTail, ensureTopics, eventRecord, topicSpec } from '@switchboard/kafka';
import { createSimulator, type Simulator } from '@switchboard/meta-simulator';
import { connectMongo, type MongoComponent } from '@switchboard/mongo';
import { jwtSecret, PARTITIONS, servers, type ServiceProcess, serviceProcesses } from '@switchboard/testing';
import { startNeighbours, startStatusBridge } from './neighbours.js';

const main = join(dirname(require.resolve('@switchboard/egress/main')), 'main.js');

export interface Installation {
  readonly number: string;
  readonly simulator: Simulator;
  readonly bridge: Awaited<ReturnType<typeof startStatusBridge>>;
  readonly neighbours: Awaited<ReturnType<typeof startNeighbours>>;
  readonly connection: MongoComponent['connection'];
  /** One more process; resolves when it is ready. */
  readonly startProcess: () => Promise<ServiceProcess>;
  /** What was said on egress.messages of a message, in order. */
  readonly said: (messageId: string) => MessageEvent[];
  /** Account tells of a change of the number. */
  readonly changeNumber: (version: bigint) => Promise<void>;
  /** billing tells who pays for the number. */
  readonly tellPayer: (payer: Partial<PayerState>) => Promise<void>;
  /** Publishes events of threads. */
  readonly queue: (events: readonly ThreadEvent[]) => Promise<void>;
  /** A client of the process that was started last. */
  readonly client: (scope?: string, organisationId?: string) => Promise<GrpcClient<typeof MessageServiceService>>;
  /** The same for files. */
  readonly files: () => Promise<GrpcClient<typeof MediaServiceService>>;
  /** Meta does not have a file any more. */
  readonly forgetAtMeta: (mediaId: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Processes of egress on real Kafka and MongoDB, with the simulator as Meta; statuses come back by webhook. */
export async function startInstallation(
  name: string,
  { graphTimeoutMs, billing = '' }: { graphTimeoutMs: number; billing?: string },
): Promise<Installation> {
  const number = `${Date.now()}${process.pid}`;
  const kafka = connectKafka({ brokers: servers.brokers.split(','), clientId: 'egress-test' });
  await ensureTopics(
    kafka,
    topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
  );
  const producer = createProducer(kafka, { patience: 'retry' });
  const tail = createTail(kafka, {
    topics: [egressMessages],
    select: ({ key, value, headers }) =>
      key === number && value ? { event: MessageEvent.decode(value), id: headers['id'] ?? '' } : undefined,
  });
  const database = `egress-${name}-${process.pid}`;
  const mongo = connectMongo(servers.mongoUrl, { database });
  await Promise.all([producer.start(), tail.start(), mongo.start()]);
  const neighbours = await startNeighbours(jwtSecret);
  const bridge = await startStatusBridge(producer);
  const simulator: Simulator = createSimulator({
    numbers: [{ phone_number_id: number, waba_id: '1', display_phone_number: '15550140077' }],
    webhook: { url: bridge.url, app_secret: 's', verify_token: '' },
    faults: { sent_delay_ms: [10, 40], delivered_delay_ms: [50, 100], read_delay_ms: [110, 150] },
  });
  const { url } = await simulator.start();

  const said = new Map<string, MessageEvent>();
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal })) {
      if (each.kind === 'item') said.set(each.item.id, each.item.event);
    }
  })();

  const processes = serviceProcesses('egress', {
    main,
    database,
    env: {
      GRAPH_URL: url,
      GRAPH_TIMEOUT_MS: String(graphTimeoutMs),
      ROUTING_GRPC: neighbours.address,
      ACCOUNT_GRPC: neighbours.address,
      BILLING_GRPC: billing,
    },
  });
  let last = '';

  async function startProcess(): Promise<ServiceProcess> {
    const started = await processes.start();
    last = started.grpc;
    return started;
  }

  const changeNumber = (version: bigint): Promise<void> =>
    producer.send([
      eventRecord(
        accountNumbers,
        {
          phoneNumberId: number,
          version,
          wabaId: '1',
          portfolioId: '1',
          displayPhoneNumber: '15550140077',
          verifiedName: 'Demo',
          connection: 1,
          organisationId: 'acme',
          brandId: 'brand',
          departmentId: 'sales',
          sending: SendingState.SENDING_STATE_ALLOWED,
          stop: undefined,
          changedAt: new Date(),
        },
        { key: number, id: `${number}:${version}`, time: new Date() },
      ),
    ]);
  await changeNumber(1n);

  return {
    number,
    simulator,
    bridge,
    neighbours,
    startProcess,
    changeNumber,
    tellPayer: (payer) => {
      const value = { ...PayerState.decode(new Uint8Array()), phoneNumberId: number, organisationId: 'acme', ...payer };
      return producer.send([
        eventRecord(billingNumbers, value, { key: number, id: `${number}:${value.revision}`, time: new Date() }),
      ]);
    },
    connection: mongo.connection,
    said: (messageId: string): MessageEvent[] =>
      [...said.values()]
        .filter((event) => event.messageId === messageId)
        .sort((a, b) => Number(a.sequence - b.sequence)),
    queue: (events: readonly ThreadEvent[]) =>
      producer.send(
        events.map((event) =>
          eventRecord(routingThreads, event, {
            key: event.phoneNumberId,
            id: `${event.threadId}:${event.sequence}`,
            time: new Date(),
            org: event.organisationId,
          }),
        ),
      ),
    async client(scope = 'egress.*', organisationId?: string) {
      const token = await signToken(jwtSecret, {
        subject: 'test',
        scope,
        ttlSeconds: 600,
        ...(organisationId !== undefined && { organisationId }),
      });
      return grpcClient(MessageServiceService, last, { token });
    },
    async files() {
      const scope = 'egress.media:read egress.media:write';
      const token = await signToken(jwtSecret, { subject: 'test', scope, ttlSeconds: 600 });
      return grpcClient(MediaServiceService, last, { token });
    },
    async forgetAtMeta(mediaId) {
      const headers = { authorization: 'Bearer any' };
      const response = await fetch(`${url}/v25.0/${mediaId}`, { method: 'DELETE', headers });
      if (!response.ok) throw new Error(`Meta answers ${response.status}: ${await response.text()}`);
    },
    async stop(): Promise<void> {
      await processes.stop();
      reading.abort();
      await read;
      await simulator.stop();
      await bridge.stop();
      await neighbours.stop();
      await Promise.all([tail.stop(), producer.stop()]);
      await mongo.connection.dropDatabase();
      await mongo.stop();
    },
  };
}
