import { Failure } from '@switchboard/errors';
import { type Chunk } from '../group/types.js';
import { silent } from '../logger.js';
import { kafkaMetrics } from '../metrics.js';
import { type IncomingRecord, type OutgoingRecord } from '../record.js';
import { unreachable } from '../failures.js';
import { eventHandlers } from './event-handlers.js';
import { handle } from './handler.js';
import { done, type Outcome } from './outcome.js';

describe('when a chunk of events is handled', () => {
  it('handles events of one key in order, and those of other keys beside them', async () => {
    const heard: string[] = [];
    const slow = new Map([['a1', 20]]);
    const { handle: handleChunk } = handlers(async (value) => {
      await new Promise((resolve) => setTimeout(resolve, slow.get(value) ?? 0));
      heard.push(value);
      return done;
    });

    await handleChunk(chunk(['a', 'a1'], ['a', 'a2'], ['b', 'b1']), never);

    expect(heard).toEqual(['b1', 'a1', 'a2']);
  });

  it('sets a poison event aside as it came, with reason and place, and its neighbours go on', async () => {
    const heard: string[] = [];
    const { handle: handleChunk, published } = handlers((value) => {
      if (value === 'poison') return Promise.reject(new Failure('invalid', 'test.poison', 'nobody can read this'));
      heard.push(value);
      return Promise.resolve(done);
    });

    await handleChunk(chunk(['a', 'a1'], ['a', 'poison'], ['a', 'a2']), never);

    expect(heard).toEqual(['a1', 'a2']);
    expect(published).toEqual([
      {
        topic: 'service.set-aside',
        key: 'a',
        value: Buffer.from('poison'),
        headers: {
          id: 'id-poison',
          'set-aside-reason': 'test.poison: nobody can read this',
          'set-aside-topic': 't',
          'set-aside-partition': '2',
          'set-aside-offset': '101',
        },
      },
    ]);
  });

  it('is not done before what it sets aside is published, however long Kafka is away', async () => {
    let refusals = 3;
    const { handle: handleChunk, published } = handlers(
      () => Promise.resolve({ kind: 'set-aside', reason: 'no' }),
      () => (refusals-- > 0 ? Promise.reject(unreachable()) : Promise.resolve()),
    );

    await handleChunk(chunk(['a', 'a1']), never);

    expect(published).toHaveLength(4);
  });

  it('rejects, and sets nothing aside, when the partition is given up', async () => {
    const giveUp = new AbortController();
    const { handle: handleChunk, published } = handlers(() => {
      giveUp.abort();
      return Promise.reject(new Failure('unavailable', 'store.away', 'away'));
    });

    await expect(handleChunk(chunk(['a', 'a1'], ['a', 'a2']), { signal: giveUp.signal })).rejects.toBeDefined();
    expect(published).toEqual([]);
  });

  it('names its topics with their generation', () => {
    expect(handlers(() => Promise.resolve(done)).topics).toEqual([{ topic: 't', code: 'x3' }]);
  });
});

const never = { signal: new AbortController().signal };

function handlers(hear: (value: string) => Promise<Outcome>, send: () => Promise<void> = () => Promise.resolve()) {
  const published: OutgoingRecord[] = [];
  const topic = { name: 't', code: 'x', generation: 3, decode: (bytes: Uint8Array) => Buffer.from(bytes).toString() };
  const result = eventHandlers({
    handlers: [handle(topic, hear)],
    producer: {
      send(records) {
        published.push(...records);
        return send();
      },
    },
    setAsideTopic: 'service.set-aside',
    logger: silent,
    metrics: kafkaMetrics(),
    patience: { attemptsForBugs: 2, wait: () => Promise.resolve() },
  });
  return { ...result, published };
}

function chunk(...events: [key: string, value: string][]): Chunk {
  const records = events.map(([key, value], index): IncomingRecord => ({
    offset: 100 + index,
    key,
    value: Buffer.from(value),
    headers: { id: `id-${value}` },
    timestamp: 0,
  }));
  return { topic: 't', code: 'x3', partition: 2, records };
}
