import type { Engine } from '../engine.js';
import { textOf } from '../json.js';
import type { PauseTitle, Template, TemplateCategory, TemplateQuality, TemplateStatus } from './store.js';
import { tellStatus, tellTemplate } from './updates.js';
import { hasAdjacentVariables } from './variables.js';

const HOUR_MS = 3_600_000;
const pauseHours: Readonly<Record<PauseTitle, number | undefined>> = {
  FIRST_PAUSE: 3,
  SECOND_PAUSE: 6,
  // Somebody has to end it.
  RATE_LIMITING_PAUSE: undefined,
};

/** A new or edited template is looked at, and what was found is told when that is over. */
export function sendToReview(engine: Engine, template: Template): void {
  template.cancel?.();
  template.status = 'PENDING';
  const verdict = engine.templates.verdict(template.name);
  if (verdict.verdict === 'none') return;
  const delayMs = verdict.after_ms ?? engine.limits.of(template.waba_id).template_review_ms;
  template.cancel = engine.clock.at(engine.clock.now() + delayMs, () => {
    const fault = engine.templates.hasVerdict(template.name) ? undefined : faultOf(engine, template);
    if (verdict.verdict === 'reject') reject(engine, template, verdict.reason, verdict.recommendation);
    else if (fault) reject(engine, template, 'INVALID_FORMAT', fault.recommendation, fault.reason);
    else approve(engine, template);
  });
}

/** What a review finds where nobody has decided beforehand. */
function faultOf(engine: Engine, template: Template): { reason: string; recommendation: string } | undefined {
  const content = contentOf(template);
  if (hasAdjacentVariables(content.body)) {
    return {
      reason: 'Two variables stand next to each other without text between them.',
      recommendation: 'Put text between the variables.',
    };
  }
  if (template.category === 'AUTHENTICATION') return undefined;
  const twin = engine.templates.of(template.waba_id).find((other) => {
    if (other === template || other.language !== template.language || !other.wasApproved) return false;
    const its = contentOf(other);
    return its.body === content.body && its.footer === content.footer;
  });
  return (
    twin && {
      reason: `Body and footer are the same as those of template ${twin.name}.`,
      recommendation: 'Use the other template, or change the text.',
    }
  );
}

function contentOf(template: Template): { body: string; footer: string } {
  const text = (type: string) => textOf(template.components.find((each) => each['type'] === type)?.['text']);
  return { body: text('BODY'), footer: text('FOOTER') };
}

export function approve(engine: Engine, template: Template): void {
  template.cancel?.();
  template.status = 'APPROVED';
  template.rejected_reason = 'NONE';
  template.wasApproved = true;
  delete template.pause;
  tellStatus(engine, template, 'APPROVED', { reason: 'NONE' });
}

export function reject(
  engine: Engine,
  template: Template,
  code = 'INVALID_FORMAT',
  recommendation = 'Change the template and send it again.',
  reason = 'The template does not meet the guidelines.',
): void {
  template.cancel?.();
  template.status = 'REJECTED';
  template.rejected_reason = code;
  tellStatus(engine, template, 'REJECTED', { reason: code, rejection_info: { reason, recommendation } });
}

/** Quality pauses end by themselves, after three hours and after six; a pacing pause is ended by the business. */
export function pause(engine: Engine, template: Template, title: PauseTitle): void {
  template.cancel?.();
  const hours = pauseHours[title];
  template.status = 'PAUSED';
  template.pause = { title, atMs: engine.clock.now() };
  const description =
    hours === undefined ? 'Paused because of early feedback.' : `Paused for ${hours} hours because of low quality.`;
  tellStatus(engine, template, 'PAUSED', { other_info: { title, description } });
  if (hours === undefined) return;
  template.cancel = engine.clock.at(engine.clock.now() + hours * HOUR_MS, () => {
    unpause(engine, template);
  });
}

export function unpause(engine: Engine, template: Template): void {
  template.cancel?.();
  template.status = 'APPROVED';
  delete template.pause;
  tellStatus(engine, template, 'APPROVED', {
    reason: 'NONE',
    other_info: { title: 'UNPAUSE', description: 'The template can be used again.' },
  });
}

export function disable(engine: Engine, template: Template): void {
  setStatus(engine, template, 'DISABLED', 'DISABLED', {
    disable_info: { disable_date: Math.floor(engine.clock.now() / 1000) },
    other_info: { title: 'DISABLED', description: 'Paused too many times because of low quality.' },
  });
}

/** Any other status, told as it is or as another event. */
export function setStatus(
  engine: Engine,
  template: Template,
  status: TemplateStatus,
  event: string = status,
  more: Parameters<typeof tellStatus>[3] = {},
): void {
  template.cancel?.();
  template.status = status;
  tellStatus(engine, template, event, more);
}

/** Meta thinks the template is of another category: said a day before, or done at once. */
export function categorise(
  engine: Engine,
  template: Template,
  category: TemplateCategory,
  given: { warnFirst: boolean; afterMs: number },
): void {
  const change = () => {
    // Deleted in the meantime.
    if (engine.templates.find(template.id) !== template) return;
    const previous = template.category;
    template.previous_category = previous;
    template.category = category;
    delete template.correct_category;
    tellTemplate(engine, template, 'template_category_update', { previous_category: previous, new_category: category });
  };
  if (!given.warnFirst) {
    change();
    return;
  }
  const atMs = engine.clock.now() + given.afterMs;
  template.correct_category = category;
  tellTemplate(engine, template, 'template_category_update', {
    new_category: template.category,
    correct_category: category,
    category_update_timestamp: Math.floor(atMs / 1000),
  });
  engine.clock.at(atMs, change);
}

export function rate(engine: Engine, template: Template, quality: TemplateQuality): void {
  const previous = template.quality;
  template.quality = quality;
  template.qualityAt = engine.clock.now();
  tellTemplate(engine, template, 'message_template_quality_update', {
    previous_quality_score: previous,
    new_quality_score: quality,
  });
}
