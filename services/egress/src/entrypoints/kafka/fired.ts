import { type Position } from '@switchboard/aggregates';
import { type TimerFired } from '@switchboard/contracts/timer/v1/events';
import { type FiredTimer } from '../../use-cases/hear-timers.js';

/** A timer of a message. The key of the record is its number. */
export function readFired(
  { timerKey, version, dueAt, payload }: TimerFired,
  number: string,
  position: Position,
): FiredTimer {
  const about = Buffer.from(payload).toString() === 'unknown' ? 'unknown' : 'expiry';
  return { position, messageId: timerKey, number, version: Number(version), about, at: dueAt ?? new Date(0) };
}
