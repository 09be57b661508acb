/**
 * A member of a group in a process of its own, so that it can be killed. Tells its parent what it is given and reads.
 * Run from `dist`: `node member.ts <broker> <group> <instance> <topic> …`
 */
import { connectKafka, createConsumer } from '@switchboard/kafka';

const [address = '', group = '', instance = '', ...topics] = process.argv.slice(2);
const tell = (message: MemberMessage) => process.send?.(message);
/** Partition numbers a chunk of which is being handled. */
const busy = new Map<number, string>();

export type MemberMessage =
  | { readonly kind: 'assigned' | 'revoked'; readonly partition: number }
  | { readonly kind: 'read'; readonly values: readonly string[]; readonly topic: string; readonly partition: number }
  | { readonly kind: 'overlap'; readonly partition: number }
  | { readonly kind: 'stopped' };

const consumer = createConsumer(connectKafka({ brokers: [address], clientId: instance }), {
  group,
  instance,
  topics: topics.map((topic, index) => ({ topic, code: `t${index}` })),
  sessionTimeoutMs: 6_000,
  onAssigned: (partition) => void tell({ kind: 'assigned', partition }),
  onRevoked: (partition) => void tell({ kind: 'revoked', partition }),
  async handle({ topic, partition, records }) {
    if (busy.has(partition)) tell({ kind: 'overlap', partition });
    busy.set(partition, topic);
    await new Promise((later) => setTimeout(later, 3));
    busy.delete(partition);
    tell({ kind: 'read', topic, partition, values: records.map(({ value }) => Buffer.from(value ?? []).toString()) });
    return { done: Promise.resolve() };
  },
});

process.on('SIGTERM', () => {
  void consumer.stop().then(() => {
    tell({ kind: 'stopped' });
    process.disconnect();
  });
});
await consumer.start();
