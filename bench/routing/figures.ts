import { join } from 'node:path';
import { routingThreads, topics } from '@switchboard/contracts/topics';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { createConnection } from 'mongoose';
import { type Figure, interleaved, median, percentile, startSubject, type Subject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';
import { latencies } from './latency.ts';
import { counted, lay, pass, type Pass, until } from './runner.ts';
import { createMessages, numbers, numberStates } from './world.ts';

const ROUNDS = 5;
const CUSTOMERS = 20_016;
const NAIVE_MESSAGES = 400;
const script = (name: string): string => join(import.meta.dirname, `${name}.ts`);

const baselineIn = { name: 'bench.messages', retentionMs: -1 };
const baselineOut = { name: 'bench.threads', retentionMs: -1 };
const naiveIn = { name: 'bench.naive', retentionMs: -1 };

/** R0 … R3: one subject at a time on core 0, MongoDB, Kafka and this process on the other. */
export const routingFigures = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl, pids }) => {
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    const layout = { partitions: PARTITIONS, replication: 1 };
    const all = [...topics, baselineIn, baselineOut, naiveIn];
    await ensureTopics(
      kafka,
      all.map((topic) => topicSpec(topic, layout)),
    );
    const producer = createProducer(kafka, { patience: 'retry' });
    await producer.start();
    const connection = createConnection(mongoUrl);
    await connection.asPromise();
    const naiveMessages = connection.useDb('bench-naive').collection('naive_messages');
    const stored = connection.useDb('bench-routing').collection('numbers');

    const subjects: Subject[] = [];
    const start = async (name: string, ...more: string[]): Promise<Subject> => {
      const subject = await startSubject(script(name), [brokers.join(','), mongoUrl, ...more]);
      subjects.push(subject);
      return subject;
    };
    try {
      const service = await start('service', 'bench-routing');
      const baseline = await start('baseline', 'bench-baseline', baselineIn.name, baselineOut.name);
      const naive = await start('naive', 'bench-naive', naiveIn.name);
      await lay(producer, numberStates());
      await until(async () => (await stored.countDocuments()) === numbers.length);

      const [ours, theirs, simple] = [createMessages(CUSTOMERS), createMessages(CUSTOMERS), createMessages(CUSTOMERS)];
      const passes: Pass[] = [];
      const baselinePasses: Pass[] = [];
      // The first pass meets nobody it knows: a chat is opened and told of beside each message.
      const told = (before: readonly Pass[]): number => CUSTOMERS * (before.length === 0 ? 2 : 1);
      const medians = await interleaved(ROUNDS, {
        routing: async () => {
          const job = {
            subject: service,
            mongod: pids['mongodb'],
            records: ours(CUSTOMERS),
            count: counted(kafka, routingThreads.name),
            expected: told(passes),
          };
          passes.push(await pass(producer, job));
          return passes.at(-1)?.perSecond ?? NaN;
        },
        'straight-line': async () => {
          const job = {
            subject: baseline,
            mongod: pids['mongodb'],
            records: theirs(CUSTOMERS, baselineIn.name),
            count: counted(kafka, baselineOut.name),
            expected: told(baselinePasses),
          };
          baselinePasses.push(await pass(producer, job));
          return baselinePasses.at(-1)?.perSecond ?? NaN;
        },
        'one by one': async () => {
          const job = {
            subject: naive,
            mongod: undefined,
            records: simple(NAIVE_MESSAGES, naiveIn.name),
            count: () => naiveMessages.estimatedDocumentCount(),
            expected: NAIVE_MESSAGES,
          };
          return (await pass(producer, job)).perSecond;
        },
      });
      const took = await latencies(kafka, producer, (count) => ours(count));
      return figuresOf(medians, passes.slice(1), baselinePasses.slice(1), took);
    } finally {
      for (const subject of subjects) await subject.stop();
      await producer.stop();
      await connection.close();
    }
  });

function figuresOf(
  { routing = NaN, 'straight-line': straight = NaN, 'one by one': single = NaN }: Record<string, number>,
  passes: readonly Pass[],
  baseline: readonly Pass[],
  took: readonly number[],
): Figure[] {
  const node = (of: readonly Pass[]): number => median(of.map(({ nodeMicros }) => nodeMicros));
  const mongod = (of: readonly Pass[]): number => median(of.map(({ mongodMicros }) => mongodMicros));
  const per = (rate: number): string => `${rate.toFixed(0)}/s`;
  const straightCosts = (micros: number): string => `straight-line ${micros.toFixed(0)} µs`;
  const cost = { unit: 'µs', isCost: true } as const;
  const delay = { unit: 'ms', isCost: true, detail: `${took.length} messages at 300/s` } as const;
  return [
    {
      id: 'R1',
      what: 'routing to straight-line code with the same effects',
      value: routing / straight,
      unit: '×',
      floor: 0.8,
      goal: 0.95,
      detail: `${per(routing)} to ${per(straight)}`,
    },
    {
      id: 'R2',
      what: 'routing to `updateOne` + `insertOne` each',
      value: routing / single,
      unit: '×',
      floor: 8,
      goal: 20,
      detail: `${per(routing)} to ${per(single)}, which publishes nothing`,
    },
    {
      id: 'R0',
      what: 'CPU per event: node',
      value: node(passes),
      floor: 90,
      goal: 60,
      ...cost,
      detail: straightCosts(node(baseline)),
    },
    {
      id: 'R0',
      what: 'CPU per event: mongod',
      value: mongod(passes),
      floor: 100,
      goal: 70,
      ...cost,
      detail: straightCosts(mongod(baseline)),
    },
    {
      id: 'R3',
      what: 'append to end of second consumer: p50',
      value: percentile(took, 50),
      floor: 15,
      goal: 8,
      ...delay,
    },
    {
      id: 'R3',
      what: 'append to end of second consumer: p99',
      value: percentile(took, 99),
      floor: 50,
      goal: 25,
      ...delay,
    },
  ];
}
