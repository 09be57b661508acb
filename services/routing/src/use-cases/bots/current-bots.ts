import type { AttachedBot } from '../../domain/bots/attached-bot.js';
import { currentSpan } from '../../domain/spans.js';
import type { BotStore } from './ports.js';
import type { NumberStore } from '../ports.js';
import type { Monotonic } from '../settings/ports.js';

/** Bots of numbers, for the hot path. */
export interface CurrentBots {
  /**
   * The bot of each of these numbers that has one, at most `MAX_BOT_AGE_MS` old; none for a number that is no longer
   * whose it was when the bot was attached. Throws `unavailable` while the store is away.
   */
  readonly of: (numbers: Iterable<string>) => Promise<ReadonlyMap<string, AttachedBot>>;
}

export const MAX_BOT_AGE_MS = 1_000;

interface Kept {
  readonly bot: AttachedBot | undefined;
  /** When the read began that showed it. */
  readonly asOf: number;
}

export function createCurrentBots(deps: {
  store: Pick<BotStore, 'find'>;
  numbers: Pick<NumberStore, 'find'>;
  monotonic: Monotonic;
}): CurrentBots {
  const { store, numbers, monotonic } = deps;
  const kept = new Map<string, Kept>();
  let loading: Promise<void> | undefined;

  async function load(asked: readonly string[]): Promise<void> {
    const asOf = monotonic();
    const [found, owned] = await Promise.all([store.find(asked), numbers.find(asked)]);
    const attached = new Map(found.filter(({ isRemoved }) => !isRemoved).map((bot) => [bot.number, bot]));
    // What was not asked about for a while is not in use.
    for (const [number, { asOf: readAt }] of kept) if (readAt < asOf - FORGET_MS) kept.delete(number);
    for (const number of asked) {
      const bot = attached.get(number);
      const owner = currentSpan(owned.get(number)).owner;
      kept.set(number, { bot: bot?.organisationId === owner?.organisationId ? bot : undefined, asOf });
    }
  }

  return {
    async of(asked) {
      const all = [...new Set(asked)];
      const since = monotonic() - MAX_BOT_AGE_MS;
      for (;;) {
        const missing = all.filter((number) => (kept.get(number)?.asOf ?? -Infinity) < since);
        if (missing.length === 0) break;
        loading ??= load(missing).finally(() => {
          loading = undefined;
        });
        await loading;
      }
      return new Map(
        all.flatMap((number): [string, AttachedBot][] => {
          const bot = kept.get(number)?.bot;
          return bot ? [[number, bot]] : [];
        }),
      );
    },
  };
}

const FORGET_MS = 600_000;
