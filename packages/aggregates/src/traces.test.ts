import { eventually } from '@switchboard/testing';
import {
  createAggregates,
  createMemoryStore,
  type AggregateDefinition,
  type EncodedEvent,
  type MemoryStore,
} from './index.js';

const trace = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const never = new AbortController().signal;

interface Word {
  readonly word: string;
}

/** Says every word it hears, and which trace the fold was told of; words with an exclamation mark are poison. */
const words: AggregateDefinition<{ readonly last?: string }, Word, Word & { readonly told: string }, string> = {
  name: 'words',
  topic: 'words',
  empty: () => ({}),
  fold(_, { word }, { traceparent = 'none' }) {
    if (word.endsWith('!')) throw new Error('too loud');
    return { state: { last: word }, events: [{ word, told: traceparent }], result: traceparent };
  },
  encode: ({ word, told }, { aggregateId, sequence }) => ({
    topic: 'words',
    key: aggregateId,
    type: 'Word',
    id: `${aggregateId}:${sequence}`,
    time: new Date(0),
    headers: { org: 'acme', ...(word === 'traced' && { traceparent: trace('f') }) },
    value: new TextEncoder().encode(told),
  }),
  isOwn: () => true,
  setAside: ({ aggregateId, reason }) => ({
    topic: 'set-aside',
    key: aggregateId,
    type: 'SetAside',
    id: 'x',
    time: new Date(0),
    headers: { reason },
    value: new Uint8Array(),
  }),
};

function open(store: MemoryStore, underWay?: () => string | undefined) {
  const published: EncodedEvent[] = [];
  const aggregates = createAggregates({
    definition: words,
    store,
    publish: (events) => {
      published.push(...events);
      return Promise.resolve();
    },
    ...(underWay && { traceParent: underWay }),
  });
  aggregates.assigned(0, new Map());
  const hear = async (offset: number, word: string, traceparent?: string) => {
    const position = { code: 'm1', partition: 0, offset, ...(traceparent !== undefined && { traceparent }) };
    const { done } = await aggregates.apply([{ aggregateId: 'a', position, input: { word } }], never);
    await done;
  };
  const told = () => published.map(({ headers, value }) => [headers['traceparent'], new TextDecoder().decode(value)]);
  return { aggregates, hear, published, told };
}

describe('events', () => {
  it('carry the trace of the input that caused them, beside their own headers', async () => {
    const { hear, published, told } = open(createMemoryStore());

    await hear(0, 'hello', trace('1'));
    await hear(1, 'world', trace('2'));

    expect(told()).toEqual([
      [trace('1'), trace('1')],
      [trace('2'), trace('2')],
    ]);
    expect(published[0]?.headers['org']).toBe('acme');
  });

  it('carry none where the input has none, unless they name one themselves', async () => {
    const { hear, told } = open(createMemoryStore());

    await hear(0, 'hello');
    await hear(1, 'traced');

    expect(told()).toEqual([
      [undefined, 'none'],
      [trace('f'), 'none'],
    ]);
  });

  it('are the same when what caused them is read again by another process', async () => {
    const store = createMemoryStore();
    const first = open(store);
    await first.hear(0, 'hello', trace('1'));

    const second = open(store);
    await second.hear(0, 'hello', trace('1'));

    expect(first.published.length).toBe(1);
    expect(second.published).toEqual(first.published);
  });

  it('carry the trace under way when a command caused them', async () => {
    let underWay: string | undefined = trace('3');
    const { aggregates, told } = open(createMemoryStore(), () => underWay);

    const command = aggregates.command('a', { word: 'hello' });
    // What is under way later has nothing to do with it.
    underWay = trace('4');

    expect(await command).toBe(trace('3'));
    await eventually(() => {
      expect(told()).toEqual([[trace('3'), trace('3')]]);
    });
  });

  it('that are set aside carry it too', async () => {
    const { hear, published } = open(createMemoryStore());

    await hear(0, 'hello!', trace('1'));

    expect(published).toMatchObject([{ topic: 'set-aside', headers: { reason: 'bug', traceparent: trace('1') } }]);
  });
});
