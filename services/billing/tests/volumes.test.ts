import fc from 'fast-check';
import { marginalCost, type Tier } from '../src/domain/prices/tiers.js';
import { createWorld, delivered, NOON } from './support/volume-world.js';

/** What a month of deliveries costs by volume, with repeats, reorderings, several processes and kills between two writes. */

const LIST = 6_800n;
const tiers: readonly Tier[] = [
  { from: 1, amount: LIST },
  { from: 6, amount: 6_000n },
  { from: 11, amount: 5_000n },
];
const ids = (count: number, from = 1): string[] => Array.from({ length: count }, (_, index) => `m${from + index}:1`);
const bucket = { portfolio: '20', market: 'Brazil', category: 'utility' } as const;

let world: ReturnType<typeof createWorld>;
afterEach(() => world.stop());

it('BL-10 the fifth message of five costs the list price, the sixth the tier, the eleventh the next one', async () => {
  world = createWorld(tiers);
  const { hear, volumes } = world.process();

  const amounts = (await hear(ids(11).map((id) => delivered(id)))).map(([, amount]) => amount);

  expect(amounts).toEqual([...Array(5).fill(LIST), ...Array(5).fill(6_000n), 5_000n]);
  expect(await volumes.next(bucket, '2026-11', NOON)).toBe(12);
});

it('BL-10 a message that is told of again costs what it cost', async () => {
  world = createWorld(tiers);
  const [one, other] = [world.process(), world.process()];
  const all = ids(12).map((id) => delivered(id));
  const first = await one.hear(all);

  expect(await other.hear([...all].reverse())).toEqual([...first].reverse());
  expect(await one.volumes.next(bucket, '2026-11', NOON)).toBe(13);
});

it('BL-10 the month is a portfolio’s, of one market and category, in the zone of the account', async () => {
  world = createWorld(tiers);
  const { hear, volumes } = world.process();
  await hear(ids(6).map((id) => delivered(id)));

  const others = await hear([
    delivered('other:1', {}, { portfolio: '21' }),
    delivered('next-month:1', { day: '2026-12-01' }),
    delivered('same:1', {}, { wallet: '' }),
    delivered('nobody:1', {}, { portfolio: '' }),
  ]);

  expect(others.map(([, amount]) => amount)).toEqual([LIST, LIST, 6_000n, LIST]);
  expect(await volumes.next({ ...bucket, category: 'authentication' }, '2026-11', NOON)).toBe(1);
});

it.each([
  ['free', { reported: { type: 'free_customer_service', category: 'utility', billable: false } }],
  ['failed', { what: 'failed' as const }],
  ['refused', { what: 'refused' as const }],
  ['never priced', { reported: undefined }],
  ['of marketing', { reported: { type: 'regular', category: 'marketing', billable: true } }],
  ['before there were tiers', { day: '2026-09-30' }],
])('BL-10 only what Meta charges counts: not what is %s', async (_what, more) => {
  world = createWorld(tiers);
  const { hear, volumes } = world.process();

  await hear([delivered('m:1', more)]);

  expect(await volumes.next(bucket, '2026-11', NOON)).toBe(1);
});

it('BL-10 without tiers everything costs the list price and nothing is counted', async () => {
  world = createWorld([]);

  const amounts = (await world.process().hear(ids(20).map((id) => delivered(id)))).map(([, amount]) => amount);

  expect(new Set(amounts)).toEqual(new Set([LIST]));
  expect(world.store.documents.size).toBe(0);
});

it('BL-10 Meta’s word brings the next message into its tier', async () => {
  world = createWorld(tiers);
  const { hear, volumes } = world.process();
  await hear([delivered('m:1')]);

  await volumes.tell(bucket, { month: '2026-11', lower: 11, since: NOON });

  expect(await hear([delivered('m:1'), delivered('n:1')])).toEqual([
    ['m:1', LIST],
    ['n:1', 5_000n],
  ]);
});

it('BL-10 a process that was killed before positions were stored has counted nothing twice', async () => {
  world = createWorld(tiers);
  const killed = world.process((store) => ({ ...store, save: () => Promise.reject(new Error('killed')) }));
  await expect(killed.hear(ids(6).map((id) => delivered(id)))).rejects.toThrow('killed');

  const successor = world.process();
  await successor.hear(ids(3, 7).map((id) => delivered(id)));
  await successor.hear(ids(1, 10).map((id) => delivered(id)));
  const amounts = (await world.process().hear(ids(6).map((id) => delivered(id)))).map(([, amount]) => amount);

  expect(amounts).toEqual([...Array(5).fill(LIST), 6_000n]);
  expect(await successor.volumes.next(bucket, '2026-11', NOON)).toBe(11);
});

it('BL-10 a process that looked up before another one counted, stored and let go looks up again', async () => {
  world = createWorld(tiers);
  let between: () => Promise<unknown> = () => Promise.resolve();
  const slow = world.process((store) => ({
    ...store,
    async find(wanted) {
      const found = await store.find(wanted);
      const meanwhile = between;
      between = () => Promise.resolve();
      await meanwhile();
      return found;
    },
  }));
  const quick = world.process();
  between = async () => {
    await quick.hear([delivered('m1:1')]);
    // With the next write it lets go of what it has stored.
    await quick.hear([delivered('m2:1')]);
  };

  await slow.hear([delivered('m1:1')]);

  expect(world.staleCounts()).toBe(1);
  expect(await quick.volumes.next(bucket, '2026-11', NOON)).toBe(3);
});

it('BL-10 the sum over a month is that of the whole count, in any order and repetition, by any processes, with kills', async () => {
  const chunk = fc.record({
    process: fc.nat(2),
    isKilled: fc.boolean(),
    messages: fc.array(fc.nat(14), { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 20 }), async (chunks) => {
      world = createWorld(tiers);
      let killNext = false;
      const processes = [0, 1, 2].map(() =>
        world.process((store) => ({
          ...store,
          save: (some) => (killNext ? Promise.reject(new Error('killed')) : store.save(some)),
        })),
      );
      const said = new Map<string, Set<bigint | undefined>>();
      const hear = async (by: number, messages: readonly number[]): Promise<void> => {
        const heard = await processes[by]?.hear(messages.map((each) => delivered(`m${each}:1`)));
        for (const [id, amount] of heard ?? []) said.set(id, (said.get(id) ?? new Set()).add(amount));
      };

      for (const { process, isKilled, messages } of chunks) {
        killNext = isKilled;
        await hear(process, messages).catch(() => undefined);
      }
      killNext = false;
      // Kafka brings again what a killed process has not committed.
      for (const { process, messages } of chunks) await hear(process, messages);

      const sum = [...said.values()].flatMap((each) => [...each]).reduce<bigint>((all, each) => all + (each ?? 0n), 0n);
      expect([...said.values()].every((each) => each.size === 1)).toBe(true);
      expect(sum).toBe(marginalCost(tiers, LIST, 1, said.size));
      await world.stop();
    }),
    { numRuns: 100 },
  );
});

it('BL-10 processes that count side by side give no position twice', async () => {
  world = createWorld(tiers);
  const processes = [world.process(), world.process(), world.process()];

  const heard = await Promise.all(
    processes.flatMap(({ hear }, index) =>
      [1, 2].map((part) => hear(ids(10, index * 20 + part * 10).map((id) => delivered(id)))),
    ),
  );

  const different = new Map(heard.flat());
  const sum = [...different.values()].reduce<bigint>((all, each) => all + (each ?? 0n), 0n);
  expect(sum).toBe(marginalCost(tiers, LIST, 1, different.size));
});
