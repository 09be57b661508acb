import type { Engine } from '../engine.js';
import { isJson, type Json, present } from '../json.js';
import type { Template } from './store.js';

/** Tells the app's address of one change of a template: fields `message_template_*_update`, `template_category_update`. */
export function tellTemplate(engine: Engine, template: Template, field: string, value: Json): void {
  const nowMs = engine.clock.now();
  template.updatedAt = nowMs;
  engine.changed();
  engine.outbox.tell(
    {
      waba_id: template.waba_id,
      field,
      atMs: nowMs,
      value: {
        message_template_id: Number(template.id),
        message_template_name: template.name,
        message_template_language: template.language,
        ...value,
      },
    },
    nowMs,
  );
}

export function tellStatus(engine: Engine, template: Template, event: string, more: Json = {}): void {
  tellTemplate(engine, template, 'message_template_status_update', {
    event,
    reason: null,
    message_template_category: template.category,
    ...more,
  });
}

export function tellComponents(engine: Engine, template: Template): void {
  const part = (type: string) => template.components.find((each) => each['type'] === type);
  const buttons = part('BUTTONS')?.['buttons'];
  tellTemplate(
    engine,
    template,
    'message_template_components_update',
    present({
      message_template_title: part('HEADER')?.['text'],
      message_template_element: part('BODY')?.['text'],
      message_template_footer: part('FOOTER')?.['text'],
      message_template_buttons: Array.isArray(buttons) ? buttons.filter(isJson).map(toButton) : undefined,
    }),
  );
}

const toButton = (button: Json): Json =>
  present({
    message_template_button_type: button['type'],
    message_template_button_text: button['text'],
    message_template_button_url: button['url'],
    message_template_button_phone_number: button['phone_number'],
  });
