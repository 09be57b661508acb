import { Failure } from '@switchboard/errors';
import { saysTheSame } from './diff.js';
import { hear } from './hear.js';
import { type Create, type Deleted, type Edit, type Input, type Submitted } from './inputs.js';
import {
  mustBeDeletable,
  mustBeEditable,
  mustBeFree,
  mustExist,
  mustKeepCategory,
  NAME_HELD_MS,
  recentEdits,
} from './rules.js';
import {
  isDeleted,
  latestVersion,
  noTemplate,
  type Template,
  versionOf,
  withVersion,
  withVersionStatus,
} from './template.js';

/** The template after an input; the same object when nothing changes. Throws a `Failure` where people ask for too much. */
export function fold(template: Template, input: Input): Template {
  const next = decide(template, input);
  return next === template ? template : { ...next, changedAt: input.at };
}

function decide(template: Template, input: Input): Template {
  switch (input.kind) {
    case 'create':
      return create(template, input);
    case 'edit':
      return edit(template, input);
    case 'submitted':
      return submitted(template, input);
    case 'deleted':
      return deleted(template, input);
    case 'unpaused':
      mustExist(template);
      return template.status === 'paused'
        ? { ...template, status: 'approved', statusReason: '', pausedUntil: null, pacedAt: null, heardAt: input.at }
        : template;
    default:
      return hear(template, input);
  }
}

/** A name that was deleted begins anew; its versions go on counting, so that what was sent stays told apart. */
function create(template: Template, input: Create): Template {
  mustBeFree(template, input.at);
  const { organisationId, wabaId, name, language, category, content, at, by } = input;
  const { versions } = template;
  return withVersion(
    { ...noTemplate(), organisationId, wabaId, name, language, category, versions, createdAt: at, heardAt: at },
    { content, category, status: 'draft', statusReason: '', createdAt: at, createdBy: by },
  );
}

function edit(template: Template, input: Edit): Template {
  mustBeEditable(template);
  const { content, at, by, expectedLatestVersion } = input;
  const latest = latestVersion(template);
  const known = versionOf(template, latest);
  const category = input.category ?? (known?.status === 'draft' ? known.category : template.category);
  // Asked for twice, after an answer that was lost.
  const isAskedAlready = input.category === null || input.category === known?.category;
  if (known && isAskedAlready && saysTheSame(known.content, content, 'to the letter')) return template;
  if (expectedLatestVersion !== 0 && expectedLatestVersion !== latest) {
    throw new Failure(
      'conflict',
      'template.edited-meanwhile',
      `somebody has written version ${latest} since; read it, and edit it with that expected_latest_version`,
      { details: { latest_version: String(latest) } },
    );
  }
  if (input.category !== null) mustKeepCategory(template, input.category);
  const isUnsent = template.metaTemplateId === '';
  return withVersion(isUnsent ? { ...template, category } : template, {
    content,
    category,
    status: 'draft',
    statusReason: '',
    createdAt: at,
    createdBy: by,
  });
}

function submitted(template: Template, input: Submitted): Template {
  const { version, metaTemplateId, status, category, at } = input;
  // Meta's webhook, or a look at all templates, was faster.
  if (template.metaTemplateId === metaTemplateId && template.submittedVersion >= version) return template;
  const wasApproved = template.status === 'approved';
  const next: Template = {
    ...withVersionStatus(template, version, status),
    metaTemplateId,
    submittedVersion: version,
    submittedAt: template.submittedAt ?? at,
    editedAt: wasApproved ? [...recentEdits(template, at), at] : template.editedAt,
    status,
    statusReason: '',
    recommendation: '',
    sentVersion: status === 'approved' ? version : template.sentVersion,
    heardAt: at,
  };
  const asked = versionOf(template, version)?.category ?? template.category;
  return asked === category ? { ...next, category } : { ...next, category, categoryBefore: asked };
}

/** What was approved once goes slowly: messages that were accepted keep trying, and the name is held. */
function deleted(template: Template, { at }: Deleted): Template {
  mustBeDeletable(template);
  if (isDeleted(template)) return template;
  const wasApproved = template.sentVersion > 0;
  return {
    ...template,
    status: wasApproved ? 'pending-deletion' : 'deleted',
    statusReason: '',
    nameHeldUntil: wasApproved ? new Date(at.getTime() + NAME_HELD_MS) : null,
    heardAt: at,
  };
}
