import { type Content, type TemplateComponent, type TemplateParameter } from '../../domain/content.js';

/** What a message says, as Meta documents it: `type` and the object of that name. */
export function contentToBody(content: Exclude<Content, { kind: 'unsupported' }>): Record<string, unknown> {
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: { body: content.text, preview_url: content.previewUrl } };
    case 'template': {
      const { name, language, components } = content;
      return {
        type: 'template',
        template: {
          name,
          language: { code: language },
          ...(components.length > 0 && { components: components.map(componentToBody) }),
        },
      };
    }
    case 'list': {
      const { body, button, choices } = content;
      const rows = choices.map(({ id, title }) => ({ id, title }));
      return {
        type: 'interactive',
        interactive: { type: 'list', body: { text: body }, action: { button, sections: [{ rows }] } },
      };
    }
  }
}

const componentToBody = ({ kind, buttonKind, buttonIndex, parameters }: TemplateComponent) => ({
  type: kind,
  // Meta wants the place of a button as text.
  ...(kind === 'button' && { sub_type: buttonKind, index: String(buttonIndex) }),
  parameters: parameters.map((parameter) => parameterToBody(parameter, buttonKind)),
});

function parameterToBody({ name, kind, value }: TemplateParameter, buttonKind: string): Record<string, unknown> {
  const named = name === '' ? {} : { parameter_name: name };
  if (kind === 'payload') return { type: 'payload', payload: value };
  if (kind !== 'text') return { type: kind, ...named, [kind]: { id: value } };
  // The code of a copy button has a name of its own.
  return buttonKind === 'copy_code'
    ? { type: 'coupon_code', coupon_code: value }
    : { type: 'text', ...named, text: value };
}
