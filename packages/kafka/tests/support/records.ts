import { connectKafka, createTail, type KafkaClient, type OutgoingRecord } from '../../src/index.js';

let names = 0;

/** A topic name nobody else has. */
export const freshName = (about: string): string => `${about}-${process.pid}-${(names += 1)}`;

export const client = (...brokers: string[]): KafkaClient => connectKafka({ brokers, clientId: 'test' });

export const record = (topic: string, key: string, value: string): OutgoingRecord => ({
  topic,
  key,
  value: Buffer.from(value),
  headers: { id: value },
});

/** Everything a topic has, per key in order. */
export async function readAll(from: KafkaClient, topic: string): Promise<Map<string, string[]>> {
  const log = new Map<string, string[]>();
  const tail = createTail(from, {
    topics: [{ name: topic, code: 'x', generation: 1 }],
    ringMs: 3_600_000,
    select({ key, value }) {
      const values = log.get(key ?? '') ?? [];
      log.set(key ?? '', [...values, Buffer.from(value ?? []).toString()]);
      return undefined;
    },
  });
  await tail.start();
  await tail.stop();
  return log;
}

/** The order in which values came first; a producer that was replaced may have said them twice. */
export const firsts = (values: readonly string[]): string[] => [...new Set(values)];

/**
 * As many calls, one every so often, each with how many were made before it. Timers of a busy process need not end in the
 * order of their times, so calls are counted as they are made.
 */
export async function evenly(count: number, everyMs: number, call: (before: number) => Promise<void>): Promise<void> {
  let called = 0;
  const calls = Array.from({ length: count }, async (_, index) => {
    await new Promise((later) => setTimeout(later, index * everyMs));
    called += 1;
    await call(called - 1);
  });
  await Promise.all(calls);
}
