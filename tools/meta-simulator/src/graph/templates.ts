import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import { isJson, type Json } from '../json.js';
import { checkComponents } from '../templates/components.js';
import { type Draft, readCategory, readDraft, readLife, type Rules } from '../templates/draft.js';
import { invalid, missing, notAllowed } from '../templates/refusals.js';
import { sendToReview, unpause } from '../templates/review.js';
import type { Template, TemplateCategory } from '../templates/store.js';
import { tellComponents, tellStatus } from '../templates/updates.js';
import { mustBeWaba } from './accounts.js';
import { type Node, pick } from './fields.js';
import { pageOf } from './paging.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NAME_HELD_MS = 30 * DAY_MS;
const EDITS_IN_30_DAYS = 10;
const PACING_PAUSE_MS = 300_000;

const rulesOf = (engine: Engine, wabaId: string): Rules => ({
  wordsPerVariable: engine.limits.of(wabaId).template_words_per_variable,
  isSample: engine.uploads.isSample,
});

/** `POST /{waba-id}/message_templates` → `{id, status, category}`. */
export function createTemplate(engine: Engine, wabaId: string, body: unknown): Json {
  mustBeWaba(engine, wabaId, 'POST');
  const limits = engine.limits.of(wabaId);
  const nowMs = engine.clock.now();
  const hasRoom = engine.buckets.take(`templates|${wabaId}`, limits.template_creates_per_hour, HOUR_MS, nowMs);
  if (limits.template_creates && !hasRoom) {
    throw new Refused(80007, {
      details: `At most ${limits.template_creates_per_hour} templates can be created in an hour.`,
    });
  }
  if (engine.templates.count(wabaId) >= limits.templates_per_waba) {
    throw invalid(2388019, `This account can't have more than ${limits.templates_per_waba} message templates.`);
  }
  const draft = readDraft(body, rulesOf(engine, wabaId));
  if (engine.templates.inLanguage(wabaId, draft.name, draft.language)) {
    throw invalid(
      2388024,
      `There is already ${draft.language} content for this template. You can create a new template and try again.`,
    );
  }
  const deletedAt = engine.templates.deletedAt(wabaId, draft.name);
  if (deletedAt !== undefined && nowMs - deletedAt < NAME_HELD_MS) {
    throw invalid(
      2388023,
      `New ${draft.language} content can't be added while the existing content is being deleted. Try again in 4 weeks.`,
    );
  }
  const template = addTemplate(engine, wabaId, draft, engine.templates.verdict(draft.name).category);
  sendToReview(engine, template);
  engine.changed();
  return { id: template.id, status: template.status, category: template.category };
}

/** A template as it is before any review. */
export function addTemplate(engine: Engine, wabaId: string, draft: Draft, category?: TemplateCategory): Template {
  return engine.templates.keep({
    ...draft,
    id: engine.ids.template(),
    serial: engine.templates.nextSerial(),
    waba_id: wabaId,
    category: category ?? draft.category,
    status: 'PENDING',
    rejected_reason: 'NONE',
    quality: 'UNKNOWN',
    updatedAt: engine.clock.now(),
    wasApproved: false,
    edits: [],
  });
}

/** Everything a template tells of itself, by field. */
export const toTemplate = (template: Template): Json => ({
  id: template.id,
  name: template.name,
  parameter_format: template.parameter_format,
  components: template.components,
  language: template.language,
  status: template.status,
  category: template.category,
  previous_category: template.previous_category,
  correct_category: template.correct_category,
  rejected_reason: template.rejected_reason,
  quality_score: {
    score: template.quality,
    ...(template.qualityAt !== undefined && { date: Math.floor(template.qualityAt / 1000) }),
  },
  message_send_ttl_seconds: template.message_send_ttl_seconds,
  last_updated_time: new Date(template.updatedAt).toISOString().replace(/\.\d+Z$/, '+0000'),
});

const node: Node = {
  type: 'WhatsAppMessageTemplate',
  usual: ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'previous_category'],
  empty: new Set([
    'sub_category',
    'library_template_name',
    'cta_url_link_tracking_opted_out',
    'specific_rejection_reason',
  ]),
};

/** `GET /{waba-id}/message_templates`, the newest first, page by page; `name` finds a part of a name. */
export function listTemplates(engine: Engine, wabaId: string, url: URL): Json {
  mustBeWaba(engine, wabaId, 'GET');
  const query = url.searchParams;
  const wanted = (name: string) => query.get(name)?.toUpperCase().split(',');
  const [statuses, categories, scores] = [wanted('status'), wanted('category'), wanted('quality_score')];
  const [name, language] = [query.get('name'), query.get('language')];
  const found = engine.templates
    .of(wabaId)
    .filter(
      (each) =>
        (statuses?.includes(each.status) ?? true) &&
        (categories?.includes(each.category) ?? true) &&
        (scores?.includes(each.quality) ?? true) &&
        (name === null || each.name.includes(name)) &&
        (language === null || language.split(',').includes(each.language)),
    )
    .reverse();
  return pageOf(found, url, {
    most: 1000,
    keyOf: ({ serial }) => -serial,
    toJson: (template) => pick(toTemplate(template), query.get('fields') ?? undefined, node),
  });
}

