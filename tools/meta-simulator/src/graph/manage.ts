import type { Engine } from '../engine.js';
import { Refused } from '../errors.js';

/** Every call but a message is a management call, counted for its WABA. @throws Refused 80007 */
export function manage(engine: Engine, id: string): void {
  const wabaId = engine.world.number(id)?.waba_id ?? id;
  const limits = engine.limits.of(id);
  const isAllowed = engine.buckets.take(`manage|${wabaId}`, limits.management_per_hour, 3_600_000, engine.clock.now());
  if (limits.management && !isAllowed) throw new Refused(80007);
}
