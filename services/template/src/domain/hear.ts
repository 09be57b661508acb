/** What Meta says of a template, by webhook or when it is read. Source: Meta, webhooks `message_template_*`, `template_category_update`. */
import { type Category } from './content.js';
import { saysTheSame } from './diff.js';
import {
  type CategoryAnnounced,
  type CategoryTold,
  type Gone,
  type MetaTemplate,
  type QualityTold,
  type Seen,
  type StatusTold,
} from './inputs.js';
import { NAME_HELD_MS } from './rules.js';
import {
  isDeleted,
  isMade,
  noTemplate,
  type Status,
  type Template,
  versionOf,
  withVersion,
  withVersionStatus,
} from './template.js';

type Heard = StatusTold | QualityTold | CategoryAnnounced | CategoryTold | Seen | Gone;

export function hear(template: Template, input: Heard): Template {
  switch (input.kind) {
    case 'seen':
      return seen(template, input);
    case 'gone':
      return gone(template, input);
    default:
      return isAbout(template, input.metaTemplateId) ? told(template, input) : template;
  }
}

/** One of the same name may have gone before, or come after. */
const isAbout = (template: Template, metaTemplateId: string): boolean =>
  isMade(template) && template.metaTemplateId !== '' && template.metaTemplateId === metaTemplateId;

function told(template: Template, input: Exclude<Heard, Seen | Gone>): Template {
  switch (input.kind) {
    case 'status-told':
      return statusTold(template, input);
    case 'quality-told':
      return template.quality === input.quality ? template : { ...template, quality: input.quality, heardAt: input.at };
    case 'category-announced':
      return announced(template, input);
    case 'category-told': {
      const next = withCategory(template, input.category);
      return next === template ? template : { ...next, heardAt: input.at };
    }
  }
}

const statusOf: Readonly<Record<string, Status>> = {
  APPROVED: 'approved',
  REINSTATED: 'approved',
  UNARCHIVED: 'approved',
  REJECTED: 'rejected',
  PENDING: 'pending',
  PAUSED: 'paused',
  DISABLED: 'disabled',
  IN_APPEAL: 'in-appeal',
  PENDING_DELETION: 'pending-deletion',
  DELETED: 'deleted',
  LIMIT_EXCEEDED: 'limit-exceeded',
  ARCHIVED: 'archived',
  LOCKED: 'locked',
};

/** The state that a status or an event of Meta means; undefined for one that says nothing of where it stands. */
export const statusOfMeta = (word: string): Status | undefined => statusOf[word.toUpperCase()];

const inSeconds = (date: Date): number => Math.floor(date.getTime() / 1_000);

function statusTold(template: Template, input: StatusTold): Template {
  const { event, toldAt, at, category } = input;
  // What Meta has once taken away comes back under another id.
  if (template.status === 'deleted') return template;
  // Webhooks overtake each other; their times are whole seconds.
  if (inSeconds(toldAt) < inSeconds(template.toldAt)) return template;
  const status = statusOfMeta(event);
  const reason = reasonOf(input);
  const next = status
    ? withStatus(template, { ...input, status, reason })
    : // A warning, such as FLAGGED: it stands where it stood.
      { ...template, statusReason: event };
  const changed = category ? withCategory(next, category) : next;
  const isNew = inSeconds(toldAt) > inSeconds(template.toldAt) || !isSame(template, changed);
  return isNew ? { ...changed, toldAt, heardAt: at } : template;
}

const reasonOf = ({ reason, title }: StatusTold): string =>
  isNothing(reason) ? (title === 'UNPAUSE' ? '' : title) : reason;

const isNothing = (word: string): boolean => word === '' || word.toUpperCase() === 'NONE' || word === 'null';

interface Standing {
  readonly status: Status;
  readonly reason: string;
  readonly recommendation: string;
  readonly title: string;
  readonly toldAt: Date;
}

/** How long Meta pauses for quality; a pause for pace has no end of its own. */
const pauseMs: Readonly<Record<string, number>> = { FIRST_PAUSE: 3 * 3_600_000, SECOND_PAUSE: 6 * 3_600_000 };

