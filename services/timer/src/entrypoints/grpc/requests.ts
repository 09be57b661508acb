import {
  type CancelRequest,
  type GetRequest,
  type ListRequest,
  type NewTimer,
  type ResetRequest,
} from '@switchboard/contracts/timer/v1/timer_service';
import { type FieldViolation, invalid } from '@switchboard/errors';
import { type Asked, contentRules, deadlineRules, nameRules, ownerRules, versionRules } from '../../domain/rules.js';
import { type Command, MAX_KEY_LENGTH, MAX_VERSION } from '../../domain/timer.js';

/** Requests as commands and questions, or everything that is wrong with them at once. */

export interface Circumstances {
  readonly owners: ReadonlySet<string>;
  readonly now: number;
  readonly traceparent: string | undefined;
}

export const MOST_IN_BATCH = 500;
const MOST_IN_PAGE = 500;
const USUAL_PAGE = 50;

type When = NewTimer['when'] | ResetRequest['when'];

function dueOf(when: When, now: number): number | undefined {
  if (when?.$case === 'dueAt') return when.value.getTime();
  if (when?.$case === 'delay') return now + Number(when.value.seconds) * 1_000 + Math.ceil(when.value.nanos / 1e6);
  return undefined;
}

const fieldOf = (when: When): string => (when?.$case === 'delay' ? 'delay' : 'due_at');

export function armOf(timer: NewTimer | undefined, circumstances: Circumstances): Command {
  const { command, violations } = readArm(timer, circumstances);
  refuse(violations.map(({ field, description }) => ({ field: `timer.${field}`, description })));
  return command;
}

export function armsOf(timers: readonly NewTimer[], circumstances: Circumstances): Command[] {
  if (timers.length < 1 || timers.length > MOST_IN_BATCH)
    refuse([
      { field: 'timers', description: `must be 1 to ${MOST_IN_BATCH}, and are ${timers.length}; split the batch` },
    ]);
  const read = timers.map((timer) => readArm(timer, circumstances));
  refuse(
    read.flatMap(({ violations }, index) =>
      violations.map(({ field, description }) => ({ field: `timers[${index}].${field}`, description })),
    ),
  );
  return read.map(({ command }) => command);
}

function readArm(timer: NewTimer | undefined, circumstances: Circumstances) {
  const { owner = '', timerKey = '', version = 0n, firedKey = '', payload = Buffer.alloc(0), when } = timer ?? {};
  const { owners, now, traceparent } = circumstances;
  const due = dueOf(when, now);
  const violations: FieldViolation[] = [
    ...commandRules({ owner, timerKey, version }, owners),
    ...deadlineRules(fieldOf(when), due, now),
    ...contentRules({ firedKey, payload }),
  ];
  const content = { firedKey: firedKey === '' ? timerKey : firedKey, payload, ...(traceparent && { traceparent }) };
  const what = { kind: 'arm', due: due ?? 0, content } as const;
  const command: Command = { owner, key: timerKey, version: Number(version), what };
  return { command, violations };
}

export function resetOf({ owner, timerKey, version, when }: ResetRequest, { owners, now }: Circumstances): Command {
  const due = dueOf(when, now);
  refuse([...commandRules({ owner, timerKey, version }, owners), ...deadlineRules(fieldOf(when), due, now)]);
  return { owner, key: timerKey, version: Number(version), what: { kind: 'reset', due: due ?? 0 } };
}

export function cancelOf({ owner, timerKey, version }: CancelRequest, { owners, now }: Circumstances): Command {
  refuse(commandRules({ owner, timerKey, version }, owners));
  return { owner, key: timerKey, version: Number(version), what: { kind: 'cancel', at: now } };
}

export function getIsSound(request: GetRequest, owners: ReadonlySet<string>): void {
  const violations: FieldViolation[] = [...nameRules(request, owners)];
  if (request.minVersion > BigInt(MAX_VERSION))
    violations.push({ field: 'min_version', description: `must be at most ${MAX_VERSION}; take it from your command` });
  refuse(violations);
}

export interface PageOf {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly size: number;
}

export function pageOf({ owner, pageSize, pageToken, keyPrefix }: ListRequest, owners: ReadonlySet<string>): PageOf {
  const violations = ownerRules(owner, owners);
  const after = pageToken === '' ? undefined : Buffer.from(pageToken, 'base64url').toString();
  if (pageSize > MOST_IN_PAGE)
    violations.push({
      field: 'page_size',
      description: `must be 1 to ${MOST_IN_PAGE}, or 0 for ${USUAL_PAGE}; ask for more pages`,
    });
  if (keyPrefix.length > MAX_KEY_LENGTH)
    violations.push({ field: 'key_prefix', description: 'must be at most 256 characters; no key is longer' });
  if (after !== undefined && (tokenOf(after) !== pageToken || !after.startsWith(keyPrefix)))
    violations.push({
      field: 'page_token',
      description: 'must be from the answer before, to the same request; leave it empty to begin anew',
    });
  refuse(violations);
  return { prefix: keyPrefix, after, size: pageSize === 0 ? USUAL_PAGE : pageSize };
}

export const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

const commandRules = (asked: Asked, owners: ReadonlySet<string>): FieldViolation[] => [
  ...nameRules(asked, owners),
  ...versionRules(asked.version),
];

function refuse(violations: readonly FieldViolation[]): void {
  if (violations.length > 0) throw invalid('timer.bad-request', violations);
}
