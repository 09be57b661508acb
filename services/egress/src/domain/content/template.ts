import { type Location, locationProblems } from './location.js';
import { headerMediaProblems, type Media } from './media.js';
import { aText, aTextOrNone, anObjectOrNone, demand, type Problem } from './problem.js';

/** An approved template with its parameters: the one kind that needs no open window (TX-6). */
export interface TemplateContent {
  readonly kind: 'template';
  readonly name: string;
  readonly language: string;
  readonly components: readonly TemplateComponent[];
  /** The version of the template it was checked against. */
  readonly version?: number;
}

export interface TemplateComponent {
  /** `header`, `body` or `button`. */
  readonly kind: string;
  /** Of a button: one of `buttonKinds`, and its place from 0. */
  readonly buttonKind: string;
  readonly buttonIndex: number;
  readonly parameters: readonly TemplateParameter[];
}

/** What stands for a placeholder. The name is empty for positional ones. */
export type TemplateParameter = { readonly name: string } & ParameterValue;

export type ParameterValue =
  | { readonly kind: 'text' | 'payload' | 'couponCode'; readonly value: string }
  | { readonly kind: 'media'; readonly media: Media }
  | { readonly kind: 'location'; readonly location: Location }
  /** Of a flow button: its token, and what its first screen gets (JSON object); empty = nothing. */
  | { readonly kind: 'flow'; readonly token: string; readonly dataJson: string }
  | { readonly kind: 'nothing' };

export const buttonKinds = ['quick_reply', 'url', 'copy_code', 'flow', 'catalog'] as const;

/** Place of a button: a template has at most ten. */
const LAST_BUTTON = 9;
const MAX_COMPONENTS = 12;
const MAX_PARAMETERS = 100;
const MAX_PAYLOAD_LENGTH = 256;
const MAX_COUPON_LENGTH = 20;
const MAX_URL_LENGTH = 2_000;
const MAX_HEADER_LENGTH = 60;
const MAX_BODY_LENGTH = 1_024;
/** Of a template that is nothing but a body. */
const MAX_ONLY_BODY_LENGTH = 32_768;

const AT = 'content.template';

/**
 * What can be said of it without knowing the template; what the template wants is looked at by the gate.
 * Source: Meta, *Template messages* with *Template components*, error 132018.
 */
export const templateProblems = ({ name, language, components }: TemplateContent): Problem[] => [
  ...demand(
    /^[a-z0-9_]{1,512}$/.test(name),
    `${AT}.name`,
    'must be 1 to 512 lower-case letters, digits and underscores',
    'copy the name of the template',
  ),
  ...demand(
    /^[a-z]{2,3}(_[A-Za-z]{2,4})?$/.test(language),
    `${AT}.language`,
    'must be a language as Meta writes it, for example en_US',
    'correct it',
  ),
  ...demand(
    components.length <= MAX_COMPONENTS,
    `${AT}.components`,
    `must be at most ${MAX_COMPONENTS}: a header, a body and ten buttons`,
    'take some away',
  ),
  ...components.flatMap((component, index) =>
    componentProblems(`${AT}.components[${index}]`, component, components.length === 1),
  ),
];

function componentProblems(at: string, component: TemplateComponent, isOnly: boolean): Problem[] {
  const { kind, buttonKind, buttonIndex, parameters } = component;
  const accepts = acceptedBy(component);
  return [
    ...demand(['header', 'body', 'button'].includes(kind), `${at}.kind`, 'must be header, body or button', 'name one'),
    ...(kind === 'button'
      ? [
          ...demand(isButton(buttonKind), `${at}.button_kind`, `must be ${buttonKinds.join(', ')}`, 'name one'),
          ...demand(
            buttonIndex <= LAST_BUTTON,
            `${at}.button_index`,
            `must be 0 to ${LAST_BUTTON}`,
            'correct the place',
          ),
        ]
      : []),
    ...demand(
      parameters.length <= MAX_PARAMETERS,
      `${at}.parameters`,
      `must be at most ${MAX_PARAMETERS}`,
      'take some away',
    ),
    ...parameters.flatMap((parameter, index) => {
      const field = `${at}.parameters[${index}]`;
      return accepts.length === 0 || accepts.includes(parameter.kind)
        ? parameterProblems(field, parameter, component, isOnly)
        : demand(false, field, `must be ${accepts.map(asField).join(', ')}`, 'set that one');
    }),
  ];
}

const isButton = (kind: string): boolean => (buttonKinds as readonly string[]).includes(kind);

/** Empty for components that are wrong themselves. */
function acceptedBy({ kind, buttonKind }: TemplateComponent): readonly ParameterValue['kind'][] {
  if (kind === 'header') return ['text', 'media', 'location'];
  if (kind === 'body') return ['text'];
  switch (buttonKind) {
    case 'quick_reply':
      return ['payload'];
    // The product whose picture is shown, of a catalogue.
    case 'url':
    case 'catalog':
      return ['text'];
    case 'copy_code':
      return ['couponCode'];
    case 'flow':
      return ['flow'];
    default:
      return [];
  }
}

const asField = (kind: string): string => (kind === 'couponCode' ? 'coupon_code' : kind);

function parameterProblems(
  at: string,
  parameter: TemplateParameter,
  of: TemplateComponent,
  isOnly: boolean,
): Problem[] {
  return [...aTextOrNone(`${at}.name`, parameter.name, 64), ...valueProblems(at, parameter, of.kind, isOnly)];
}

function valueProblems(at: string, parameter: ParameterValue, of: string, isOnly: boolean): Problem[] {
  switch (parameter.kind) {
    case 'text':
      return of === 'button'
        ? aText(`${at}.text`, parameter.value, MAX_URL_LENGTH)
        : fillingProblems(`${at}.text`, parameter.value, longestOf(of, isOnly));
    case 'payload':
      return aText(`${at}.payload`, parameter.value, MAX_PAYLOAD_LENGTH);
    case 'couponCode':
      return aText(`${at}.coupon_code`, parameter.value, MAX_COUPON_LENGTH);
    case 'media':
      return headerMediaProblems(`${at}.media`, parameter.media);
    case 'location':
      return locationProblems(`${at}.location`, parameter.location);
    case 'flow':
      return [
        ...aTextOrNone(`${at}.flow.token`, parameter.token),
        ...anObjectOrNone(`${at}.flow.data_json`, parameter.dataJson),
      ];
    case 'nothing':
      return demand(false, at, 'must have a value', 'set text, payload, media, location, coupon_code or flow');
  }
}

const longestOf = (component: string, isOnly: boolean): number =>
  component === 'header' ? MAX_HEADER_LENGTH : isOnly ? MAX_ONLY_BODY_LENGTH : MAX_BODY_LENGTH;

/** What is filled into a line of a template must not break it. */
const fillingProblems = (field: string, text: string, max: number): Problem[] => [
  ...aText(field, text, max),
  ...demand(
    !/[\n\r\t]| {5}/.test(text),
    field,
    'must be without line breaks, tabs and more than four spaces in a row',
    'put it in one line',
  ),
];
