import { join } from 'node:path';
import { egressMessages, topics } from '@switchboard/contracts/topics';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { type Figure, interleaved, startSubject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';
import { counted, lay, pass, until } from '../routing/runner.ts';
import { numberStates } from '../routing/world.ts';
import { startNeighbours } from './neighbours.ts';
import { paceFigures } from './pace.ts';
import { createReplies, queued, statusesOf } from './world.ts';

const ROUNDS = 5;
/** Fewer than the owner keeps in memory. */
const MESSAGES = 4_008;

/** R4 and E1. */
export const egressFigures = async (): Promise<Figure[]> => [...(await statusFigures()), ...(await paceFigures())];

/** R4: egress on core 0, MongoDB, Kafka and this process on the other. Each round has messages of its own. */
const statusFigures = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl, pids }) => {
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    await ensureTopics(
      kafka,
      topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
    );
    const producer = createProducer(kafka, { patience: 'retry' });
    await producer.start();
    await lay(producer, numberStates());
    const neighbours = await startNeighbours();
    const script = join(import.meta.dirname, 'service.ts');
    const { meta, services } = neighbours;
    const subject = await startSubject(script, [brokers.join(','), mongoUrl, 'bench-egress', meta, services]);
    const count = counted(kafka, egressMessages.name);
    const replies = createReplies();
    const perSecond: number[] = [];
    try {
      const { egress = NaN } = await interleaved(ROUNDS, {
        egress: async () => {
          const sent = replies(MESSAGES);
          const before = await count();
          await lay(producer, sent.map(queued));
          // Each is accepted and sent.
          await until(async () => (await count()) - before >= 2 * MESSAGES);
          const records = statusesOf(sent);
          const job = { subject, mongod: pids['mongodb'], records, count, expected: records.length };
          const done = await pass(producer, job);
          perSecond.push(done.perSecond);
          return done.nodeMicros;
        },
      });
      return [
        {
          id: 'R4',
          what: 'CPU per status in egress, message in the owner’s cache: node',
          value: egress,
          unit: 'µs',
          floor: 60,
          goal: 35,
          isCost: true,
          detail: `${Math.min(...perSecond.slice(1)).toFixed(0)}/s and more`,
        },
      ];
    } finally {
      await subject.stop();
      await neighbours.stop();
      await producer.stop();
    }
  });
