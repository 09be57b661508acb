import type { TemplateComponent, TemplateMessage } from '@switchboard/contracts/whatsapp/v1/content';
import type { FieldViolation } from '@switchboard/errors';
import { aText, aTextOrNone } from './requests.js';

type Violation = FieldViolation | undefined;

const kinds = ['header', 'body', 'button'];
const buttonKinds = ['quick_reply', 'url', 'copy_code', 'flow', 'catalog'];
const MOST_COMPONENTS = 20;
const MOST_PARAMETERS = 60;
const LONGEST_PARAMETER = 1_024;

/** What is wrong with a template, by its form; whether it is approved and what it wants is known to who sends it. */
export function theTemplate(field: string, { name, language, components }: TemplateMessage): Violation[] {
  return [
    /^[a-z0-9_]{1,512}$/.test(name)
      ? undefined
      : {
          field: `${field}.name`,
          description: 'must be 1 to 512 lower-case letters, digits and underscores; copy the name of the template',
        },
    /^[a-z]{2,3}(_[A-Za-z]{2,4})?$/.test(language)
      ? undefined
      : {
          field: `${field}.language`,
          description: 'must be a language as Meta writes it, for example en_US; correct it',
        },
    components.length <= MOST_COMPONENTS
      ? undefined
      : { field: `${field}.components`, description: `must be at most ${MOST_COMPONENTS}; take some away` },
    ...components.flatMap((component, index) => theComponent(`${field}.components[${index}]`, component)),
  ];
}

function theComponent(field: string, { kind, buttonKind, buttonIndex, parameters }: TemplateComponent): Violation[] {
  const isButton = kind === 'button';
  return [
    kinds.includes(kind)
      ? undefined
      : { field: `${field}.kind`, description: 'must be header, body or button; name one' },
    !isButton || buttonKinds.includes(buttonKind)
      ? undefined
      : { field: `${field}.button_kind`, description: `must be one of ${buttonKinds.join(', ')}; name one` },
    !isButton || buttonIndex < 10
      ? undefined
      : { field: `${field}.button_index`, description: 'must be 0 to 9; a template has at most ten buttons' },
    parameters.length <= MOST_PARAMETERS
      ? undefined
      : { field: `${field}.parameters`, description: `must be at most ${MOST_PARAMETERS}; take some away` },
    ...parameters.flatMap(({ name, value }, index): Violation[] => {
      const at = `${field}.parameters[${index}]`;
      if (value === undefined)
        return [{ field: at, description: 'must have a value; set text, payload or another one' }];
      const text = typeof value.value === 'string' ? aText(at, value.value, LONGEST_PARAMETER) : undefined;
      return [aTextOrNone(`${at}.name`, name, 64), text];
    }),
  ];
}
