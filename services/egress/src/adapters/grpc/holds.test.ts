import { type HoldBatchRequest, type HoldBatchResponse } from '@switchboard/contracts/billing/v1/billing_service';
import { Failure } from '@switchboard/errors';
import { type HoldAsked } from '../../use-cases/money/ports.js';
import { createHolds } from './holds.js';

const asked = (holdId: string, wallet = 'main'): HoldAsked => ({
  wallet,
  holdId,
  number: '555',
  category: 'marketing',
  phone: '5511987654321',
  userId: '',
  windowOpen: false,
});

type Answer = (request: Partial<HoldBatchRequest>) => Promise<HoldBatchResponse>;

const nothing = { code: '', reason: '', remedy: '', amountMicros: 0n };
const holdsAll: Answer = ({ holds = [] }) =>
  Promise.resolve({
    outcomes: holds.map(({ holdId }) => ({ ...nothing, holdId, held: true, amountMicros: 5n })),
    availableMicros: 0n,
  });
const isAway: Answer = () => Promise.reject(new Failure('unavailable', 'grpc.unavailable', 'away'));

function billing(answer: Answer) {
  const calls: Partial<HoldBatchRequest>[] = [];
  const world = { answer, now: 0, calls };
  const holdBatch = (request: Partial<HoldBatchRequest>): Promise<HoldBatchResponse> => {
    calls.push(request);
    return world.answer(request);
  };
  const { hold } = createHolds({ holdBatch }, () => world.now);
  return Object.assign(world, { hold });
}

it('BL-8 what is asked of a wallet together goes together, at most 500 a call', async () => {
  const world = billing(holdsAll);

  const answers = await Promise.all([
    ...Array.from({ length: 700 }, (_, index) => world.hold(asked(`m${index}:1`))),
    world.hold(asked('other:1', 'second')),
  ]);

  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['held']));
  expect(world.calls.map(({ walletId, holds }) => [walletId, holds?.length]).sort()).toEqual([
    ['main', 200],
    ['main', 500],
    ['second', 1],
  ]);
});

it('BL-8 each hold has its own answer: held, free or refused with the remedy', async () => {
  const world = billing(() =>
    Promise.resolve({
      outcomes: [
        { ...nothing, holdId: 'a', held: true, amountMicros: 5n },
        { ...nothing, holdId: 'b', held: true },
        { ...nothing, holdId: 'c', held: false, code: 'billing.budget-spent', reason: 'spent', remedy: 'raise it' },
      ],
      availableMicros: 0n,
    }),
  );

  expect(await Promise.all(['a', 'b', 'c'].map((id) => world.hold(asked(id))))).toEqual([
    { kind: 'held' },
    { kind: 'free' },
    { kind: 'refused', refusal: { code: 'billing.budget-spent', reason: 'spent', remedy: 'raise it' } },
  ]);
});

it('BL-8 a wallet that does not exist refuses; nobody waits for it', async () => {
  const world = billing(() => Promise.reject(new Failure('not-found', 'billing.wallet-not-found', 'no such wallet')));

  expect(await world.hold(asked('a'))).toMatchObject({
    kind: 'refused',
    refusal: { code: 'billing.wallet-not-found' },
  });
});

it('while billing is away nobody waits: one call a second tries, and the first that is answered ends it', async () => {
  const world = billing(isAway);
  expect(await world.hold(asked('a'))).toEqual({ kind: 'away' });

  expect(await world.hold(asked('b'))).toEqual({ kind: 'away' });
  expect(world.calls).toHaveLength(1);

  world.now = 1_000;
  let answer: (response: HoldBatchResponse) => void = () => undefined;
  world.answer = () => new Promise((resolve) => (answer = resolve));
  const trying = world.hold(asked('c'));
  await new Promise(setImmediate);
  expect(await world.hold(asked('d'))).toEqual({ kind: 'away' });
  answer(await holdsAll({ holds: world.calls.at(-1)?.holds ?? [] }));

  expect(await trying).toEqual({ kind: 'held' });
  world.answer = holdsAll;
  expect(await world.hold(asked('e'))).toEqual({ kind: 'held' });
});
