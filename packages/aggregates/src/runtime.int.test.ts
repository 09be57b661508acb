import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { createAggregates, createMongoStore, mongoStoreIndexes, type AggregateDefinition } from './index.js';

interface Ledger {
  readonly ids: readonly string[];
}

const ledger: AggregateDefinition<Ledger, string, string, number> = {
  name: 'ledgers',
  topic: 'ledger.events',
  empty: () => ({ ids: [] }),
  fold: ({ ids }, id) =>
    ids.includes(id)
      ? { state: { ids }, events: [], result: ids.length }
      : { state: { ids: [...ids, id] }, events: [id], result: ids.length + 1 },
  encode: (id, { aggregateId, sequence }) => ({
    topic: 'ledger.events',
    key: aggregateId,
    type: 'Entered',
    id: `${aggregateId}:${sequence}`,
    time: new Date(0),
    headers: { entry: id },
    value: Buffer.from(id),
  }),
  isOwn: () => true,
};

const mongodb = connectMongo(process.env['MONGO_URL'] ?? '');

beforeAll(async () => {
  await mongodb.start();
  await ensureIndexes(mongodb.connection, mongoStoreIndexes('ledgers'));
});
afterAll(async () => {
  await mongodb.connection.dropDatabase();
  await mongodb.stop();
});

describe('two processes that both believe they own a partition, on the real MongoDB', () => {
  it('apply every input once, in order, and every command, and publish one dense log between them', async () => {
    const log = new Map<number, string>();
    const processes = [open(log), open(log)];
    const inputs = Array.from({ length: 200 }, (_, offset) => ({
      aggregateId: 'a',
      position: { code: 'm1', partition: 0, offset },
      input: `input-${offset}`,
    }));

    await Promise.all(
      processes.flatMap((one, which) => [
        applyInChunks(one, inputs, 7 + which * 4),
        ...Array.from({ length: 50 }, (_, n) => one.command('a', `command-${which}-${n}`, { timeoutMs: 30_000 })),
      ]),
    );

    const found = await processes[0]?.read('a');
    const ids = found?.state.ids ?? [];
    expect(ids.filter((id) => id.startsWith('input'))).toEqual(inputs.map(({ input }) => input));
    expect(new Set(ids).size).toBe(300);
    await Promise.all(processes.map((one) => one.stop()));
    expect([...log.keys()].sort((a, b) => a - b)).toEqual(ids.map((_, index) => index + 1));
    expect(ids.map((_, index) => log.get(index + 1))).toEqual(ids);
  }, 60_000);
});

function open(log: Map<number, string>) {
  const aggregates = createAggregates({
    definition: ledger,
    store: createMongoStore(mongodb.connection, 'ledgers'),
    publish: (events) => {
      for (const { id, headers } of events) log.set(Number(id.split(':')[1]), headers['entry'] ?? '');
      return Promise.resolve();
    },
  });
  aggregates.assigned(0, new Map());
  return aggregates;
}

async function applyInChunks(
  aggregates: ReturnType<typeof open>,
  inputs: Parameters<ReturnType<typeof open>['apply']>[0],
  size: number,
): Promise<void> {
  for (let from = 0; from < inputs.length; from += size) {
    const { done } = await aggregates.apply(inputs.slice(from, from + size), new AbortController().signal);
    await done;
  }
}
