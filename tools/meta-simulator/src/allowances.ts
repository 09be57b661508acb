import type { Engine } from './engine.js';
import { perSecond, type ThroughputLevel } from './throughput.js';
import type { BusinessNumber } from './world.js';

/** Puts a number on another level; while that goes on its messages are refused with 131057. An upgrade is told. */
export function setThroughput(engine: Engine, number: BusinessNumber, level: ThroughputLevel, maintenanceMs: number) {
  const id = number.phone_number_id;
  const atMs = engine.clock.now() + maintenanceMs;
  engine.throughput.change(id, atMs);
  const change = () => {
    engine.throughput.set(id, level);
    engine.limits.set({ throughput_per_second: perSecond[level] }, id);
    engine.changed();
    if (level !== 'HIGH') return;
    const limit = tierOf(engine.limits.of(engine.portfolioId).messaging_limit);
    engine.outbox.tell(
      {
        waba_id: number.waba_id,
        field: 'phone_number_quality_update',
        atMs: engine.clock.now(),
        value: {
          display_phone_number: number.display_phone_number,
          event: 'THROUGHPUT_UPGRADE',
          current_limit: limit,
          max_daily_conversations_per_business: limit,
        },
      },
      engine.clock.now(),
    );
  };
  if (maintenanceMs === 0) change();
  else engine.clock.at(atMs, change);
}

export const tiers = {
  TIER_250: 250,
  TIER_2K: 2000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: null,
} as const;

export type Tier = keyof typeof tiers;

/** The tier a limit lies in. */
export const tierOf = (limit: number | null): Tier =>
  (Object.keys(tiers) as Tier[]).find((tier) => limit !== null && limit <= (tiers[tier] ?? Infinity)) ??
  'TIER_UNLIMITED';

/** The portfolio may reach so many people a day from now on; each of its accounts is told. */
export function setMessagingLimit(engine: Engine, limit: number | null): void {
  engine.limits.set({ messaging_limit: limit }, engine.portfolioId);
  engine.changed();
  const nowMs = engine.clock.now();
  const accounts = new Set([...engine.world.numbers.values()].map(({ waba_id }) => waba_id));
  for (const waba_id of accounts) {
    engine.outbox.tell(
      {
        waba_id,
        field: 'business_capability_update',
        atMs: nowMs,
        // A number as in Meta's sample; its page names tiers.
        value: { max_daily_conversations_per_business: limit ?? 'TIER_UNLIMITED', max_phone_numbers_per_business: 20 },
      },
      nowMs,
    );
  }
}
