import { silent } from '../logger.js';
import { type IncomingRecord } from '../record.js';
import { deferred } from '../timing.js';
import { createOwnership } from './ownership.js';
import {
  type Batch,
  type Chunk,
  type Committable,
  type Handled,
  type OwnershipOptions,
  type Position,
} from './types.js';

describe('when a partition is assigned', () => {
  it('tells the committed offsets before the first chunk is handled (rule 2)', async () => {
    const { assign, take, events } = owning({ at: () => ({ committed: 7, first: 0, end: 20 }) });
    assign([0]);

    await take(batch('m', 0, 7, 3));

    expect(events).toEqual(['assigned 0 m1=7 s1=7', 'handle m/0 7-9']);
  });

  it('begins at the first offset, and says 0, where nothing was committed', async () => {
    const { assign, take, events } = owning({ at: () => ({ first: 4, end: 20 }) });
    assign([0]);

    await take(batch('m', 0, 4, 1));

    expect(events).toEqual(['assigned 0 m1=0 s1=0', 'handle m/0 4-4']);
  });

  it('raises an alarm when records were deleted before they were read (rule 13)', async () => {
    const { assign, take, events } = owning({ at: () => ({ committed: 2, first: 10, end: 20 }) });
    assign([0]);

    await take(batch('m', 0, 10, 1));

    expect(events).toContain('lost m/0');
    expect(events.at(-1)).toBe('handle m/0 10-10');
  });

  it('handles nothing when the log ends below what was applied (rule 12)', async () => {
    const { assign, take, events } = owning({
      at: () => ({ first: 0, end: 5 }),
      applied: () => Promise.resolve(new Map([['m1', 90]])),
    });
    assign([0]);

    await take(batch('m', 0, 0, 5));

    expect(events).toEqual(['rewound m/0']);
  });
});

describe('while a partition is owned', () => {
  it('handles one chunk of a partition number at a time, whatever the topic, and others beside it', async () => {
    const gate = deferred();
    const { assign, take, events } = owning({ handle: () => gate.promise.then(() => written) });
    assign([0, 1]);

    const all = [take(batch('m', 0, 0, 1)), take(batch('s', 0, 0, 1)), take(batch('m', 1, 0, 1))];
    await settled();
    expect(events.filter((event) => event.startsWith('handle'))).toEqual(['handle m/0 0-0', 'handle m/1 0-0']);

    gate.resolve();
    await Promise.all(all);
    expect(events.at(-1)).toBe('handle s/0 0-0');
  });

  it('cuts chunks, and commits only what is done', async () => {
    const publishing: ReturnType<typeof deferred>[] = [];
    const { assign, take, events, ownership } = owning({
      chunkRecords: 2,
      handle: () => {
        const done = deferred();
        publishing.push(done);
        return Promise.resolve({ done: done.promise });
      },
    });
    assign([0]);
    await take(batch('m', 0, 0, 5));
    expect(events.slice(1)).toEqual(['handle m/0 0-1', 'handle m/0 2-3', 'handle m/0 4-4']);

    publishing[0]?.resolve();
    publishing[2]?.resolve();
    await settled();

    expect(ownership.committable()).toContainEqual({ topic: 'm', partition: 0, offset: 2 });
  });

  it('tries a chunk again for as long as it takes, and the offset stays where it was', async () => {
    let tries = 0;
    const { assign, ownership } = owning({
      handle: () => {
        tries += 1;
        return tries < 3 ? Promise.reject(new Error('not now')) : Promise.resolve(written);
      },
    });
    assign([0]);

    const control = controls();
    await ownership.take(batch('m', 0, 0, 2), control);

    expect(tries).toBe(3);
    expect(control.resolved).toEqual([1]);
  });

  it('drops a batch that was fetched before the assignment, and reads on where the group stands', async () => {
    const { assign, take, events, sought } = owning({ at: () => ({ committed: 5, first: 0, end: 100 }) });
    assign([0]);

    await take(batch('m', 0, 50, 3));
    expect(sought).toEqual(['m/0 5']);
    await take(batch('m', 0, 5, 3));

    expect(events.slice(1)).toEqual(['handle m/0 5-7']);
  });

  it('goes over a hole in the log when the consumer comes to the same place twice', async () => {
    const { assign, take, events } = owning({ at: () => ({ committed: 5, first: 0, end: 100 }) });
    assign([0]);

    await take(batch('m', 0, 50, 3));
    await take(batch('m', 0, 50, 3));

    expect(events.slice(1)).toEqual(['handle m/0 50-52']);
  });

  it('handles no record twice of a batch that overlaps what was handled', async () => {
    const { assign, take, events } = owning({});
    assign([0]);

    await take(batch('m', 0, 0, 3));
    await take(batch('m', 0, 0, 5));

    expect(events.slice(1)).toEqual(['handle m/0 0-2', 'handle m/0 3-4']);
  });

  it('reads a partition again from what is done when a chunk is not completed', async () => {
    const failing = deferred();
    const results: Handled[] = [written, { done: failing.promise }];
    let committed = 0;
    const { assign, take, events, sought } = owning({
      at: () => ({ committed, first: 0, end: 100 }),
      handle: () => Promise.resolve(results.shift() ?? written),
    });
    assign([0]);
    await take(batch('m', 0, 0, 2));
    await take(batch('m', 0, 2, 2));
    committed = 2;

    failing.reject(new Error('not published'));
    await eventually(() => {
      expect(sought).toContain('m/0 2');
    });
    await take(batch('m', 0, 2, 2));

    expect(events.slice(3)).toEqual(['revoked 0', 'assigned 0 m1=2 s1=2', 'handle m/0 2-3']);
  });
});

