import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { timerFired, topics } from '@switchboard/contracts/topics';
import { connectKafka, createProducer, ensureTopics, topicSpec } from '@switchboard/kafka';
import { createConnection } from 'mongoose';
import { type Figure, startSubject, type Subject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';
import { lateness } from './lateness.ts';
import { startReceiver } from './receiver.ts';
import { baselineTopic, resets } from './resets.ts';
import { idOf, OWNER } from './world.ts';

const script = (name: string): string => join(import.meta.dirname, `${name}.ts`);

/** T1 … T6: timer on core 0, MongoDB, Kafka and this process on the other. */
export const timerFigures = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl, pids }) => {
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    await ensureTopics(
      kafka,
      [...topics, baselineTopic, timerFired(OWNER)].map((topic) =>
        topicSpec(topic, { partitions: PARTITIONS, replication: 1 }),
      ),
    );
    const producer = createProducer(kafka, { patience: 'retry' });
    await producer.start();
    const connection = createConnection(mongoUrl);
    await connection.asPromise();
    const start = (name: string, ...more: string[]): Promise<Subject> =>
      startSubject(script(name), [brokers.join(','), mongoUrl, ...more]);
    const receiver = await startReceiver(kafka);
    try {
      return [
        ...(await resets({ start, producer, connection, mongod: pids['mongodb'] })),
        await memory(),
        ...(await lateness({ start, producer, connection, heard: receiver.heard })),
      ];
    } finally {
      await receiver.stop();
      await producer.stop();
      await connection.close();
    }
  });

/** T4. */
function memory(): Promise<Figure> {
  const measured = [1_000_000, 5_000_000].map((count) => {
    const { stdout } = spawnSync(process.execPath, [
      '--expose-gc',
      '--max-old-space-size=3000',
      script('memory'),
      String(count),
    ]);
    return (JSON.parse(String(stdout)) as { bytes: number }).bytes;
  });
  const [million = NaN, five = NaN] = measured;
  const detail = `with its id of ${idOf(0).length} characters; of five million ${five.toFixed(0)}`;
  return Promise.resolve({
    id: 'T4',
    what: 'bytes per loaded timer, of a million',
    value: million,
    unit: '',
    floor: 150,
    goal: 120,
    isCost: true,
    detail,
  });
}
