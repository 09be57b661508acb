import type { Json } from '../json.js';

export type TemplateStatus =
  'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED' | 'IN_APPEAL' | 'LIMIT_EXCEEDED' | 'ARCHIVED';

export type TemplateCategory = 'AUTHENTICATION' | 'MARKETING' | 'UTILITY';

export type TemplateQuality = 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';

/** One language of a template of one WABA. */
export interface Template {
  readonly id: string;
  /** Its place among all templates; later ones are higher. */
  readonly serial: number;
  readonly waba_id: string;
  readonly name: string;
  readonly language: string;
  readonly parameter_format: 'POSITIONAL' | 'NAMED';
  category: TemplateCategory;
  previous_category?: TemplateCategory;
  correct_category?: TemplateCategory;
  components: readonly Json[];
  message_send_ttl_seconds?: number;
  status: TemplateStatus;
  rejected_reason: string;
  quality: TemplateQuality;
  qualityAt?: number;
  updatedAt: number;
  wasApproved: boolean;
  /** When it was edited while it was approved. */
  edits: number[];
  pause?: { readonly title: PauseTitle; readonly atMs: number };
  /** Calls off the review or the end of a pause that is to come. */
  cancel?: () => void;
}

export type PauseTitle = 'FIRST_PAUSE' | 'SECOND_PAUSE' | 'RATE_LIMITING_PAUSE';

/** What the review of a template will say; said before it is created, by name. */
export interface Verdict {
  /** `none`: the review never ends. */
  readonly verdict: 'approve' | 'reject' | 'none';
  readonly reason?: string | undefined;
  readonly recommendation?: string | undefined;
  /** Meta's own idea of the category; already told when the template is created. */
  readonly category?: TemplateCategory | undefined;
  readonly after_ms?: number | undefined;
}

export type TemplateStore = ReturnType<typeof createTemplates>;

/** The templates of all WABAs, and what is known of those to come and those that went. */
export function createTemplates() {
  const byId = new Map<string, Template>();
  const byWaba = new Map<string, Map<string, Template>>();
  const verdicts = new Map<string, Verdict>();
  const deleted = new Map<string, number>();
  let serial = 0;

  const keyOf = (name: string, language: string) => `${name}|${language}`;
  const ofWaba = (wabaId: string) => {
    const all = byWaba.get(wabaId) ?? new Map<string, Template>();
    byWaba.set(wabaId, all);
    return all;
  };
  return {
    find: (id: string) => byId.get(id),
    inLanguage: (wabaId: string, name: string, language: string) => byWaba.get(wabaId)?.get(keyOf(name, language)),
    /** Oldest first. */
    of: (wabaId: string): Template[] => [...(byWaba.get(wabaId)?.values() ?? [])],
    named: (wabaId: string, name: string): Template[] =>
      [...ofWaba(wabaId).values()].filter((each) => each.name === name),
    count: (wabaId: string) => byWaba.get(wabaId)?.size ?? 0,
    all: (): Template[] => [...byId.values()],
    nextSerial: () => (serial += 1),
    keep(template: Template): Template {
      byId.set(template.id, template);
      ofWaba(template.waba_id).set(keyOf(template.name, template.language), template);
      return template;
    },
    remove(template: Template, nowMs: number) {
      template.cancel?.();
      byId.delete(template.id);
      ofWaba(template.waba_id).delete(keyOf(template.name, template.language));
      if (template.wasApproved) deleted.set(`${template.waba_id}|${template.name}`, nowMs);
    },
    /** When the last approved template of this name went. */
    deletedAt: (wabaId: string, name: string) => deleted.get(`${wabaId}|${name}`),
    verdict: (name: string): Verdict => verdicts.get(name) ?? { verdict: 'approve' },
    hasVerdict: (name: string) => verdicts.has(name),
    decide: (name: string, verdict: Verdict) => void verdicts.set(name, verdict),
  };
}
