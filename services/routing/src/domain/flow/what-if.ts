import type { FieldViolation } from '@switchboard/errors';
import { type Duration, nominalMs } from './duration.js';
import { createFields } from './fields.js';
import { ranges } from './read-flow.js';
import type { FlowSettings } from './written.js';

/** Times that are tried on chats of the past, in milliseconds; null = not asked about. */
export interface TriedTimes {
  readonly waitingMs: number | null;
  readonly missedCloseMs: number | null;
  readonly idleCustomerOwesMs: number | null;
  readonly idleOperatorOwesMs: number | null;
}

export type WrittenTimes = Pick<
  FlowSettings,
  'waitingTime' | 'missedClose' | 'idleCloseCustomerOwes' | 'idleCloseOperatorOwes'
>;

/** As settings are read, by the same ranges. A day counts 24 hours and a month 31 days. */
export function readTimes(written: WrittenTimes): {
  readonly times: TriedTimes;
  readonly violations: readonly FieldViolation[];
} {
  const { duration, violations } = createFields();
  const msOf = (read: Duration | null): number | null => read && nominalMs(read);
  const times = {
    waitingMs: msOf(duration('waiting_time', written.waitingTime, ranges.waitingTime, null)),
    missedCloseMs: msOf(duration('missed_close', written.missedClose, ranges.missedClose, null)),
    idleCustomerOwesMs: msOf(
      duration('idle_close_customer_owes', written.idleCloseCustomerOwes, ranges.idleClose, null),
    ),
    idleOperatorOwesMs: msOf(
      duration('idle_close_operator_owes', written.idleCloseOperatorOwes, ranges.idleClose, null),
    ),
  };
  return { times, violations };
}
