import { type Button, type ButtonKind, type Category } from '../content.js';
import { aText, aTextOrNone, demand, type Problem } from './problem.js';

const MOST_BUTTONS = 10;
const MAX_LABEL_LENGTH = 25;
const MAX_URL_LENGTH = 2_000;
const MAX_PHONE_LENGTH = 20;
const MAX_CODE_LENGTH = 20;

/** How many of each kind a template may have. Source: Meta, *Template components*, *Buttons*. */
const mostOf: Readonly<Record<ButtonKind, number>> = {
  'quick-reply': 10,
  url: 2,
  phone: 1,
  'copy-code': 1,
  flow: 1,
  catalogue: 1,
  'request-contact-info': 1,
  'one-time-password': 1,
  nothing: MOST_BUTTONS,
};

/** Kinds whose words are Meta's where the template has none. */
const withWordsOfMeta: readonly ButtonKind[] = ['copy-code', 'catalogue', 'request-contact-info', 'one-time-password'];

export function buttonsProblems(buttons: readonly Button[], category: Category): Problem[] {
  const at = 'content.buttons';
  const turns = buttons.filter(
    ({ kind }, index) => index > 0 && (kind === 'quick-reply') !== (buttons[index - 1]?.kind === 'quick-reply'),
  );
  return [
    ...demand(
      buttons.length <= MOST_BUTTONS,
      at,
      'too-many-buttons',
      `a template must have at most ${MOST_BUTTONS} buttons and has ${buttons.length}`,
      'take some away',
    ),
    ...Object.entries(mostOf).flatMap(([kind, most]) => {
      const count = buttons.filter((button) => button.kind === kind).length;
      return demand(
        count <= most,
        at,
        'too-many-buttons',
        `a template must have at most ${most} buttons of kind ${kind} and has ${count}`,
        'take some away',
      );
    }),
    ...demand(
      turns.length <= 1,
      at,
      'buttons-order',
      'quick replies must stand together, before or after all others',
      'put them together',
    ),
    ...buttons.flatMap((button, index) => buttonProblems(`${at}[${index}]`, button, category)),
  ];
}

function buttonProblems(at: string, button: Button, category: Category): Problem[] {
  return [...labelProblems(`${at}.text`, button), ...kindProblems(at, button, category)];
}

function labelProblems(field: string, { kind, text }: Button): Problem[] {
  const isLabel = withWordsOfMeta.includes(kind) ? aTextOrNone : aText;
  return [
    ...isLabel(field, text, MAX_LABEL_LENGTH, 'the words of a button'),
    ...demand(
      !/\{\{|\}\}|\n/.test(text),
      field,
      'button-characters',
      'the words of a button must have no placeholders and line breaks',
      'take them out',
    ),
  ];
}

function kindProblems(at: string, button: Button, category: Category): Problem[] {
  switch (button.kind) {
    case 'quick-reply':
    case 'catalogue':
      return [];
    case 'request-contact-info':
      return demand(
        category !== 'authentication',
        at,
        'button-category',
        'a request for the phone must stand in a utility or marketing template',
        'take it away, or choose another category',
      );
    case 'url':
      return urlProblems(`${at}.url`, button);
    case 'phone':
      return demand(
        button.phoneNumber.length <= MAX_PHONE_LENGTH && /^\+?[1-9][0-9 ()-]{3,}$/.test(button.phoneNumber),
        `${at}.phone.phone_number`,
        'phone',
        `must be a phone with country code, at most ${MAX_PHONE_LENGTH} characters, for example +12025550143`,
        'correct it',
      );
    case 'copy-code':
      return aText(`${at}.copy_code.example`, button.example, MAX_CODE_LENGTH, 'an example of the code');
    case 'flow':
      return flowProblems(`${at}.flow`, button);
    case 'one-time-password':
      return demand(
        category === 'authentication',
        at,
        'button-category',
        'a one-time password must stand in an authentication template',
        'take it away, or choose category authentication',
      );
    case 'nothing':
      return demand(
        false,
        at,
        'button-kind',
        'a button must be one of quick_reply, url, phone, copy_code, flow, catalogue, request_contact_info, one_time_password',
        'set one of them',
      );
  }
}

function urlProblems(at: string, { url, example }: { readonly url: string; readonly example: string }): Problem[] {
  const fixed = url.replace(/\{\{1\}\}$/, '');
  const isOpen = fixed !== url;
  return [
    ...aText(`${at}.url`, url, MAX_URL_LENGTH, 'an address'),
    ...demand(
      isAddress(fixed),
      `${at}.url`,
      'address',
      'must be an address that begins with http:// or https://, with {{1}} at its end alone',
      'write it out, without spaces and other placeholders',
    ),
    ...demand(
      !isOpen || (isAddress(example) && example.length <= MAX_URL_LENGTH),
      `${at}.example`,
      'example-missing',
      'an address with {{1}} needs an example of the whole address',
      'write one out',
    ),
    ...demand(
      isOpen || example === '',
      `${at}.example`,
      'example-surplus',
      'must be empty: the address has no placeholder',
      'leave it out',
    ),
  ];
}

const isAddress = (text: string): boolean => /^https?:\/\/[^\s{}\\]+$/i.test(text) && URL.canParse(text);

function flowProblems(
  at: string,
  { flowId, action, screen }: { readonly flowId: string; readonly action: string; readonly screen: string },
): Problem[] {
  const navigates = action === '' || action === 'navigate';
  return [
    ...demand(/^[0-9]{1,32}$/.test(flowId), `${at}.flow_id`, 'flow', "must be Meta's id of a flow: digits", 'copy it'),
    ...demand(
      navigates || action === 'data_exchange',
      `${at}.action`,
      'flow',
      'must be navigate or data_exchange',
      'choose one',
    ),
    ...demand(
      !navigates || screen !== '',
      `${at}.screen`,
      'flow',
      'must name the screen that navigate opens',
      'name it, or choose data_exchange',
    ),
  ];
}
