import { routingThreads, sourceCode } from '@switchboard/contracts/topics';
import { createConsumer, type KafkaClient, type OutgoingRecord, type Producer } from '@switchboard/kafka';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { counted, until } from './runner.ts';

const PER_SECOND = 300;
const WARM_SECONDS = 5;
const SECONDS = 20;
const TICK_MS = 10;

/** Milliseconds from the append of a message to the end of a second consumer, at a steady pace. */
export async function latencies(
  kafka: KafkaClient,
  producer: Producer,
  messages: (count: number) => OutgoingRecord[],
): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  let seen = 0;
  const source = { topic: routingThreads.name, code: sourceCode(routingThreads) };
  const consumer = createConsumer(kafka, {
    group: 'second',
    instance: 'second-0',
    topics: [source],
    handle: ({ records }) => {
      seen += records.length;
      for (const { value } of records) {
        const { event } = value ? ThreadEvent.decode(value) : {};
        if (event?.$case !== 'messageAppended') continue;
        const began = sentAt.get(event.value.whatsappMessageId);
        if (began !== undefined) took.push(performance.now() - began);
      }
      return Promise.resolve({ done: Promise.resolve() });
    },
  });
  const told = await counted(kafka, routingThreads.name)();
  await consumer.start();
  try {
    // It begins with all that was told before; only then does it wait for what is new.
    await until(() => Promise.resolve(seen >= told));
    const all = messages(PER_SECOND * (WARM_SECONDS + SECONDS));
    const began = performance.now();
    const sends: Promise<void>[] = [];
    for (let next = 0; next < all.length;) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      // Open loop: what is due goes, whether or not what went before has arrived.
      const due = Math.min(all.length, Math.floor(((performance.now() - began) / 1000) * PER_SECOND));
      for (; next < due; next += 1) {
        const record = all[next];
        if (!record) continue;
        sentAt.set(wamidOf(record), performance.now());
        sends.push(producer.send([record]));
      }
    }
    await Promise.all(sends);
    await until(() => Promise.resolve(took.length >= all.length));
  } finally {
    await consumer.stop();
  }
  // Told in order of arrival, which is near enough to that of sending.
  return took.slice(PER_SECOND * WARM_SECONDS);
}

/** The event id of a message is its kind and its wamid. */
const wamidOf = ({ headers }: OutgoingRecord): string => /wamid\.[A-Za-z0-9]+/.exec(headers?.['id'] ?? '')?.[0] ?? '';
