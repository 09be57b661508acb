import { createRates } from '../../src/domain/prices/rates.js';
import { shippedRates } from '../../src/domain/prices/shipped.js';
import { type AttemptNews } from '../../src/domain/settlement/settlement.js';
import { type AskWallet } from '../../src/use-cases/looked-up.js';
import { createSettleMessages } from '../../src/use-cases/settle-messages.js';
import { createStage } from './stage.js';
import { at, createWorld, Killed, manyHolds, type Mutation, type World } from './world.js';
import { faultsOf, type Attempt } from './faults.js';

const rates = createRates(shippedRates);
const WALLET = 'w';
const ATTEMPTS = 10;
const [HELD, UTILITY, MARKETING] = [6_800n, 6_800n, 62_500n];

/** One random history; what is wrong at its end. */
export async function runHistory(seed: number, without?: Mutation) {
  const stage = createStage(seed);
  const world = createWorld(stage, without);
  const attempts: Attempt[] = [];
  const all: Promise<unknown>[] = [];
  const granted = new Set<string>();

  /** Kafka, or a caller, asks again when a process was killed; now and then two processes are asked side by side. */
  async function until(ask: (process: ReturnType<World['process']>, tried: number) => Promise<unknown>): Promise<void> {
    const once = async (): Promise<void> => {
      for (let tried = 0; ; tried += 1) {
        try {
          await ask(world.process(), tried);
          return;
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
    };
    const tries = stage.chance(0.3) ? [once(), once()] : [once()];
    all.push(...tries);
    await Promise.race(tries);
  }

  const holdAll = (askWallet: AskWallet, holds: ReturnType<typeof manyHolds>) =>
    askWallet(
      WALLET,
      holds.map(({ id }) => id),
      (known) => ({
        kind: 'hold',
        at,
        by: 'egress',
        spender: { tenant: undefined, service: 'egress' },
        holds,
        ...known,
      }),
    );

  async function grant(id: string): Promise<void> {
    granted.add(id);
    await until(({ ask }, tried) => {
      const own = world.is('every try has an id of its own') ? `${id}-${tried}` : id;
      const about = { id: own, purchase: own, amount: 20_000n, fee: 0n, memo: '' } as const;
      return ask(WALLET, [own], (known) => ({ kind: 'credit', cause: 'grant', at, by: 'test', ...about, ...known }));
    });
  }

  async function send(index: number): Promise<void> {
    const holdId = `m${index}:1`;
    const message = {
      number: '1',
      brand: 'b',
      country: 'BR',
      market: 'Brazil',
      category: 'utility',
      userInitiated: false,
    };
    await until(({ ask }) => holdAll(ask, [{ id: holdId, amount: HELD, message: null, memo: '' }]));
    // Meta may charge otherwise than was held; failed may be told before and after delivered.
    const isDear = stage.chance(0.2);
    const what: AttemptNews['what'][] = [
      ['delivered'],
      ['failed'],
      ['failed', 'delivered'],
      ['delivered', 'failed'],
      [],
    ][stage.int(5)] as AttemptNews['what'][];
    attempts.push({
      holdId,
      charged: what.includes('delivered') ? (isDear ? MARKETING : UTILITY) : 0n,
      isOver: what.length > 0,
    });
    const reported = { type: 'regular', category: isDear ? 'marketing' : 'utility', billable: true };
    const about = { holdId, isHeld: true, reported, doubled: false, message, at, day: '2026-11-26', tier: undefined };
    await Promise.all(
      what.map((each) =>
        until(({ ask }) =>
          createSettleMessages({
            askWallet: ask,
            rates: () => Promise.resolve(rates),
            observer: { resolutions: () => undefined },
            now: () => at,
            warn: (facts) => world.wrong.push(JSON.stringify(facts)),
          })(new Map([[WALLET, [{ ...about, what: each }]]])),
        ),
      ),
    );
  }

  for (let index = 0; index < ATTEMPTS; index += 1) all.push(send(index));
  for (const id of ['a', 'b']) all.push(grant(id));
  // So many at once that the tail lets go of everything before them.
  for (const name of ['many', 'more'])
    if (stage.chance(0.5)) all.push(until(({ ask }) => holdAll(ask, manyHolds(name, 600))));
  await stage.play();
  await Promise.all(all);
  return { wrong: [...world.wrong, ...faultsOf(world, attempts, granted.size)], stale: world.staleLookUps() };
}
