/** Templates, from the contracts to the domain. */
import {
  TemplateCategory as CategoryProto,
  type Template,
  type TemplateButton,
  type TemplateContent,
  TemplateStatus as StatusProto,
} from '@switchboard/contracts/template/v1/template';
import { type TemplateCategory, type TemplateStatus, type TemplateView } from './domain/template.js';
import { type ButtonNeed, type HeaderNeed, type TemplateNeeds } from './domain/template-parameters.js';

/** Undefined for what is no template: without a category it cannot be sent. */
export function templateFromProto(template: Template): TemplateView | undefined {
  const category = categories[template.category];
  const status = statuses[template.status];
  if (!category || !status || template.templateId === '') return undefined;
  const { templateId, revision, wabaId, name, language, statusReason, sentVersion, pausedUntil, changedAt } = template;
  return {
    templateId,
    revision: Number(revision),
    waba: wabaId,
    name,
    language,
    category,
    status,
    statusReason,
    version: sentVersion,
    ...(pausedUntil && { pausedUntil }),
    changedAt: changedAt ?? new Date(0),
    needs: needsOf(template.content, category),
  };
}

const categories: Partial<Record<CategoryProto, TemplateCategory>> = {
  [CategoryProto.TEMPLATE_CATEGORY_MARKETING]: 'marketing',
  [CategoryProto.TEMPLATE_CATEGORY_UTILITY]: 'utility',
  [CategoryProto.TEMPLATE_CATEGORY_AUTHENTICATION]: 'authentication',
};

const statuses: Partial<Record<StatusProto, TemplateStatus>> = {
  [StatusProto.TEMPLATE_STATUS_DRAFT]: 'draft',
  [StatusProto.TEMPLATE_STATUS_PENDING]: 'pending',
  [StatusProto.TEMPLATE_STATUS_APPROVED]: 'approved',
  [StatusProto.TEMPLATE_STATUS_REJECTED]: 'rejected',
  [StatusProto.TEMPLATE_STATUS_PAUSED]: 'paused',
  [StatusProto.TEMPLATE_STATUS_DISABLED]: 'disabled',
  [StatusProto.TEMPLATE_STATUS_IN_APPEAL]: 'in-appeal',
  [StatusProto.TEMPLATE_STATUS_PENDING_DELETION]: 'pending-deletion',
  [StatusProto.TEMPLATE_STATUS_DELETED]: 'deleted',
  [StatusProto.TEMPLATE_STATUS_LIMIT_EXCEEDED]: 'limit-exceeded',
  [StatusProto.TEMPLATE_STATUS_ARCHIVED]: 'archived',
  [StatusProto.TEMPLATE_STATUS_LOCKED]: 'locked',
};

function needsOf(content: TemplateContent | undefined, category: TemplateCategory): TemplateNeeds {
  const header = headerOf(content?.header?.kind);
  return {
    ...(header && { header }),
    // The words of authentication templates are Meta's, and hold the code.
    body: category === 'authentication' ? ['1'] : placeholdersIn(content?.body?.text?.text ?? ''),
    buttons: (content?.buttons ?? []).map(buttonOf),
  };
}

function headerOf(kind: NonNullable<TemplateContent['header']>['kind']): HeaderNeed | undefined {
  switch (kind?.$case) {
    case 'text': {
      const placeholders = placeholdersIn(kind.value.text);
      return placeholders.length > 0 ? { kind: 'text', placeholders } : undefined;
    }
    case 'media':
      return isMedia(kind.value.kind) ? { kind: kind.value.kind } : undefined;
    case 'location':
      return { kind: 'location' };
    case undefined:
      return undefined;
  }
}

function buttonOf({ kind }: TemplateButton): ButtonNeed {
  switch (kind?.$case) {
    case 'quickReply':
      return { kind: 'quick_reply', parameter: 'optional' };
    case 'url':
      return { kind: 'url', parameter: placeholdersIn(kind.value.url).length > 0 ? 'needed' : 'none' };
    case 'copyCode':
      return { kind: 'copy_code', parameter: 'needed' };
    case 'flow':
      return { kind: 'flow', parameter: 'optional' };
    case 'catalogue':
      return { kind: 'catalog', parameter: 'optional' };
    case 'oneTimePassword':
      return { kind: 'url', parameter: 'needed' };
    case 'phone':
    case 'requestContactInfo':
    case undefined:
      return { kind: '', parameter: 'none' };
  }
}

const isMedia = (kind: string): kind is 'image' | 'video' | 'document' => ['image', 'video', 'document'].includes(kind);

/** Each once, in the order in which they stand; positional ones in the order of their numbers. */
function placeholdersIn(text: string): string[] {
  const found = [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/g)].map(([, name = '']) => name))];
  return found.every((name) => /^\d+$/.test(name)) ? found.sort((a, b) => Number(a) - Number(b)) : found;
}
