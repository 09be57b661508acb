/**
 * Whether a message fills exactly what its template leaves open (TP-3), so that Meta has no cause for 132000, 132008,
 * 132012 or 132018.
 */
import { type TemplateComponent, type TemplateContent, type TemplateParameter } from './content/template.js';

/** What a version of a template leaves open. */
export interface TemplateNeeds {
  /** Absent where the header is a fixed text or there is none. */
  readonly header?: HeaderNeed;
  /** Placeholders of the body in their order: `1`, `2` … or names. */
  readonly body: readonly string[];
  /** All buttons, in their order. */
  readonly buttons: readonly ButtonNeed[];
}

export type HeaderNeed =
  | { readonly kind: 'text'; readonly placeholders: readonly string[] }
  | { readonly kind: 'image' | 'video' | 'document' | 'location' };

export interface ButtonNeed {
  /** As the component of a message names it; empty for buttons that take nothing. */
  readonly kind: '' | 'quick_reply' | 'url' | 'copy_code' | 'flow' | 'catalog';
  readonly parameter: 'none' | 'optional' | 'needed';
}

export interface ParameterProblem {
  /** Path within the message. */
  readonly field: string;
  readonly description: string;
}

/** One place to fill. */
interface Slot {
  /** Empty for positional ones. */
  readonly name: string;
  readonly kind: string;
  readonly isOptional: boolean;
}

const AT = 'content.template.components';

/** All that is missing, surplus or of the wrong kind. */
export function parameterProblems({ components }: TemplateContent, needs: TemplateNeeds): ParameterProblem[] {
  const places = [
    { label: 'header', slots: headerSlots(needs.header), isAbout: isKind('header'), buttonKind: '' },
    { label: 'body', slots: needs.body.map(textSlot), isAbout: isKind('body'), buttonKind: '' },
    ...needs.buttons.map((button, index) => ({
      label: `button ${index}`,
      slots: buttonSlots(button),
      isAbout: ({ kind, buttonIndex }: TemplateComponent) => kind === 'button' && buttonIndex === index,
      buttonKind: button.kind,
    })),
  ];
  const problems = places.flatMap(({ label, slots, isAbout, buttonKind }) => {
    const index = components.findIndex(isAbout);
    const given = components[index];
    if (!given) return missing(AT, label, slots, []);
    const at = `${AT}[${index}]`;
    const isOtherButton = given.kind === 'button' && slots.length > 0 && given.buttonKind !== buttonKind;
    return isOtherButton
      ? [{ field: `${at}.button_kind`, description: `${label} is ${buttonKind}; correct the kind or the place` }]
      : compare(at, label, given.parameters, slots);
  });
  return [...problems, ...nowhere(components, places)];
}

/** Components the template has no place for, or has filled already. */
function nowhere(
  components: readonly TemplateComponent[],
  places: readonly { readonly isAbout: (component: TemplateComponent) => boolean }[],
): ParameterProblem[] {
  return components.flatMap((component, index) => {
    const place = places.find(({ isAbout }) => isAbout(component));
    const isFirst = place && components.findIndex(place.isAbout) === index;
    if (isFirst) return [];
    const description = place ? 'is there twice; leave one out' : 'the template has no such button; leave it out';
    return [{ field: `${AT}[${index}]`, description }];
  });
}

function compare(
  at: string,
  label: string,
  parameters: readonly TemplateParameter[],
  slots: readonly Slot[],
): ParameterProblem[] {
  const isNamed = slots.some(({ name }) => name !== '');
  const slotOf = ({ name }: TemplateParameter, index: number): Slot | undefined =>
    isNamed ? slots.find((slot) => slot.name === name) : slots[index];
  const wrong = parameters.flatMap((parameter, index): ParameterProblem[] => {
    const field = `${at}.parameters[${index}]`;
    const slot = slotOf(parameter, index);
    const isTwice = isNamed && parameters.findIndex(({ name }) => name === parameter.name) !== index;
    if (!slot || isTwice) return [{ field, description: `is surplus: the ${label} leaves ${countOf(slots)} open` }];
    if (!isNamed && parameter.name !== '')
      return [{ field: `${field}.name`, description: 'must be empty: the template counts its placeholders' }];
    return slot.kind === kindOf(parameter) ? [] : [{ field, description: `must be ${slot.kind}` }];
  });
  const filled = parameters.flatMap((parameter, index) => slotOf(parameter, index) ?? []);
  return [...wrong, ...missing(at, label, slots, filled)];
}

function missing(at: string, label: string, slots: readonly Slot[], filled: readonly Slot[]): ParameterProblem[] {
  const names = slots.flatMap((slot, index) => {
    if (slot.isOptional || filled.includes(slot)) return [];
    return slot.name === '' ? `${slot.kind} ${index + 1}` : `{{${slot.name}}}`;
  });
  return names.length > 0 ? [{ field: at, description: `${label}: ${names.join(', ')} is missing` }] : [];
}

const isKind =
  (kind: 'header' | 'body') =>
  (component: TemplateComponent): boolean =>
    component.kind === kind;

const textSlot = (placeholder: string): Slot => ({
  name: /^\d+$/.test(placeholder) ? '' : placeholder,
  kind: 'text',
  isOptional: false,
});

function headerSlots(header: HeaderNeed | undefined): Slot[] {
  if (!header) return [];
  if (header.kind === 'text') return header.placeholders.map(textSlot);
  return [{ name: '', kind: header.kind, isOptional: false }];
}

/** A quick reply answers with its words where no payload is given, a flow with a token of Meta's. */
const buttonSlots = ({ kind, parameter }: ButtonNeed): Slot[] =>
  parameter === 'none' || kind === ''
    ? []
    : [{ name: '', kind: buttonParameters[kind], isOptional: parameter === 'optional' }];

const buttonParameters: Record<Exclude<ButtonNeed['kind'], ''>, string> = {
  quick_reply: 'payload',
  url: 'text',
  copy_code: 'coupon_code',
  flow: 'flow',
  catalog: 'text',
};

/** As the template names it. */
function kindOf(parameter: TemplateParameter): string {
  if (parameter.kind === 'media') return parameter.media.kind;
  return parameter.kind === 'couponCode' ? 'coupon_code' : parameter.kind;
}

const countOf = (slots: readonly Slot[]): string => (slots.length === 0 ? 'nothing' : String(slots.length));
