/** What happens to a template: what people want, and what Meta says. */
import { type Category, type TemplateContent } from './content.js';
import { type Quality, type Status } from './template.js';

export interface Create {
  readonly kind: 'create';
  readonly at: Date;
  readonly by: string;
  readonly organisationId: string;
  readonly wabaId: string;
  readonly name: string;
  readonly language: string;
  readonly category: Category;
  readonly content: TemplateContent;
}

export interface Edit {
  readonly kind: 'edit';
  readonly at: Date;
  readonly by: string;
  /** 0 = whatever it is. */
  readonly expectedLatestVersion: number;
  /** Null = as it is. */
  readonly category: Category | null;
  readonly content: TemplateContent;
}

/** Meta has taken a version for review. */
export interface Submitted {
  readonly kind: 'submitted';
  readonly at: Date;
  readonly version: number;
  readonly metaTemplateId: string;
  readonly status: Status;
  readonly category: Category;
}

/** Gone here and, where it was there, at Meta. */
export interface Deleted {
  readonly kind: 'deleted';
  readonly at: Date;
}

/** Meta has ended a pause for pace at our word. */
export interface Unpaused {
  readonly kind: 'unpaused';
  readonly at: Date;
}

interface Told {
  readonly at: Date;
  /** Meta's time. */
  readonly toldAt: Date;
  readonly metaTemplateId: string;
}

/** `message_template_status_update`. */
export interface StatusTold extends Told {
  readonly kind: 'status-told';
  /** `APPROVED`, `REJECTED`, `FLAGGED` … */
  readonly event: string;
  readonly reason: string;
  readonly recommendation: string;
  /** `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE` …; empty = none. */
  readonly title: string;
  readonly category: Category | null;
}

/** `message_template_quality_update`. */
export interface QualityTold extends Told {
  readonly kind: 'quality-told';
  readonly quality: Quality;
}

/** `template_category_update`, a day before. */
export interface CategoryAnnounced extends Told {
  readonly kind: 'category-announced';
  readonly category: Category;
  readonly from: Date;
}

/** `template_category_update`, done. */
export interface CategoryTold extends Told {
  readonly kind: 'category-told';
  readonly category: Category;
}

/** A template as it was read from Meta. */
export interface Seen {
  readonly kind: 'seen';
  readonly at: Date;
  /** Our time at which the reading began. */
  readonly readAt: Date;
  /** Those with a number in the account; a new one belongs to the first. */
  readonly organisationIds: readonly string[];
  readonly wabaId: string;
  readonly template: MetaTemplate;
}

export interface MetaTemplate {
  readonly metaTemplateId: string;
  readonly name: string;
  readonly language: string;
  readonly category: Category;
  readonly status: Status;
  readonly reason: string;
  readonly quality: Quality;
  readonly content: TemplateContent;
}

/** Meta has it no more: it was not among all that was read. */
export interface Gone {
  readonly kind: 'gone';
  readonly at: Date;
  readonly readAt: Date;
}

export type Input =
  | Create
  | Edit
  | Submitted
  | Deleted
  | Unpaused
  | StatusTold
  | QualityTold
  | CategoryAnnounced
  | CategoryTold
  | Seen
  | Gone;