describe('when partitions are given up', () => {
  it('finishes the chunk under way, waits for what it caused, then commits', async () => {
    const handling = deferred();
    const publishing = deferred();
    const { assign, take, events, release } = owning({
      handle: () => handling.promise.then(() => ({ done: publishing.promise })),
    });
    assign([0]);
    const taken = take(batch('m', 0, 0, 2));
    await settled();

    const released = release();
    handling.resolve();
    await taken;
    publishing.resolve();

    expect(await released).toContainEqual({ topic: 'm', partition: 0, offset: 2 });
    expect(events.at(-1)).toBe('revoked 0');
  });

  it('ends the waiting of a handler, and leaves the offset where it was', async () => {
    const { assign, take, release } = owning({ handle: () => Promise.reject(new Error('the store is away')) });
    assign([0]);
    const taken = take(batch('m', 0, 0, 2));
    await settled();

    const offsets = await release();
    await taken;

    expect(offsets).not.toContainEqual({ topic: 'm', partition: 0, offset: 2 });
  });

  it('does not wait for ever for what never ends', async () => {
    const { assign, take, release } = owning({ releaseMs: 30, handle: () => new Promise(() => undefined) });
    assign([0]);
    void take(batch('m', 0, 0, 2));
    await settled();

    await expect(release()).resolves.not.toContainEqual({ topic: 'm', partition: 0, offset: 2 });
  });

  it('handles nothing of it any more', async () => {
    const { assign, take, events, release } = owning({});
    assign([0]);
    await release();

    await take(batch('m', 0, 0, 1));

    expect(events.filter((event) => event.startsWith('handle'))).toEqual([]);
  });
});

const written: Handled = { done: Promise.resolve() };

interface Scene extends Partial<Pick<OwnershipOptions, 'handle' | 'applied' | 'chunkRecords' | 'releaseMs'>> {
  readonly at?: () => Position;
}

function owning({
  at = () => ({ committed: 0, first: 0, end: 1_000 }),
  handle = () => Promise.resolve(written),
  ...options
}: Scene) {
  const events: string[] = [];
  const sought: string[] = [];
  const ownership = createOwnership({
    topics: [
      { topic: 'm', code: 'm1' },
      { topic: 's', code: 's1' },
    ],
    chunkRecords: 500,
    openChunks: 8,
    releaseMs: 3_000,
    logger: silent,
    ...options,
    handle(chunk, context) {
      events.push(`handle ${described(chunk)}`);
      return handle(chunk, context);
    },
    onAssigned(partition, committed) {
      events.push(`assigned ${partition} ${[...committed].map(([code, offset]) => `${code}=${offset}`).join(' ')}`);
    },
    onRevoked(partition) {
      events.push(`revoked ${partition}`);
    },
    observe: {
      handled: () => undefined,
      waiting: () => undefined,
      alarm(kind, topic, partition) {
        if (topic === 'm') events.push(`${kind} ${topic}/${partition}`);
      },
    },
  });
  return {
    ownership,
    events,
    sought,
    assign: (partitions: readonly number[]) => {
      ownership.assign(new Map(partitions.map((partition) => [partition, ['m', 's']])), {
        positions: () => Promise.resolve(at),
        seek: (topic, partition, offset) => sought.push(`${topic}/${partition} ${offset}`),
      });
    },
    take: (taken: Batch) => ownership.take(taken, controls()),
    async release() {
      const committed: Committable[] = [];
      await ownership.release((offsets) => {
        committed.push(...offsets);
        return Promise.resolve();
      });
      return committed;
    },
  };
}

function controls() {
  const resolved: number[] = [];
  return { resolved, resolve: (offset: number) => resolved.push(offset), heartbeat: () => Promise.resolve() };
}

function batch(topic: string, partition: number, fetchedOffset: number, count: number): Batch {
  const records = Array.from({ length: count }, (_, index) => record(fetchedOffset + index));
  return { topic, partition, fetchedOffset, records, next: fetchedOffset + count, end: 1_000 };
}

const record = (offset: number): IncomingRecord => ({ offset, key: 'k', value: null, headers: {}, timestamp: 0 });

const described = ({ topic, partition, records }: Chunk) =>
  `${topic}/${partition} ${records[0]?.offset ?? ''}-${records.at(-1)?.offset ?? ''}`;

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function eventually(check: () => void): Promise<void> {
  for (const until = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}
