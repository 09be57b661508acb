/** What Meta allows a number and a portfolio, as its webhooks say it. */

/** How fast a number may be. `coexistence`: it is used in the WhatsApp Business app as well. */
export type Level = 'standard' | 'high' | 'coexistence';

/** Messages a second, in and out together, by level. Source: Meta, *Throughput* and *Coexistence*. */
export type Throughputs = Readonly<Record<Level, number>>;

/** The limit of people reached in 24 hours: `TIER_2K`, `TIER_UNLIMITED` or a number; undefined = it says nothing. */
export function messagingLimitOf(text: string): number | undefined {
  const said = text
    .trim()
    .toUpperCase()
    .replace(/^TIER_/, '');
  if (said === 'UNLIMITED' || said === '-1') return Infinity;
  const found = /^(\d+)(K|M)?$/.exec(said);
  if (!found) return undefined;
  const limit = Number(found[1]) * (found[2] === 'K' ? 1_000 : found[2] === 'M' ? 1_000_000 : 1);
  return limit > 0 ? limit : undefined;
}
