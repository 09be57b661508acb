import { type Day } from './day.js';

/** What costs and what is free, by date (BL-4): Meta's rules as data. The one in force is the latest that has begun. */
export interface Policy {
  /** The day it holds from, which is also its name. */
  readonly since: Day;
  /** Utility templates while the customer service window is open. */
  readonly utilityInWindow: 'free' | 'charged';
  /** Messages that are no templates. */
  readonly service: 'free' | 'charged';
  /** Delivered service messages a number and month that are free before any is charged. */
  readonly freeServiceMessages: number;
}

const first: Policy = { since: '2025-07-01', utilityInWindow: 'free', service: 'free', freeServiceMessages: 0 };

export const policies: readonly Policy[] = [
  first,
  { since: '2026-10-01', utilityInWindow: 'charged', service: 'charged', freeServiceMessages: 1_000 },
];

/** Of a day before the first one the first. */
export const policyOn = (day: Day): Policy => policies.findLast(({ since }) => since <= day) ?? first;

/** Marketing templates that Meta does not deliver: to US numbers since then (TX-7). An end is set when Meta lifts it. */
export interface Pause {
  readonly country: string;
  readonly category: 'marketing';
  readonly since: Day;
  readonly until: Day | undefined;
}

export const pauses: readonly Pause[] = [
  { country: 'US', category: 'marketing', since: '2025-04-01', until: undefined },
];

export const isPaused = (country: string, category: string, day: Day): boolean =>
  pauses.some(
    (pause) =>
      pause.country === country &&
      pause.category === category &&
      pause.since <= day &&
      (pause.until === undefined || day < pause.until),
  );
