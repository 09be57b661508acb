import { type Component } from '@switchboard/service-kit';
import { Kafka, logLevel } from 'kafkajs';
import {
  createProducer,
  createTable,
  createTail,
  ensureTopics,
  type KafkaClient,
  type Producer,
  type Tail,
  type TailEvent,
  type TailOptions,
  topicEnds,
} from '../src/index.js';
import { type Broker, createBroker } from './support/broker.js';
import { eventually } from './support/eventually.js';
import { client, freshName, readAll, record } from './support/records.js';

jest.setTimeout(120_000);

let broker: Broker;
let kafka: KafkaClient;
let producer: Producer;
const parts: Component[] = [];

beforeAll(async () => {
  broker = await createBroker();
  await broker.start();
  kafka = client(broker.address);
  producer = createProducer(kafka, { patience: 'retry', sendTimeoutMs: 3_000 });
  await producer.start();
});
afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop()));
});
afterAll(async () => {
  await producer.stop();
  await broker.stop();
});

describe('a table', () => {
  it('is whole when it has started, with the highest version of each key', async () => {
    const topic = await topicOf(3, compacted);
    await publish(topic, ['a', '1 old'], ['a', '3 newest'], ['a', '2 late'], ['b', '1 b']);

    const table = tableOf(topic);
    await table.start();

    expect(table.get('a')).toEqual({ version: 3, text: 'newest' });
    expect([...table.values()].map(({ text }) => text).sort()).toEqual(['b', 'newest']);
  });

  it('follows what is said later, also after the broker was killed', async () => {
    const topic = await topicOf(3, compacted);
    const changes: (string | undefined)[] = [];
    const table = tableOf(topic);
    await table.start();
    table.onChange((_, value) => changes.push(value?.text));

    await publish(topic, ['a', '1 first']);
    await eventually(() => {
      expect(table.size()).toBe(1);
    });
    await broker.kill();
    await broker.start();
    await publish(topic, ['a', '2 second'], ['b', '1 b']);

    await eventually(() => {
      expect(table.get('a')?.text).toBe('second');
    });
    await eventually(() => {
      expect([...changes].sort()).toEqual(['b', 'first', 'second']);
    });
  });

  it('forgets a key that was deleted, and leaves out what it cannot read', async () => {
    const topic = await topicOf(1, compacted);
    await publish(topic, ['a', '1 a'], ['b', 'unreadable'], ['c', '1 c']);
    const table = tableOf(topic);
    await table.start();
    expect(table.size()).toBe(2);

    await producer.send([{ topic, key: 'a', value: null }]);

    await eventually(() => {
      expect(table.get('a')).toBeUndefined();
    });
    expect(table.get('c')?.text).toBe('c');
  });

  it('starts on a topic whose records were compacted or deleted, up to its very end', async () => {
    const topic = await topicOf(1, {
      ...compacted,
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '0',
    });
    for (let version = 1; version <= 5; version += 1) {
      await publish(topic, ['a', `${version} a`]);
      await new Promise((later) => setTimeout(later, 150));
    }
    await producer.send([{ topic, key: 'a', value: null }]);
    await eventually(async () => {
      expect((await readAll(kafka, topic)).get('a')?.length).toBeLessThan(6);
    });

    const table = tableOf(topic);
    await table.start();

    expect(table.size()).toBe(0);
  });

  it('leaves no group behind', async () => {
    const table = tableOf(await topicOf(1, compacted));
    await table.start();
    const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();

    expect((await admin.listGroups()).groups).toEqual([]);
    await admin.disconnect();
  });
});

