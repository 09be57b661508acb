/** Templates, between the contracts and the domain. */
import {
  type Template as TemplateProto,
  TemplateCategory,
  TemplateQuality,
  TemplateStatus,
  type TemplateVersion,
} from '@switchboard/contracts/template/v1/template';
import { type Category } from '../domain/content.js';
import {
  latestVersion,
  type Quality,
  shownVersion,
  type Status,
  type Template,
  type Version,
} from '../domain/template.js';
import { contentToProto } from './content.js';

const categories = {
  marketing: TemplateCategory.TEMPLATE_CATEGORY_MARKETING,
  utility: TemplateCategory.TEMPLATE_CATEGORY_UTILITY,
  authentication: TemplateCategory.TEMPLATE_CATEGORY_AUTHENTICATION,
} as const satisfies Record<Category, TemplateCategory>;

const statuses = {
  draft: TemplateStatus.TEMPLATE_STATUS_DRAFT,
  pending: TemplateStatus.TEMPLATE_STATUS_PENDING,
  approved: TemplateStatus.TEMPLATE_STATUS_APPROVED,
  rejected: TemplateStatus.TEMPLATE_STATUS_REJECTED,
  paused: TemplateStatus.TEMPLATE_STATUS_PAUSED,
  disabled: TemplateStatus.TEMPLATE_STATUS_DISABLED,
  'in-appeal': TemplateStatus.TEMPLATE_STATUS_IN_APPEAL,
  'pending-deletion': TemplateStatus.TEMPLATE_STATUS_PENDING_DELETION,
  deleted: TemplateStatus.TEMPLATE_STATUS_DELETED,
  'limit-exceeded': TemplateStatus.TEMPLATE_STATUS_LIMIT_EXCEEDED,
  archived: TemplateStatus.TEMPLATE_STATUS_ARCHIVED,
  locked: TemplateStatus.TEMPLATE_STATUS_LOCKED,
} as const satisfies Record<Status, TemplateStatus>;

const qualities = {
  unknown: TemplateQuality.TEMPLATE_QUALITY_UNSPECIFIED,
  green: TemplateQuality.TEMPLATE_QUALITY_GREEN,
  yellow: TemplateQuality.TEMPLATE_QUALITY_YELLOW,
  red: TemplateQuality.TEMPLATE_QUALITY_RED,
} as const satisfies Record<Quality, TemplateQuality>;

const reversed = <Word extends string, Proto>(of: Record<Word, Proto>): ReadonlyMap<Proto, Word> =>
  new Map((Object.entries(of) as [Word, Proto][]).map(([word, proto]) => [proto, word]));

const categoryOf = reversed<Category, TemplateCategory>(categories);
const statusOf = reversed<Status, TemplateStatus>(statuses);

/** Undefined where nothing is said that we know. */
export const categoryFromProto = (category: TemplateCategory): Category | undefined => categoryOf.get(category);
export const statusFromProto = (status: TemplateStatus): Status | undefined => statusOf.get(status);

export const categoryToProto = (category: Category | null): TemplateCategory =>
  category ? categories[category] : TemplateCategory.TEMPLATE_CATEGORY_UNSPECIFIED;

export function templateToProto(of: {
  readonly templateId: string;
  readonly revision: number;
  readonly template: Template;
}): TemplateProto {
  const { templateId, revision, template } = of;
  const { organisationId, wabaId, name, language, warning, statusReason, recommendation, metaTemplateId } = template;
  const { sentVersion, createdAt, changedAt, pausedUntil } = template;
  const shown = shownVersion(template);
  return {
    ...{ templateId, organisationId, wabaId, name, language, statusReason, recommendation, metaTemplateId },
    ...{ sentVersion, createdAt, changedAt, pausedUntil: pausedUntil ?? undefined },
    revision: BigInt(revision),
    category: categories[template.category],
    categoryWarning: warning ? { category: categories[warning.category], at: warning.at } : undefined,
    status: statuses[template.status],
    quality: qualities[template.quality],
    latestVersion: latestVersion(template),
    content: shown && contentToProto(shown.content),
  };
}

export const versionToProto = ({ content, category, status, ...version }: Version): TemplateVersion => ({
  ...version,
  content: contentToProto(content),
  category: categories[category],
  status: statuses[status],
});
