/** What may be done to a template, and the refusals. Source: Meta, *Template management*, *Editing*, *Deleting*, *Pacing*. */
import { Failure } from '@switchboard/errors';
import { isDeleted, isMade, latestVersion, type Status, type Template } from './template.js';

const DAY_MS = 86_400_000;
export const NAME_HELD_MS = 30 * DAY_MS;
const EDITS_IN_30_DAYS = 10;
const LEAST_PACING_PAUSE_MS = 300_000;

const editable: readonly Status[] = ['draft', 'approved', 'rejected', 'paused'];

/** Whether Meta has a version of it that was approved: then its category stays. */
const isInUse = ({ status }: Template): boolean => status === 'approved' || status === 'paused';

export function mustExist(template: Template): void {
  if (!isMade(template) || isDeleted(template)) throw templateNotFound();
}

export function mustBeEditable(template: Template): void {
  mustExist(template);
  const { status } = template;
  if (status === 'pending' || status === 'in-appeal') {
    throw new Failure(
      'conflict',
      'template.under-review',
      'Meta reviews the template: it cannot be changed until that is over; wait for the outcome',
    );
  }
  if (!editable.includes(status)) {
    throw new Failure(
      'conflict',
      'template.not-editable',
      `the template is ${status}: only drafts and approved, rejected and paused ones can be changed; duplicate it under another name`,
      { details: { status } },
    );
  }
}

export function mustKeepCategory(template: Template, category: string): void {
  if (!isInUse(template) || category === template.category) return;
  throw new Failure(
    'conflict',
    'template.category-fixed',
    `the category of an approved template stays ${template.category}; duplicate it under another name to have another one`,
    { details: { category: template.category } },
  );
}

/** Approved ones are handed over once in 24 hours and 10 times in 30 days. */
export function mustBeSubmittable(template: Template, at: Date): void {
  mustBeEditable(template);
  if (template.status !== 'approved') return;
  const recent = recentEdits(template, at);
  const last = recent.at(-1);
  const tenth = recent.at(-EDITS_IN_30_DAYS);
  const opensAtMs = Math.max(
    last ? last.getTime() + DAY_MS : 0,
    recent.length >= EDITS_IN_30_DAYS && tenth ? tenth.getTime() + NAME_HELD_MS : 0,
  );
  if (opensAtMs <= at.getTime()) return;
  const opensAt = new Date(opensAtMs).toISOString();
  throw new Failure(
    'exhausted',
    'template.edited-too-often',
    `Meta takes an approved template once in 24 hours and ${EDITS_IN_30_DAYS} times in 30 days; the draft is kept, submit it at ${opensAt}`,
    { retryAfterMs: opensAtMs - at.getTime(), details: { opens_at: opensAt } },
  );
}

export const recentEdits = ({ editedAt }: Template, at: Date): readonly Date[] =>
  editedAt.filter((each) => at.getTime() - each.getTime() < NAME_HELD_MS);

export function mustBeDeletable(template: Template): void {
  if (!isMade(template)) throw templateNotFound();
  if (template.status !== 'disabled') return;
  throw new Failure(
    'conflict',
    'template.disabled',
    'Meta keeps templates that it has disabled; it cannot be deleted, and it is not sent either',
  );
}

export function mustBePaced(template: Template, at: Date): void {
  mustExist(template);
  const { status, pacedAt, statusReason } = template;
  if (status !== 'paused' || !pacedAt) {
    throw new Failure(
      'conflict',
      'template.not-paced',
      status === 'paused'
        ? `Meta has paused the template for its quality (${statusReason}) and ends that itself; wait`
        : `only a template that is paused for its pace can be unpaused; this one is ${status}`,
      { details: { status } },
    );
  }
  const opensAtMs = pacedAt.getTime() + LEAST_PACING_PAUSE_MS;
  if (at.getTime() >= opensAtMs) return;
  throw new Failure(
    'exhausted',
    'template.paced-just-now',
    'a pause for pace lasts five minutes at least; try again then',
    { retryAfterMs: opensAtMs - at.getTime() },
  );
}

export function mustBeFree(template: Template, at: Date): void {
  if (!isMade(template)) return;
  if (!isDeleted(template)) {
    throw new Failure(
      'conflict',
      'template.exists',
      'the account has a template of this name in this language; edit that one, or choose another name',
      { details: { latest_version: String(latestVersion(template)) } },
    );
  }
  const { nameHeldUntil } = template;
  if (!nameHeldUntil || nameHeldUntil <= at) return;
  throw new Failure(
    'conflict',
    'template.name-held',
    `Meta holds the name of a deleted template for 30 days; choose another name, or wait until ${nameHeldUntil.toISOString()}`,
    { details: { free_at: nameHeldUntil.toISOString() } },
  );
}

export const templateNotFound = (): Failure =>
  new Failure('not-found', 'template.not-found', 'no such template; create it first');
