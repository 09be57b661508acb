/** Whether Meta may charge for a message: what is sent twice then is paid twice. */
import { type Content } from './content.js';

interface CostRule {
  readonly from: Date;
  /** What is no template. */
  readonly service: boolean;
}

/**
 * Oldest first. Source: Meta, *Pricing*: per-message pricing from 2025-07-01 charges templates and nothing else; from
 * 2026-10-01 service messages too, but for an allowance per number that is not known here.
 */
const rules: readonly CostRule[] = [
  { from: new Date('2025-07-01T00:00:00Z'), service: false },
  { from: new Date('2026-10-01T00:00:00Z'), service: true },
];

/** When in doubt it may. */
export function mayCost(content: Content, at: Date): boolean {
  if (content.kind === 'template') return true;
  return rules.findLast(({ from }) => from <= at)?.service ?? true;
}
