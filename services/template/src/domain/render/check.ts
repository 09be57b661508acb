/** Exactly what is missing, surplus, too long or of the wrong kind (TP-3, TP-5). Source: Meta, errors 132000, 132005, 132012, 132018. */
import { type Category, type TemplateContent } from '../content.js';
import { MAX_BODY_LENGTH, MAX_HEADER_LENGTH } from '../grammar/parts.js';
import { fill } from '../grammar/placeholders.js';
import { demand, type Problem } from '../grammar/problem.js';
import { type Component, type Parameter } from './parameters.js';
import { openOf, type Open, type Slot } from './slots.js';
import { valuesFor } from './values.js';
import { valueProblems } from './value-problems.js';

const AT = 'message.components';
/** Of a template that is nothing but a body. */
const MAX_ONLY_BODY_LENGTH = 32_768;

export function parameterProblems(
  content: TemplateContent,
  category: Category,
  components: readonly Component[],
): Problem[] {
  const isOnlyBody = !content.header && content.footer === '' && content.buttons.length === 0;
  const lengths = { header: MAX_HEADER_LENGTH, body: isOnlyBody ? MAX_ONLY_BODY_LENGTH : MAX_BODY_LENGTH };
  const places = openOf(content, category, lengths);
  const single = [
    ...places.flatMap((place) => placeProblems(place, components)),
    ...components.flatMap((component, index) => surplusProblems(component, index, components, places)),
  ];
  return single.length > 0 ? single : wholeProblems(content, components, lengths);
}

const isFor = (place: Open) => (component: Component) =>
  component.kind === place.kind && (place.kind !== 'button' || component.buttonIndex === place.index);

const labelOf = ({ kind, index }: Open): string => (kind === 'button' ? `button ${index}` : `the ${kind}`);

function placeProblems(place: Open, components: readonly Component[]): Problem[] {
  const index = components.findIndex(isFor(place));
  const given = components[index];
  if (!given) return missingProblems(AT, place, []);
  const at = `${AT}[${index}]`;
  if (place.kind === 'button' && place.slots.length > 0 && given.buttonKind !== place.buttonKind) {
    return demand(
      false,
      `${at}.button_kind`,
      'parameter-kind',
      `${labelOf(place)} is of kind ${place.buttonKind}`,
      'correct the kind or the place',
    );
  }
  const isNamed = place.slots.some(({ name }) => name !== '');
  const slotOf = ({ name }: Parameter, position: number): Slot | undefined =>
    isNamed ? place.slots.find((slot) => slot.name === name) : place.slots[position];
  const { parameters } = given;
  const wrong = parameters.flatMap((parameter, position) => {
    const field = `${at}.parameters[${position}]`;
    const slot = slotOf(parameter, position);
    const isTwice = isNamed && parameters.findIndex(({ name }) => name === parameter.name) !== position;
    if (!slot || isTwice) {
      const names = place.slots.map(({ name, kind }) => (name === '' ? kind : `{{${name}}}`)).join(', ');
      return demand(
        false,
        field,
        'parameter-surplus',
        `is surplus: ${labelOf(place)} takes ${names === '' ? 'nothing' : names}`,
        isNamed && !isTwice ? 'correct its name, or leave it out' : 'leave it out',
      );
    }
    if (!isNamed && parameter.name !== '') {
      return demand(
        false,
        `${field}.name`,
        'parameter-name',
        'must be empty: the template numbers its placeholders',
        'leave it out, and keep to their order',
      );
    }
    return valueProblems(field, parameter, slot);
  });
  const filled = parameters.flatMap((parameter, position) => slotOf(parameter, position) ?? []);
  return [...wrong, ...missingProblems(`${at}.parameters`, place, filled)];
}

function missingProblems(field: string, place: Open, filled: readonly Slot[]): Problem[] {
  return place.slots.flatMap((slot, index) => {
    if (slot.isOptional || filled.includes(slot)) return [];
    const which = slot.kind !== 'text' ? `a parameter of kind ${slot.kind}` : `{{${slot.name || index + 1}}}`;
    return demand(false, field, 'parameter-missing', `${labelOf(place)} needs ${which}`, 'add it');
  });
}

function surplusProblems(
  component: Component,
  index: number,
  components: readonly Component[],
  places: readonly Open[],
): Problem[] {
  const place = places.find((each) => isFor(each)(component));
  const at = `${AT}[${index}]`;
  if (!place) {
    return demand(
      false,
      at,
      'component-unknown',
      component.kind === 'button' ? 'the template has no button at this place' : 'must be header, body or button',
      'leave it out, or correct the kind or the place',
    );
  }
  return demand(
    components.findIndex(isFor(place)) === index,
    at,
    'component-twice',
    `${labelOf(place)} is there already`,
    'leave one of them out',
  );
}

/** What is short enough by itself may be too long together. */
function wholeProblems(
  { header, body }: TemplateContent,
  components: readonly Component[],
  most: { readonly header: number; readonly body: number },
): Problem[] {
  const check = (kind: 'header' | 'body', text: string) => {
    const { length } = fill(text, valuesFor(components, kind, text));
    return demand(
      length <= most[kind],
      `${AT}[${components.findIndex((each) => each.kind === kind)}].parameters`,
      'parameter-too-long',
      `the ${kind} must be at most ${most[kind]} characters with its parameters and has ${length}`,
      'shorten them',
    );
  };
  return [...(header?.kind === 'text' ? check('header', header.text) : []), ...(body ? check('body', body.text) : [])];
}