describe('a tail', () => {
  it('gives what is said from now on, per key in order, to those whom it concerns', async () => {
    const topic = await topicOf(4);
    const tail = await started(topic);
    await publish(topic, ['mine', 'before']);
    await eventually(() => {
      expect(seenBy(tail)).toContain('before');
    });
    const watcher = watch(tail, 'latest', (value) => !value.startsWith('other'));

    await publish(topic, ['mine', '1'], ['mine', '2'], ['other', 'other 1'], ['mine', '3']);

    await eventually(() => {
      expect(watcher.values()).toEqual(['1', '2', '3']);
    });
  });

  it('goes on from a cursor, in another process too, and misses nothing', async () => {
    const topic = await topicOf(4);
    const first = await started(topic);
    const watcher = watch(first, 'latest');
    await publish(topic, ...numbered(0, 20));
    await eventually(() => {
      expect(watcher.values()).toHaveLength(20);
    });
    watcher.stop();
    const cursor = watcher.cursor();
    await publish(topic, ...numbered(20, 40));

    const resumed = watch(await started(topic), cursor);

    await eventually(() => {
      expect([...resumed.values()].sort()).toEqual(
        numbered(20, 40)
          .map(([, value]) => value)
          .sort(),
      );
    });
    expect(resumed.resets()).toBe(0);
  });

  it('goes on from within a batch: each item has a cursor of its own', async () => {
    const topic = await topicOf(1);
    const tail = await started(topic);
    const watcher = watch(tail, 'latest');
    await publish(topic, ['k', '1'], ['k', '2'], ['k', '3']);
    await eventually(() => {
      expect(watcher.values()).toHaveLength(3);
    });

    const resumed = watch(tail, watcher.cursorAfter('1'));

    await eventually(() => {
      expect(resumed.values()).toEqual(['2', '3']);
    });
  });

  it('reads from the broker what is older than it keeps', async () => {
    const topic = await topicOf(4);
    const tail = await started(topic, { ringBytes: 20 });
    const cursor = tail.cursor();
    await publish(topic, ...numbered(0, 300));
    await eventually(() => {
      expect(seenBy(tail)).toHaveLength(300);
    });

    const watcher = watch(tail, cursor);
    await eventually(() => {
      expect(watcher.values()).toHaveLength(300);
    });
    await publish(topic, ['k', 'live']);

    await eventually(() => {
      expect(watcher.values().at(-1)).toBe('live');
    });
    expect(watcher.values()).toHaveLength(301);
  });

  it('buffers for nobody: who reads slowly still gets everything once', async () => {
    const topic = await topicOf(1);
    const tail = await started(topic, { ringBytes: 20 });
    const slow = watch(tail, 'latest', undefined, 2);
    await publish(topic, ...numbered(0, 200).map(([, value]): [string, string] => ['k', value]));

    await eventually(() => {
      expect(slow.values().map(Number)).toEqual(numbered(0, 200).map(([, value]) => Number(value)));
    });
  });

  it('resets a cursor that is older than the topic', async () => {
    const topic = await topicOf(1);
    const tail = await started(topic, { ringBytes: 1 });
    const cursor = tail.cursor();
    await publish(topic, ['k', '1'], ['k', '2']);
    await eventually(() => {
      expect(seenBy(tail)).toHaveLength(2);
    });
    await deleteUpTo(topic, '2');

    const watcher = watch(tail, cursor);
    await eventually(() => {
      expect(watcher.resets()).toBe(1);
    });
    await publish(topic, ['k', '3']);

    await eventually(() => {
      expect(watcher.values()).toEqual(['3']);
    });
  });

  it('resets a cursor of another generation of the topic', async () => {
    const topic = await topicOf(1);
    const cursor = (await started(topic)).cursor();
    const next = await started(topic, { topics: [{ name: topic, code: 'x', generation: 2 }] });

    const watcher = watch(next, cursor);

    await eventually(() => {
      expect(watcher.resets()).toBe(1);
    });
  });

  it('refuses what is no cursor', async () => {
    const tail = await started(await topicOf(1));

    await expect(
      tail.subscribe({ from: 'yesterday', signal: new AbortController().signal }).next(),
    ).rejects.toMatchObject({ kind: 'invalid', code: 'kafka.cursor-malformed' });
  });

  it('tells where it stands when there is nothing to tell', async () => {
    const topic = await topicOf(1);
    const tail = await started(topic);
    const stop = new AbortController();
    const events = tail.subscribe({ from: 'latest', filter: () => false, signal: stop.signal, idleMs: 20 });
    await publish(topic, ['k', 'for somebody else']);
    await eventually(() => {
      expect(seenBy(tail)).toHaveLength(1);
    });

    const event = await events.next();
    stop.abort();

    expect(event.value).toMatchObject({ kind: 'idle' });
  });

  it('goes on when the broker was killed', async () => {
    const topic = await topicOf(4);
    const tail = await started(topic);
    const watcher = watch(tail, 'latest');
    await publish(topic, ['k', '1']);
    await broker.kill();
    await broker.start();
    await publish(topic, ['k', '2']);

    await eventually(() => {
      expect(new Set(watcher.values())).toEqual(new Set(['1', '2']));
    });
    expect(await topicEnds(kafka, topic)).toHaveLength(4);
  });
});

const compacted = { 'cleanup.policy': 'compact' };

async function topicOf(partitions: number, config: Record<string, string> = {}): Promise<string> {
  const name = freshName('t');
  await ensureTopics(kafka, [{ name, partitions, config }]);
  return name;
}

const publish = (topic: string, ...values: [key: string, value: string][]) =>
  producer.send(values.map(([key, value]) => record(topic, key, value)));

const numbered = (from: number, to: number): [string, string][] =>
  Array.from({ length: to - from }, (_, index) => [`k${index}`, `${from + index}`]);

function tableOf(topic: string) {
  const table = createTable(kafka, {
    topic: {
      name: topic,
      decode(bytes) {
        const [, version, text] = /^(\d+) (.*)$/.exec(Buffer.from(bytes).toString()) ?? [];
        if (version === undefined) throw new Error('not a version');
        return { version: Number(version), text };
      },
    },
    version: ({ version }) => version,
  });
  parts.push(table);
  return table;
}

/** What each tail has read, whoever watches. */
const seen = new WeakMap<Tail<string>, string[]>();
const seenBy = (tail: Tail<string>): readonly string[] => seen.get(tail) ?? [];

async function started(topic: string, options: Partial<TailOptions<string>> = {}): Promise<Tail<string>> {
  const values: string[] = [];
  const tail = createTail<string>(kafka, {
    topics: [{ name: topic, code: 'x', generation: 1 }],
    ...options,
    select({ value }) {
      const text = Buffer.from(value ?? []).toString();
      values.push(text);
      return text;
    },
  });
  seen.set(tail, values);
  parts.push(tail);
  await tail.start();
  return tail;
}

function watch(tail: Tail<string>, from: string, filter: (value: string) => boolean = () => true, pauseMs = 0) {
  const events: TailEvent<string>[] = [];
  const stop = new AbortController();
  void (async () => {
    for await (const event of tail.subscribe({ from, filter, signal: stop.signal })) {
      events.push(event);
      if (pauseMs > 0) await new Promise((later) => setTimeout(later, pauseMs));
    }
  })();
  const items = () => events.flatMap((event) => (event.kind === 'item' ? [event] : []));
  return {
    values: () => items().map(({ item }) => item),
    resets: () => events.filter(({ kind }) => kind === 'reset').length,
    cursor: () => events.at(-1)?.cursor ?? '',
    cursorAfter: (value: string) => items().find(({ item }) => item === value)?.cursor ?? '',
    stop: () => {
      stop.abort();
    },
  };
}

async function deleteUpTo(topic: string, offset: string): Promise<void> {
  const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}
