import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { egressMessages, routingThreads } from '@switchboard/contracts/topics';
import {
  clientsOf,
  createDemo,
  demo,
  demoToken,
  type Infrastructure,
  type RunningStack,
  type ServiceName,
  type StackClients,
  startStack,
} from '@switchboard/stack';
import { eventually } from '@switchboard/testing';
import { Kafka, logLevel } from 'kafkajs';
import { createSimulatorClient, type SimulatorClient } from './simulator.js';

const root = resolve(__dirname, '../../..');

export interface SystemOptions {
  readonly instances?: Partial<Record<ServiceName, number>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What was published of one thread, looked at by its sequence. */
export interface ThreadLog {
  readonly sequences: number;
  /** Sequences that nobody published although a later one was. */
  readonly missing: number;
  /** Sequences that were published twice with different content. */
  readonly conflicts: number;
}

/** The whole, in processes of its own on servers of its own, for journeys. */
export interface System extends StackClients {
  readonly demo: typeof demo;
  readonly stack: RunningStack;
  readonly infrastructure: Infrastructure;
  readonly webhookUrls: readonly string[];
  readonly appSecret: string;
  readonly token: string;
  readonly simulator: SimulatorClient;
  readonly watch: StackClients['chats']['watchChats'] extends (request: infer R, options?: infer _) => infer S
    ? (request: R, signal: AbortSignal) => S
    : never;
  readonly unusedNumber: () => string;
  readonly connect: (number: string, to?: Place) => Promise<void>;
  /** A number that nobody else uses, of the demo brand where none is named. */
  readonly newNumber: (to?: Place) => Promise<string>;
  /** Resolves when routing and egress have nothing left to read. */
  readonly settled: () => Promise<void>;
  readonly kill: (name: string) => Promise<void>;
  readonly start: (name: string) => Promise<void>;
  readonly threadEvents: () => Promise<ReadonlyMap<string, ThreadLog>>;
  /** As they stand in the log: what was published twice is there twice. */
  readonly allThreadEvents: () => Promise<readonly ThreadEvent[]>;
  readonly messageEvents: () => Promise<readonly MessageEvent[]>;
  readonly stop: () => Promise<void>;
}

/** A brand of the demo organisation and one of its departments. */
export interface Place {
  readonly brandId: string;
  readonly departmentId: string;
}

export async function startSystem({ instances = {}, env = {} }: SystemOptions = {}): Promise<System> {
  const directory = mkdtempSync(join(tmpdir(), 'switchboard-e2e-'));
  const lines: string[] = [];
  const stack = await startStack({
    root,
    directory,
    own: true,
    instances,
    env: { GRAPH_TIMEOUT_MS: '5000', ...env },
    // Journeys are about us; Meta's limits have tests of their own.
    simulatorEnv: {
      LIMITS: JSON.stringify({ throughput: false, pair: false, window: 'off' }),
      FAULTS: JSON.stringify({ sent_delay_ms: [10, 40], delivered_delay_ms: [20, 80], read_delay_ms: [40, 120] }),
    },
    say: (line) => lines.push(line),
  });
  const stopAll = async (): Promise<void> => {
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    return await connected(stack, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function connected(stack: RunningStack, stopAll: () => Promise<void>): Promise<System> {
  const token = await demoToken(stack);
  const clients = clientsOf(stack, token);
  await createDemo(clients);
  const { infrastructure } = stack;
  const kafka = new Kafka({ brokers: [...infrastructure.brokers], logLevel: logLevel.NOTHING });
  let numbers = 0;

  const unusedNumber = (): string => `9${String(Date.now()).slice(-9)}${String((numbers += 1)).padStart(4, '0')}`;

  async function connect(number: string, { brandId, departmentId }: Place = demo): Promise<void> {
    const { wabaId } = demo;
    await clients.accounts.registerNumber({
      phoneNumberId: number,
      wabaId,
      portfolioId: '9001',
      displayPhoneNumber: '+1 555 014 0099',
      verifiedName: 'Demo',
      metaToken: 'demo-token',
    });
    await clients.accounts.connectNumber({ phoneNumberId: number, brandId, departmentId });
  }

  /** Until egress knows it too: then routing, which hears it in its own chain, is about to. */
  async function known(number: string): Promise<void> {
    await eventually(async () => {
      const content = { kind: { $case: 'text' as const, value: { body: 'may it go?' } } };
      const verdict = await clients.messages.check({ phoneNumberId: number, content });
      if (verdict.code === 'egress.number-not-connected' || verdict.code === 'egress.number-unknown')
        throw new Error(verdict.code);
    });
  }

  async function lag(group: string): Promise<number> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      const committed = await admin.fetchOffsets({ groupId: group });
      let behind = 0;
      for (const { topic, partitions } of committed) {
        const ends = await admin.fetchTopicOffsets(topic);
        for (const { partition, offset } of partitions) {
          const high = Number(ends.find((end) => end.partition === partition)?.high ?? 0);
          behind += Math.max(0, high - Math.max(0, Number(offset)));
        }
      }
      return behind;
    } finally {
      await admin.disconnect();
    }
  }

  async function readAll<T>(topic: string, decode: (bytes: Uint8Array) => T): Promise<T[]> {
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    const left = new Map(
      ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]),
    );
    const found: T[] = [];
    if (left.size === 0) return found;
    const consumer = kafka.consumer({ groupId: `reader-${Date.now()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((finish) => {
      void consumer.run({
        eachMessage: ({ partition, message }) => {
          if (message.value) found.push(decode(message.value));
          if (Number(message.offset) + 1 >= (left.get(partition) ?? Infinity)) left.delete(partition);
          if (left.size === 0) finish();
          return Promise.resolve();
        },
      });
    });
    await consumer.disconnect();
    return found;
  }

  await known(demo.phoneNumberId);
  return {
    ...clients,
    demo,
    stack,
    token,
    infrastructure,
    webhookUrls: stack.urls().webhooks,
    appSecret: stack.secrets.appSecret,
    simulator: createSimulatorClient(stack.urls().simulator),
    watch: (request, signal) => clients.chats.watchChats(request, { signal }),
    unusedNumber,
    connect,
    async newNumber(to) {
      const number = unusedNumber();
      await connect(number, to);
      await known(number);
      return number;
    },
    async settled() {
      await eventually(async () => {
        const behind = (await lag('routing')) + (await lag('egress'));
        if (behind > 0) throw new Error(`${behind} records are not committed yet`);
      });
    },
    kill: (name) => stack.supervisor.kill(name),
    start: (name) => stack.supervisor.start(name),
    async threadEvents() {
      const contents = new Map<string, Map<number, string>>();
      const conflicts = new Map<string, number>();
      for (const event of await readAll(routingThreads.name, (bytes) => ThreadEvent.decode(bytes))) {
        const { threadId } = event;
        const sequence = Number(event.sequence);
        const log = contents.get(threadId) ?? new Map<number, string>();
        contents.set(threadId, log);
        const content = Buffer.from(ThreadEvent.encode(event).finish()).toString('base64');
        if (log.has(sequence) && log.get(sequence) !== content)
          conflicts.set(threadId, (conflicts.get(threadId) ?? 0) + 1);
        log.set(sequence, content);
      }
      return new Map(
        [...contents].map(([threadId, log]): [string, ThreadLog] => {
          const last = Math.max(...log.keys());
          return [threadId, { sequences: last, missing: last - log.size, conflicts: conflicts.get(threadId) ?? 0 }];
        }),
      );
    },
    allThreadEvents: () => readAll(routingThreads.name, (bytes) => ThreadEvent.decode(bytes)),
    messageEvents: () => readAll(egressMessages.name, (bytes) => MessageEvent.decode(bytes)),
    async stop() {
      clients.close();
      await stopAll();
    },
  };
}
