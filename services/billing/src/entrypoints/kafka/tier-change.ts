import { type ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { whatsappChanges } from '@switchboard/contracts/topics';
import { done, handle, type Handler, setAside, skip } from '@switchboard/kafka';
import { isCategory } from '../../domain/prices/rates.js';
import { spanOf } from '../../domain/prices/tier-lines.js';
import { isTiered } from '../../domain/prices/tiers.js';
import { type HearTier, type TierReached } from '../../use-cases/hear-tiers.js';

const TIER_REACHED = 'VOLUME_BASED_PRICING_TIER_UPDATE';

/** What Meta tells of volume tiers; its other changes are for others. */
export const onTierChange = (hearTier: HearTier): Handler =>
  handle(whatsappChanges, async (change) => {
    if (change.event !== TIER_REACHED || change.detail?.$case !== 'account') return skip('it is not about a tier');
    const reached = readTier(change, change.detail.value);
    if (typeof reached === 'string') return setAside(reached);
    return (await hearTier(reached)) === 'heard' ? done : skip('no number of this account is known');
  });

type Detail = Extract<NonNullable<ChangeReceived['detail']>, { $case: 'account' }>['value'];

/** A sentence for what cannot be read. */
export function readTier({ wabaId: waba, occurredAt, raw }: ChangeReceived, detail: Detail): TierReached | string {
  const { volumeTier, pricingCategory, region: market, effectiveMonth: month } = detail;
  const category = pricingCategory.toLowerCase().replaceAll('-', '_');
  if (!isCategory(category) || !isTiered(category)) return `it tells of a category without tiers: ${pricingCategory}`;
  const span = spanOf(volumeTier);
  if (!span) return `it tells of a tier that cannot be read: ${volumeTier}`;
  if (!/^\d{4}-\d{2}$/.test(month)) return `it tells of a month that cannot be read: ${month}`;
  const since = reachedAt(raw) ?? occurredAt;
  if (waba === '' || market === '' || !since) return 'it does not name account, region and time of its tier';
  return { waba, market, category, month, lower: span.lower, since };
}

/** `tier_update_time` has no field in the contract: it is in what Meta sent. */
function reachedAt(raw: Uint8Array): Date | undefined {
  try {
    const value = JSON.parse(Buffer.from(raw).toString()) as {
      volume_tier_info?: { tier_update_time?: unknown };
    } | null;
    const at = Number(value?.volume_tier_info?.tier_update_time) * 1_000;
    return at > 0 && at < 8.64e15 ? new Date(at) : undefined;
  } catch {
    return undefined;
  }
}