function withStatus(template: Template, standing: Standing): Template {
  const { status, title, toldAt } = standing;
  const reason = status === 'approved' || isNothing(standing.reason) ? '' : standing.reason;
  const lasts = pauseMs[title];
  const isGoing = status === 'deleted' || status === 'pending-deletion';
  const version = template.submittedVersion;
  return {
    ...(isGoing ? template : withVersionStatus(template, version, status, reason)),
    status,
    statusReason: reason,
    recommendation: status === 'rejected' ? standing.recommendation : '',
    sentVersion: status === 'approved' ? version : template.sentVersion,
    pausedUntil: status === 'paused' && lasts !== undefined ? new Date(toldAt.getTime() + lasts) : null,
    pacedAt: status === 'paused' && title === 'RATE_LIMITING_PAUSE' ? toldAt : null,
    nameHeldUntil:
      isGoing && template.sentVersion > 0
        ? (template.nameHeldUntil ?? new Date(toldAt.getTime() + NAME_HELD_MS))
        : template.nameHeldUntil,
  };
}

/** TP-4 What is charged for it changes: remembered with what it was, for readers of the topic may miss a revision. */
const withCategory = (template: Template, category: Category): Template =>
  category === template.category
    ? template
    : { ...template, category, categoryBefore: template.category, warning: null };

function announced(template: Template, { category, from, at }: CategoryAnnounced): Template {
  const { warning } = template;
  if (category === template.category) return template;
  if (warning?.category === category && warning.at.getTime() === from.getTime()) return template;
  return { ...template, warning: { category, at: from }, heardAt: at };
}

function seen(template: Template, input: Seen): Template {
  const { at, readAt, organisationIds, wabaId } = input;
  // Something was heard since the reading began: what was read may be older. The next reading tells.
  if (isMade(template) && template.heardAt > readAt) return template;
  const { name, language, category, status, reason, quality, metaTemplateId } = input.template;
  const isOther = template.metaTemplateId !== '' && template.metaTemplateId !== metaTemplateId;
  const organisationId = ownerOf(template, organisationIds);
  const isAnew = !isMade(template) || (isDeleted(template) && isOther);
  const known: Template = isAnew
    ? { ...noTemplate(), versions: template.versions, wabaId, name, language, category, createdAt: at }
    : template;
  const placed = { ...placedVersion(known, input), organisationId, metaTemplateId, quality };
  const standing = { status, reason, recommendation: known.recommendation, title: '', toldAt: at };
  const isStanding = status === placed.status && !isAnew && placed.submittedVersion === known.submittedVersion;
  const next = withCategory(isStanding ? placed : withStatus(placed, standing), category);
  return isSame(template, next) ? template : { ...next, submittedAt: next.submittedAt ?? at, heardAt: at };
}

/** It stays whose it is while that organisation has a number in the account. */
const ownerOf = ({ organisationId }: Template, [first = organisationId, ...others]: readonly string[]): string =>
  others.includes(organisationId) ? organisationId : first;

/** Finds the version that Meta has, or keeps what somebody wrote there as a new one. */
function placedVersion(template: Template, { at, template: read }: Seen): Template {
  const says = (version: number) => {
    const known = versionOf(template, version);
    return known !== undefined && saysTheSame(known.content, read.content);
  };
  const candidates = [template.submittedVersion, template.versions.at(-1)?.version ?? 0, template.sentVersion];
  const found = candidates.find(says);
  if (found !== undefined)
    return found === template.submittedVersion ? template : { ...template, submittedVersion: found };
  const next = withVersion(template, writtenThere(read, at));
  return { ...next, submittedVersion: next.versions.at(-1)?.version ?? 0 };
}

const writtenThere = ({ content, category, status, reason }: MetaTemplate, at: Date) => ({
  content,
  category,
  status,
  statusReason: isNothing(reason) ? '' : reason,
  createdAt: at,
  createdBy: 'meta',
});

function gone(template: Template, { at, readAt }: Gone): Template {
  const { status, metaTemplateId, nameHeldUntil, heardAt } = template;
  if (!isMade(template) || metaTemplateId === '' || status === 'deleted' || heardAt > readAt) return template;
  // Meta lists it no more from the first day on.
  if (status === 'pending-deletion' && nameHeldUntil && nameHeldUntil > at) return template;
  return {
    ...template,
    status: 'deleted',
    statusReason: '',
    nameHeldUntil: template.sentVersion > 0 ? (nameHeldUntil ?? new Date(at.getTime() + NAME_HELD_MS)) : null,
    heardAt: at,
  };
}

const isSame = (before: Template, after: Template): boolean =>
  before === after || JSON.stringify(before) === JSON.stringify(after);
