import { type Category, type TemplateContent } from './content.js';

/** Where a template stands, or a version of it. */
export type Status =
  | 'draft'
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'paused'
  | 'disabled'
  | 'in-appeal'
  | 'pending-deletion'
  | 'deleted'
  | 'limit-exceeded'
  | 'archived'
  | 'locked';

export type Quality = 'unknown' | 'green' | 'yellow' | 'red';

/** One language of a template of one WhatsApp Business Account: the unit that Meta reviews. */
export interface Template {
  /** Empty until it is made. */
  readonly organisationId: string;
  readonly wabaId: string;
  readonly name: string;
  readonly language: string;
  /** As it is priced now: Meta's word once Meta has spoken. */
  readonly category: Category;
  /** What it was before Meta last changed it. */
  readonly categoryBefore: Category | null;
  readonly warning: { readonly category: Category; readonly at: Date } | null;
  readonly status: Status;
  readonly statusReason: string;
  readonly recommendation: string;
  readonly quality: Quality;
  /** Empty until Meta has it. */
  readonly metaTemplateId: string;
  /** The version that is sent now; 0 = none was ever approved. */
  readonly sentVersion: number;
  /** The newest version that Meta has; 0 = none. */
  readonly submittedVersion: number;
  /** Oldest first; the newest hundred, and those above. */
  readonly versions: readonly Version[];
  /** When Meta got it for the first time. */
  readonly submittedAt: Date | null;
  /** When an approved one was handed over anew, of the last 30 days. */
  readonly editedAt: readonly Date[];
  /** Deleted, and the name is held by Meta until then. */
  readonly nameHeldUntil: Date | null;
  readonly pausedUntil: Date | null;
  /** When a pause for pace began. */
  readonly pacedAt: Date | null;
  /** Meta's time of the last status that Meta told; never compared with times of ours. */
  readonly toldAt: Date;
  /** Our time at which a word of Meta was last taken over: what was read before is older. */
  readonly heardAt: Date;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** What a template said once. */
export interface Version {
  readonly version: number;
  readonly content: TemplateContent;
  /** Asked for. */
  readonly category: Category;
  readonly status: Status;
  readonly statusReason: string;
  readonly createdAt: Date;
  /** Subject of the token; `meta` for what was changed there. */
  readonly createdBy: string;
}

const never = new Date(0);

export const noTemplate = (): Template => ({
  organisationId: '',
  wabaId: '',
  name: '',
  language: '',
  category: 'utility',
  categoryBefore: null,
  warning: null,
  status: 'draft',
  statusReason: '',
  recommendation: '',
  quality: 'unknown',
  metaTemplateId: '',
  sentVersion: 0,
  submittedVersion: 0,
  versions: [],
  submittedAt: null,
  editedAt: [],
  nameHeldUntil: null,
  pausedUntil: null,
  pacedAt: null,
  toldAt: never,
  heardAt: never,
  createdAt: never,
  changedAt: never,
});

export const isMade = ({ organisationId }: Template): boolean => organisationId !== '';

export const isDeleted = ({ status }: Pick<Template, 'status'>): boolean =>
  status === 'deleted' || status === 'pending-deletion';

export const latestVersion = ({ versions }: Template): number => versions.at(-1)?.version ?? 0;

export const versionOf = ({ versions }: Template, version: number): Version | undefined =>
  versions.find((each) => each.version === version);

/** What is sent, or what the newest version says while nothing is. */
export const shownVersion = (template: Template): Version | undefined =>
  versionOf(template, template.sentVersion) ?? template.versions.at(-1);

const MOST_VERSIONS = 100;

/** With one more version; of the old ones those that Meta has stay. */
export function withVersion(template: Template, added: Omit<Version, 'version'>): Template {
  const version = latestVersion(template) + 1;
  const kept = template.versions.filter(
    (each) =>
      each.version > version - MOST_VERSIONS ||
      each.version === template.sentVersion ||
      each.version === template.submittedVersion,
  );
  return { ...template, versions: [...kept, { ...added, version }] };
}

/** With another status of one version. */
export const withVersionStatus = (
  template: Template,
  version: number,
  status: Status,
  statusReason = '',
): Template => ({
  ...template,
  versions: template.versions.map((each) => (each.version === version ? { ...each, status, statusReason } : each)),
});
