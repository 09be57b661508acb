import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { committed, createProducer, ensureTopics, type KafkaClient, type Producer, topicEnds } from '../src/index.js';
import { type Broker, createBroker } from './support/broker.js';
import { eventually } from './support/eventually.js';
import { type MemberMessage } from './support/member.js';
import { client, freshName, record } from './support/records.js';

jest.setTimeout(240_000);

const PARTITIONS = 12;

let broker: Broker;
let kafka: KafkaClient;
let producer: Producer;

beforeAll(async () => {
  broker = await createBroker();
  await broker.start();
  kafka = client(broker.address);
  producer = createProducer(kafka);
  await producer.start();
});
afterAll(async () => {
  await producer.stop();
  await broker.stop();
});

describe('when members join, leave, restart and are killed under traffic', () => {
  it('reads partition p of all topics in one member, moves only what it must, and loses nothing', async () => {
    const topics = [freshName('m'), freshName('s'), freshName('c')];
    await ensureTopics(
      kafka,
      topics.map((name) => ({ name, partitions: PARTITIONS })),
    );
    const group = createGroup(topics);
    const traffic = createTraffic(topics);

    group.join('a');
    await group.balanced({ a: 12 });
    group.join('b');
    await group.balanced({ a: 6, b: 6 });
    const before = group.partitions();

    group.join('c');
    await group.balanced({ a: 4, b: 4, c: 4 });
    for (const name of ['a', 'b']) expect(before[name]).toEqual(expect.arrayContaining(group.partitions()[name] ?? []));

    const own = group.partitions();
    await group.leave('b');
    await group.balanced({ a: 6, c: 6 });
    for (const name of ['a', 'c']) expect(group.partitions()[name]).toEqual(expect.arrayContaining(own[name] ?? []));
    group.join('b');
    await group.balanced({ a: 4, b: 4, c: 4 });
    expect(group.partitions()).toEqual(own);

    // The member that leads the group too: what it knew, the others know.
    await group.leave('a');
    group.join('a');
    await group.balanced({ a: 4, b: 4, c: 4 });
    expect(group.partitions()).toEqual(own);

    await group.kill('c');
    await group.balanced({ a: 6, b: 6 });
    for (const name of ['a', 'b']) expect(group.partitions()[name]).toEqual(expect.arrayContaining(own[name] ?? []));

    const sent = await traffic.stop();
    await eventually(() => {
      expect(sent.filter((value) => !group.read().has(value))).toEqual([]);
    });
    await group.leave('a');
    await group.leave('b');

    expect(group.overlaps()).toBe(0);
    expect(group.strangers()).toEqual([]);
    const offsets = await committed(kafka, group.name, topics);
    for (const topic of topics) {
      const ends = await topicEnds(kafka, topic);
      expect([...(offsets.get(topic) ?? [])]).toEqual(ends.map(({ partition, end }) => [partition, end]));
    }
  });
});

function createGroup(topics: readonly string[]) {
  const name = freshName('g');
  const members = new Map<string, { process: ChildProcess; partitions: Set<number> }>();
  const read = new Set<string>();
  const strangers: string[] = [];
  let overlaps = 0;

  return {
    name,
    join(instance: string) {
      const process = fork(join('packages/kafka/tests/support/member.ts'), [broker.address, name, instance, ...topics]);
      const member = { process, partitions: new Set<number>() };
      members.set(instance, member);
      process.on('message', (message: MemberMessage) => {
        if (message.kind === 'assigned') member.partitions.add(message.partition);
        if (message.kind === 'revoked') member.partitions.delete(message.partition);
        if (message.kind === 'overlap') overlaps += 1;
        if (message.kind !== 'read') return;
        for (const value of message.values) read.add(value);
        if (!member.partitions.has(message.partition))
          strangers.push(`${instance} ${message.topic}/${message.partition}`);
      });
    },
    async leave(instance: string) {
      const exited = once(members.get(instance)!.process, 'exit');
      members.get(instance)!.process.kill('SIGTERM');
      await exited;
      members.delete(instance);
    },
    async kill(instance: string) {
      const exited = once(members.get(instance)!.process, 'exit');
      members.get(instance)!.process.kill('SIGKILL');
      await exited;
      members.delete(instance);
    },
    balanced: (counts: Record<string, number>) =>
      eventually(() => {
        expect(Object.fromEntries([...members].map(([each, { partitions }]) => [each, partitions.size]))).toEqual(
          counts,
        );
        const all = [...members.values()].flatMap(({ partitions }) => [...partitions]);
        expect(new Set(all).size).toBe(PARTITIONS);
      }),
    partitions: (): Record<string, number[]> =>
      Object.fromEntries(
        [...members].sort().map(([each, { partitions }]) => [each, [...partitions].sort((a, b) => a - b)]),
      ),
    read: () => read,
    overlaps: () => overlaps,
    strangers: () => strangers,
  };
}

/** A trickle into all partitions of all topics. */
function createTraffic(topics: readonly string[]) {
  const sent: string[] = [];
  const over = new AbortController();
  const flow = (async () => {
    for (let index = 0; !over.signal.aborted; index += 1) {
      const values = topics.flatMap((topic) =>
        Array.from({ length: 4 }, (_, key) => ({ topic, key: `${index + key}`, value: `${topic}:${index}:${key}` })),
      );
      await producer.send(values.map(({ topic, key, value }) => record(topic, key, value)));
      sent.push(...values.map(({ value }) => value));
      await new Promise((later) => setTimeout(later, 20));
    }
  })();
  return {
    async stop() {
      over.abort();
      await flow;
      return sent;
    },
  };
}
