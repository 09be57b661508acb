import type { z } from 'zod';
import type { Engine } from '../engine.js';
import { Refused } from '../errors.js';
import type { Json } from '../json.js';
import { addTemplate, toTemplate } from '../graph/templates.js';
import { readDraft } from '../templates/draft.js';
import * as review from '../templates/review.js';
import type { Template } from '../templates/store.js';
import { NotPossible } from './not-possible.js';
import * as schemas from './template-schemas.js';

type Given<Schema extends z.ZodType> = z.input<Schema>;
export type TemplateAction = keyof typeof schemas.actions;

/** What one can do to templates; the same by HTTP under `/control/templates` and in process. */
export function createTemplateControl(engine: Engine) {
  const wabaOf = (wabaId?: string): string => {
    const [first] = engine.world.numbers.values();
    const id = wabaId ?? first?.waba_id;
    if (id === undefined) throw new NotPossible('there is no account');
    return id;
  };
  const templateOf = (
    idOrName: string,
    given: { language?: string | undefined; waba_id?: string | undefined },
  ): Template => {
    const byId = engine.templates.find(idOrName);
    const found =
      byId ??
      engine.templates
        .named(wabaOf(given.waba_id), idOrName)
        .find((each) => given.language === undefined || each.language === given.language);
    if (!found) throw new NotPossible(`there is no template ${idOrName}`);
    return found;
  };

  return {
    list(given: Given<typeof schemas.filter> = {}): { templates: Json[] } {
      const { waba_id, name } = schemas.filter.parse(given);
      const all = waba_id === undefined ? engine.templates.all() : engine.templates.of(waba_id);
      const found = name === undefined ? all : all.filter((each) => each.name === name);
      return { templates: found.map((each) => ({ waba_id: each.waba_id, ...toTemplate(each) })) };
    },
    /** Templates that were there before, without review, webhook or limit. */
    seed(given: Given<typeof schemas.seed>): { templates: { id: string; name: string }[] } {
      const { waba_id, count, status, ...draft } = schemas.seed.parse(given);
      const templates = Array.from({ length: count }, (_unused, index) => {
        const name = count === 1 ? draft.name : `${draft.name}_${index + 1}`;
        const components = draft.components ?? [
          { type: 'BODY', text: `This is message ${name.replaceAll('_', ' ')}.` },
        ];
        const template = addTemplate(engine, wabaOf(waba_id), checked({ ...draft, name, components }));
        template.status = status;
        template.wasApproved = status === 'APPROVED' || status === 'PAUSED' || status === 'DISABLED';
        return { id: template.id, name };
      });
      engine.changed();
      return { templates };
    },
    /** What reviews of templates of this name will say from now on. */
    decide(name: string, given: Given<typeof schemas.verdict>) {
      engine.templates.decide(name, schemas.verdict.parse(given));
      return engine.templates.verdict(name);
    },
    /** Does one of the actions now, to a template by id or by name, and tells it by webhook. */
    act(idOrName: string, action: string, given: object): Json {
      if (!Object.hasOwn(schemas.actions, action)) {
        throw new NotPossible(`there is no action ${action}; there are ${Object.keys(schemas.actions).join(', ')}`);
      }
      const known = schemas.actions[action as TemplateAction].parse(given);
      const template = templateOf(idOrName, known);
      perform(engine, template, action as TemplateAction, known);
      return toTemplate(template);
    },
  };
}

/** A seed is checked as Meta checks a new template, but its samples need not be uploaded. */
function checked(draft: object) {
  try {
    return readDraft(draft, { wordsPerVariable: 0, isSample: () => true });
  } catch (error) {
    if (error instanceof Refused) throw new NotPossible(error.user?.message ?? error.message, 400);
    throw error;
  }
}

function perform(engine: Engine, template: Template, action: TemplateAction, given: object): void {
  switch (action) {
    case 'approve':
      review.approve(engine, template);
      return;
    case 'reject': {
      const { reason, recommendation } = schemas.actions.reject.parse(given);
      review.reject(engine, template, reason, recommendation);
      return;
    }
    case 'pause':
      review.pause(engine, template, schemas.actions.pause.parse(given).title);
      return;
    case 'unpause':
      review.unpause(engine, template);
      return;
    case 'disable':
      review.disable(engine, template);
      return;
    case 'categorise': {
      const { category, warn_first, after_ms } = schemas.actions.categorise.parse(given);
      review.categorise(engine, template, category, { warnFirst: warn_first, afterMs: after_ms });
      return;
    }
    case 'quality':
      review.rate(engine, template, schemas.actions.quality.parse(given).score);
      return;
    case 'limit_exceeded':
      review.setStatus(engine, template, 'LIMIT_EXCEEDED');
      return;
    case 'status': {
      const { status, event } = schemas.actions.status.parse(given);
      review.setStatus(engine, template, status, event);
    }
  }
}
