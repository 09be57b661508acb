import type { z } from 'zod';
import type { Counters } from '../counters.js';
import type { Engine } from '../engine.js';
import { setMessagingLimit, setThroughput, tierOf, tiers } from '../allowances.js';
import type { BusinessNumber } from '../world.js';
import * as schemas from './schemas.js';

/** What one can do to the limits of numbers and of the portfolio as Meta does it: with a webhook. */
export function createAccountControl(engine: Engine, numberOf: (phoneNumberId?: string) => BusinessNumber) {
  const messagingLimit = () => {
    const { messaging_limit: people } = engine.limits.of(engine.portfolioId);
    return { people, tier: tierOf(people), reached: engine.reach.count(engine.clock.now()) };
  };
  return {
    counters: (phoneNumberId?: string): Counters => engine.counters.read(numberOf(phoneNumberId).phone_number_id),
    /** Another level of throughput; until it is there the number answers 131057. */
    setThroughput(phoneNumberId: string, given: z.input<typeof schemas.throughput> = {}) {
      const { level, maintenance_ms } = schemas.throughput.parse(given);
      setThroughput(engine, numberOf(phoneNumberId), level, maintenance_ms);
      return { level, at: engine.clock.now() + maintenance_ms };
    },
    /** The limit of the portfolio, and how many people it has reached in the last 24 hours. */
    messagingLimit,
    setMessagingLimit(given: z.input<typeof schemas.messagingLimit>) {
      const { tier, people = null } = schemas.messagingLimit.parse(given);
      setMessagingLimit(engine, tier === undefined ? people : tiers[tier]);
      return messagingLimit();
    },
  };
}
