/** How many templates an account may have, and how fast they may come. Source: Meta, *Template management*. */
import { Failure } from '@switchboard/errors';

/** Of accounts whose business is verified; of others Meta takes 250, and says so itself. */
const MOST_IN_ALL = 6_000;
const MOST_IN_AN_HOUR = 100;
const HOUR_MS = 3_600_000;

/** Told before Meta is asked. `lately` are the times of an hour at which new ones were handed over, oldest first. */
export function mustHaveRoom(inAll: number, lately: readonly Date[], at: Date): void {
  if (inAll >= MOST_IN_ALL) {
    throw new Failure(
      'conflict',
      'template.account-full',
      `Meta takes ${MOST_IN_ALL} templates of an account, counting each language; delete some that are not used`,
      { details: { templates: String(inAll), limit: String(MOST_IN_ALL) } },
    );
  }
  const first = lately.at(-MOST_IN_AN_HOUR);
  if (lately.length < MOST_IN_AN_HOUR || !first) return;
  const opensAtMs = first.getTime() + HOUR_MS;
  const opensAt = new Date(opensAtMs).toISOString();
  throw new Failure(
    'exhausted',
    'template.too-many-new',
    `Meta takes ${MOST_IN_AN_HOUR} new templates of an account in an hour; the draft is kept, submit it at ${opensAt}`,
    { retryAfterMs: Math.max(0, opensAtMs - at.getTime()), details: { opens_at: opensAt } },
  );
}
