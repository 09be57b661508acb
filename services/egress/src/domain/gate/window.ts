import { type Refusal } from './refusal.js';

/** The customer service window: 24 h from the customer's last message, by Meta's time of it. */
export const WINDOW_MS = 24 * 3_600_000;

export const windowClosesAt = (lastInboundAt: Date | undefined): Date | undefined =>
  lastInboundAt && new Date(lastInboundAt.getTime() + WINDOW_MS);

/**
 * Closed from 24:00:00 on, without a margin for clocks that differ: what goes a moment late Meta refuses (131047) and does
 * not charge, and what would be held back a moment early could have been said.
 */
export const refusedByWindow = (closesAt: Date | undefined, now: Date): Refusal | undefined =>
  closesAt && now < closesAt ? undefined : windowClosed;

/** The later of two times that may not be known. */
export const later = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  !a || !b ? (a ?? b) : a > b ? a : b;

export const windowClosed: Refusal = {
  code: 'egress.window-closed',
  reason: 'the customer has not written for 24 hours',
  remedy: 'send an approved template, or wait until the customer writes',
  field: 'recipient',
};
