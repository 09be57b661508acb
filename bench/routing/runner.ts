import { type KafkaClient, type OutgoingRecord, type Producer, topicEnds } from '@switchboard/kafka';
import { cpuMs, type Subject } from '../harness.ts';

const LOOK_EVERY_MS = 25;
const PATIENCE_MS = 180_000;
const PER_SEND = 500;

export interface Pass {
  readonly perSecond: number;
  /** CPU of the subject and of mongod, in microseconds per message. */
  readonly nodeMicros: number;
  readonly mongodMicros: number;
}

export interface Job {
  readonly subject: Subject;
  readonly mongod: number | undefined;
  readonly records: readonly OutgoingRecord[];
  /** How much the subject has done until now, in messages or in what it tells of them. */
  readonly count: () => Promise<number>;
  /** How much more that is when it has done all. */
  readonly expected: number;
}

/**
 * Lays the messages down while the subject is held, lets it go, and takes the time until all is done. The subject has
 * seconds at most to be held before its group gives it up, so all of it is made before.
 */
export async function pass(producer: Producer, { subject, mongod, records, count, expected }: Job): Promise<Pass> {
  const before = await count();
  process.kill(subject.pid, 'SIGSTOP');
  try {
    await lay(producer, records);
  } finally {
    process.kill(subject.pid, 'SIGCONT');
  }
  const [began, node, db] = [performance.now(), subject.cpuMs(), mongod ? cpuMs(mongod) : 0];
  await until(async () => (await count()) - before >= expected);
  const seconds = (performance.now() - began) / 1000;
  return {
    perSecond: records.length / seconds,
    nodeMicros: ((subject.cpuMs() - node) * 1000) / records.length,
    mongodMicros: mongod ? ((cpuMs(mongod) - db) * 1000) / records.length : NaN,
  };
}

/** A few sends at a time, so that a slow machine does not find the queue too old. */
export async function lay(producer: Producer, records: readonly OutgoingRecord[]): Promise<void> {
  for (let start = 0; start < records.length; start += PER_SEND) {
    await producer.send(records.slice(start, start + PER_SEND));
  }
}

/** How many records a topic has had. */
export const counted = (kafka: KafkaClient, topic: string) => async (): Promise<number> =>
  (await topicEnds(kafka, topic)).reduce((sum, { end }) => sum + end, 0);

export async function until(isSo: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('a subject did not finish its messages');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
