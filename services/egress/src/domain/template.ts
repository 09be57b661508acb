/** What egress knows of message templates: the projection of `template.templates`. */
import { type TemplateNeeds } from './template-parameters.js';

export type TemplateCategory = 'marketing' | 'utility' | 'authentication';

export type TemplateStatus =
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

/** One language of a template, at one revision. */
export interface TemplateView {
  readonly templateId: string;
  /** Raised with every change. */
  readonly revision: number;
  readonly waba: string;
  readonly name: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly status: TemplateStatus;
  /** Why, as Meta says; empty where it says nothing. */
  readonly statusReason: string;
  /** The version that is sent now; 0 = none has been approved yet. */
  readonly version: number;
  readonly pausedUntil?: Date;
  readonly changedAt: Date;
  /** What a message has to bring for `version`. */
  readonly needs: TemplateNeeds;
}

/** What became of looking for a template by account, name and language. */
export type FoundTemplate =
  | { readonly kind: 'found'; readonly template: TemplateView }
  /** There is none; the name exists in these languages. */
  | { readonly kind: 'unknown'; readonly languages: readonly string[] }
  /** Nobody has told of any template of the account: there is nothing to check against. */
  | { readonly kind: 'unchecked' };

/**
 * Of all that has the name in an account the one in this language. A name may be used anew once it was deleted, so that
 * several have it: what is not deleted comes first, of those what changed last.
 */
export function templateIn(named: readonly TemplateView[], language: string): FoundTemplate {
  const [template] = named
    .filter((each) => each.language === language)
    .toSorted((a, b) => Number(isDeleted(a)) - Number(isDeleted(b)) || b.changedAt.getTime() - a.changedAt.getTime());
  if (template) return { kind: 'found', template };
  const languages = new Set(named.filter((each) => !isDeleted(each)).map((each) => each.language));
  return { kind: 'unknown', languages: [...languages].sort() };
}

const isDeleted = ({ status }: TemplateView): boolean => status === 'deleted';
