import { type FieldViolation } from '@switchboard/errors';
import {
  isOwnerName,
  LONGEST_DELAY_MS,
  MAX_KEY_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_VERSION,
  SHORTEST_DELAY_MS,
} from './timer.js';

/** What is wrong with what is asked of timers: the field, the rule, the remedy. The same for calls and for events. */

export interface Asked {
  readonly owner: string;
  readonly timerKey: string;
  readonly version: bigint;
}

export function nameRules({ owner, timerKey }: Pick<Asked, 'owner' | 'timerKey'>, owners: ReadonlySet<string>) {
  return [...ownerRules(owner, owners), ...keyRules(timerKey)];
}

export function ownerRules(owner: string, owners: ReadonlySet<string>): FieldViolation[] {
  if (owners.has(owner)) return [];
  const known = [...owners].join(', ');
  const description = isOwnerName(owner)
    ? `must be an owner of this installation: ${known}; correct it, or add it to TIMER_OWNERS`
    : `must begin with a letter and have at most 32 lower-case letters, digits and hyphens; one of ${known}`;
  return [{ field: 'owner', description }];
}

function keyRules(timerKey: string): FieldViolation[] {
  if (timerKey !== '' && timerKey.length <= MAX_KEY_LENGTH) return [];
  return [
    { field: 'timer_key', description: 'must be 1 to 256 characters; shorten it, or use a hash of what it names' },
  ];
}

export function versionRules(version: bigint): FieldViolation[] {
  if (version >= 1n && version <= BigInt(MAX_VERSION)) return [];
  const description = `must be 1 to ${MAX_VERSION}, growing with each command of the timer; use a counter or milliseconds`;
  return [{ field: 'version', description }];
}

export function contentRules({ firedKey, payload }: { firedKey: string; payload: Uint8Array }): FieldViolation[] {
  const violations: FieldViolation[] = [];
  if (firedKey.length > MAX_KEY_LENGTH)
    violations.push({
      field: 'fired_key',
      description: 'must be at most 256 characters; shorten it, or leave it out to use the timer key',
    });
  if (payload.byteLength > MAX_PAYLOAD_BYTES)
    violations.push({
      field: 'payload',
      description: `must be at most ${MAX_PAYLOAD_BYTES} bytes, and is ${payload.byteLength}; keep the rest yourself and send its id`,
    });
  return violations;
}

/** A deadline of a call: 1 s to 400 days from now. */
export function deadlineRules(field: string, due: number | undefined, now: number): FieldViolation[] {
  if (due === undefined)
    return [{ field: 'when', description: 'must be a time or a delay; set one of due_at and delay' }];
  if (due >= now + SHORTEST_DELAY_MS - CLOCKS_MS && due <= now + LONGEST_DELAY_MS) return [];
  const description =
    'must be 1 s to 400 days from now; do at once what is due sooner, and arm again what is due later';
  return [{ field, description }];
}

/** A caller's clock that is a little behind ours is no error. */
const CLOCKS_MS = 500;

/** A deadline of an event: it may have passed while the event waited to be read. */
export function saidDeadlineRules(field: string, due: number | undefined, saidAt: number): FieldViolation[] {
  if (due === undefined) return [{ field, description: 'must be the time to fire; set it' }];
  if (due <= saidAt + LONGEST_DELAY_MS + CLOCKS_MS && due > 0) return [];
  return [{ field, description: 'must be at most 400 days after the command; arm again when that has fired' }];
}