/** `GET /{template-id}`. */
export const readTemplate = (template: Template, fields: string | undefined): Json =>
  pick(toTemplate(template), fields, node);

/** `POST /{template-id}`: components are replaced as a whole, and the template is reviewed again. */
export function editTemplate(engine: Engine, template: Template, body: unknown): Json {
  const given = isJson(body) ? body : {};
  const { status } = template;
  if (status !== 'APPROVED' && status !== 'REJECTED' && status !== 'PAUSED') {
    throw notAllowed(
      "This template can't be edited",
      `Only templates with status APPROVED, REJECTED or PAUSED can be edited; this one is ${status}.`,
    );
  }
  const category = given['category'] === undefined ? template.category : readCategory(given['category']);
  if (status === 'APPROVED') mayEditApproved(engine, template, category);
  if (
    given['components'] === undefined &&
    given['category'] === undefined &&
    given['message_send_ttl_seconds'] === undefined
  ) {
    throw missing('components');
  }
  const grammar = { ...rulesOf(engine, template.waba_id), format: template.parameter_format, category };
  const life = readLife(given, category);
  if (given['components'] !== undefined) template.components = checkComponents(given['components'], grammar);
  template.category = category;
  Object.assign(template, life);
  if (status === 'APPROVED') template.edits.push(engine.clock.now());
  template.updatedAt = engine.clock.now();
  if (given['components'] !== undefined) tellComponents(engine, template);
  sendToReview(engine, template);
  engine.changed();
  return { success: true, id: template.id, name: template.name, category: template.category };
}

/** An approved template may be edited once a day and ten times in 30 days. */
function mayEditApproved(engine: Engine, template: Template, category: TemplateCategory): void {
  if (category !== template.category) {
    throw notAllowed("This template can't be edited", "The category of an approved template can't be changed.");
  }
  if (!engine.limits.of(template.waba_id).template_edits) return;
  const nowMs = engine.clock.now();
  template.edits = template.edits.filter((atMs) => nowMs - atMs < 30 * DAY_MS);
  const isSecondToday = template.edits.some((atMs) => nowMs - atMs < DAY_MS);
  if (isSecondToday || template.edits.length >= EDITS_IN_30_DAYS) {
    throw notAllowed(
      "This template can't be edited",
      `An approved template can be edited once in 24 hours and ${EDITS_IN_30_DAYS} times in 30 days.`,
    );
  }
}

/** `DELETE /{waba-id}/message_templates?name=`: all languages, with `hsm_id` one; or up to 100 by `hsm_ids`. */
export function deleteTemplates(engine: Engine, wabaId: string, query: URLSearchParams): Json {
  mustBeWaba(engine, wabaId, 'DELETE');
  const found = toBeDeleted(engine, wabaId, query);
  if (found.length === 0) throw invalid(2593002, "The message template can't be found. It may have been deleted.");
  const disabled = found.find(({ status }) => status === 'DISABLED');
  if (disabled)
    throw notAllowed("This template can't be deleted", `Template ${disabled.name} is disabled; it can't be deleted.`);
  for (const template of found) {
    engine.templates.remove(template, engine.clock.now());
    tellStatus(engine, template, template.wasApproved ? 'PENDING_DELETION' : 'DELETED', { reason: 'NONE' });
    if (template.wasApproved) {
      engine.clock.at(engine.clock.now() + NAME_HELD_MS, () => {
        tellStatus(engine, template, 'DELETED', { reason: 'NONE' });
      });
    }
  }
  return { success: true };
}

function toBeDeleted(engine: Engine, wabaId: string, query: URLSearchParams): Template[] {
  const [name, id, ids] = [query.get('name'), query.get('hsm_id'), query.get('hsm_ids')];
  const isOurs = (template: Template | undefined) => template?.waba_id === wabaId;
  if (ids !== null) {
    if (name !== null || id !== null)
      throw notAllowed('Invalid parameter', 'hsm_ids cannot be given with name or hsm_id.');
    const list = ids.match(/\d+/g) ?? [];
    if (list.length > 100) throw notAllowed('Invalid parameter', 'hsm_ids can have at most 100 ids.');
    return list
      .map((each) => engine.templates.find(each))
      .filter((each) => each !== undefined)
      .filter(isOurs);
  }
  if (name === null) throw missing('name');
  return engine.templates.named(wabaId, name).filter((each) => id === null || each.id === id);
}

/** `POST /{template-id}/unpause`: ends a pacing pause, five minutes after it began at the earliest. */
export function endPause(engine: Engine, id: string): Json {
  const template = engine.templates.find(id);
  if (!template) throw noSuchObject('POST', id);
  if (template.status !== 'PAUSED' || template.pause?.title !== 'RATE_LIMITING_PAUSE') {
    throw notAllowed("This template can't be unpaused", 'Only a template that was paused by pacing can be unpaused.');
  }
  if (engine.clock.now() - template.pause.atMs < PACING_PAUSE_MS) {
    throw notAllowed("This template can't be unpaused", 'Wait five minutes after the pause.');
  }
  unpause(engine, template);
  return { success: true };
}
