import { type Category } from '../domain/prices/rates.js';
import { type PayerDirectory } from './payers.js';
import { type VolumeUseCases } from './volumes.js';

/** Meta says that a portfolio has reached a volume tier. */
export interface TierReached {
  /** The account that tells of it; the tier is its portfolio's. */
  readonly waba: string;
  /** As the rate card names it. */
  readonly market: string;
  readonly category: Category;
  /** `2026-11`. */
  readonly month: string;
  /** The first message of the tier. */
  readonly lower: number;
  readonly since: Date;
}

export type HearTier = ReturnType<typeof createHearTier>;

/** Corrects what was counted by what Meta says (BL-10). Harmless twice. */
export function createHearTier(deps: {
  directory: Pick<PayerDirectory, 'portfolioOf'>;
  volumes: Pick<VolumeUseCases, 'tell'>;
}) {
  return async function hearTier({ waba, market, category, ...told }: TierReached): Promise<'heard' | 'unknown'> {
    const portfolio = await deps.directory.portfolioOf(waba);
    if (portfolio === '') return 'unknown';
    await deps.volumes.tell({ portfolio, market, category }, told);
    return 'heard';
  };
}
