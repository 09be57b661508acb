/** Whether Meta may charge for a message: its price is held before it goes, and what is sent twice then is paid twice. */
import { type Content } from './content.js';
import { type Payer } from './money/payer.js';
import { type TemplateCategory } from './template.js';

/** What the price of a message depends on. */
export interface CostQuestion {
  readonly content: Content;
  /** Of its template, as far as it is known. */
  readonly category: TemplateCategory | undefined;
  readonly windowClosesAt: Date | undefined;
  /** The customer came by an advertisement: everything is free until then. */
  readonly freeEntryUntil: Date | undefined;
}

/**
 * Where billing tells nothing. Source: Meta, *Pricing*: per-message pricing from 2025-07-01 charges templates, but utility in
 * an open window, and nothing else; from 2026-10-01 those too, and service messages beyond an allowance.
 */
const PER_MESSAGE = new Date('2025-07-01T00:00:00Z');
const ALL_CHARGED = new Date('2026-10-01T00:00:00Z');

/** So many free messages may be on their way that billing has not counted yet. */
const MARGIN = 50;

/** When in doubt it may (BL-4). */
export function mayCost(
  { content, category, windowClosesAt, freeEntryUntil }: CostQuestion,
  at: Date,
  payer: Payer | undefined,
): boolean {
  // Meta neither charges nor counts reactions.
  if (content.kind === 'reaction' || (freeEntryUntil && freeEntryUntil > at)) return false;
  if (content.kind !== 'template') return isCharged(payer, payer?.serviceChargedSince, at) && !isAllowed(payer, at);
  const isInWindow = windowClosesAt !== undefined && windowClosesAt > at;
  if (category !== 'utility' || !isInWindow) return true;
  return isCharged(payer, payer?.utilityInWindowChargedSince, at);
}

function isCharged(payer: Payer | undefined, since: Date | undefined, at: Date): boolean {
  if (payer) return since !== undefined && since <= at;
  return at < PER_MESSAGE || at >= ALL_CHARGED;
}

/** Enough of the month's free messages is left. */
function isAllowed(payer: Payer | undefined, at: Date): boolean {
  if (!payer) return false;
  const { freeServiceMessages, freeServiceLeft, allowanceEndsAt } = payer;
  const left = allowanceEndsAt && at < allowanceEndsAt ? freeServiceLeft : freeServiceMessages;
  return left > MARGIN;
}
