import { isJson, type Json, textOf } from '../json.js';
import { checkButtons } from './buttons.js';
import { invalid, missing, mustBe, notAllowed, tooLong } from './refusals.js';
import {
  faultOf,
  hasExamples,
  hasVariableAtEdge,
  isFilledText,
  type ParameterFormat,
  variablesIn,
  wordsBeside,
} from './variables.js';

export interface Grammar {
  readonly format: ParameterFormat;
  readonly category: string;
  /** A text with n variables has more words than this times n; 0: as few as it likes. */
  readonly wordsPerVariable: number;
  /** Whether the handle is of a file that was uploaded as a sample for a header of this format. */
  readonly isSample: (handle: string, format: string) => boolean;
}

const types = ['HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL', 'LIMITED_TIME_OFFER'] as const;
const mediaFormats = ['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT'];

/** Checks the parts of a template and gives them back as Meta keeps them. @throws Refused with Meta's subcode */
export function checkComponents(given: unknown, grammar: Grammar): Json[] {
  if (!Array.isArray(given) || given.length === 0) throw missing('components');
  const components = given.map((each) => {
    const type = isJson(each) && typeof each['type'] === 'string' ? each['type'].toUpperCase() : '';
    if (!isJson(each) || !types.some((known) => known === type)) {
      throw mustBe("components['type']", `one of {${types.join(', ')}}`);
    }
    return { ...each, type };
  });
  for (const type of types) {
    if (components.filter((each) => each.type === type).length > 1) {
      throw notAllowed('Component sub-type repeated', `A template can't have more than one component of type ${type}.`);
    }
  }
  if (!components.some(({ type }) => type === 'BODY')) {
    throw invalid(2388043, 'Message template "components" param is missing a component of type BODY.');
  }
  return grammar.category === 'AUTHENTICATION'
    ? components.map(toAuthentication)
    : components.map((each) => checkComponent(each, grammar));
}

function checkComponent(component: Json, grammar: Grammar): Json {
  switch (component['type']) {
    case 'HEADER':
      return checkHeader(component, grammar);
    case 'BODY':
      return checkBody(component, grammar, 1024);
    case 'FOOTER': {
      const { text } = component;
      if (!isFilledText(text)) throw invalid(2388043, 'component of type FOOTER is missing expected field(s) (text)');
      if (text.length > 60) throw tooLong('The footer', 60);
      if (/\{\{|\}\}|\n/.test(text)) throw invalid(2388073, "The footer can't have variables or new lines.");
      return component;
    }
    case 'BUTTONS':
      return { ...component, buttons: checkButtons(component['buttons']) };
    default:
      if (grammar.category !== 'MARKETING') {
        throw notAllowed(
          'Invalid component',
          `A component of type ${String(component['type'])} needs category MARKETING.`,
        );
      }
      return component['type'] === 'CAROUSEL' ? checkCarousel(component, grammar) : checkOffer(component);
  }
}

function checkHeader(component: Json, grammar: Grammar): Json {
  const format = textOf(component['format']).toUpperCase();
  const { text, example } = component;
  if (format === 'LOCATION') return { ...component, format };
  if (format === 'TEXT') {
    if (!isFilledText(text)) throw invalid(2388043, 'component of type HEADER is missing expected field(s) (text)');
    if (text.length > 60) throw tooLong('The header', 60);
    if (/[\n*_~`]|\p{Extended_Pictographic}/u.test(text.replace(/\{\{[^{}]*\}\}/g, ''))) {
      throw invalid(2388047, "The header can't have new lines, formatting characters, emojis or asterisks.");
    }
    const fault = faultOf(text, grammar.format);
    const names = variablesIn(text);
    if (fault !== undefined || names.length > 1)
      throw invalid(2388047, fault ?? "The header can't have more than one variable.");
    if (!hasExamples(names, grammar.format, 'header_text', example)) throw withoutExample('HEADER');
    return { ...component, format };
  }
  if (!mediaFormats.includes(format))
    throw mustBe("components['HEADER']['format']", 'one of {TEXT, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION}');
  const [handle] = isJson(example) ? [example['header_handle']].flat() : [];
  if (!isFilledText(handle)) throw withoutExample('HEADER');
  if (!grammar.isSample(handle, format)) {
    throw invalid(2388047, `The sample of the header is not a file of type ${format} that was uploaded before.`);
  }
  return { ...component, format };
}

function checkBody(component: Json, grammar: Grammar, most: number): Json {
  const { text, example } = component;
  if (!isFilledText(text)) throw invalid(2388043, 'component of type BODY is missing expected field(s) (text)');
  if (text.length > most) throw tooLong('The body', most);
  const fault = faultOf(text, grammar.format);
  if (fault !== undefined) throw invalid(2388072, fault);
  const names = variablesIn(text);
  if (hasVariableAtEdge(text)) throw invalid(2388299, "Variables can't be at the start or end of the template.");
  if (!hasExamples(names, grammar.format, 'body_text', example)) throw withoutExample('BODY');
  if (names.length > 0 && wordsBeside(text) <= names.length * grammar.wordsPerVariable) {
    throw invalid(
      2388293,
      'This template has too many variables for its length. Reduce the number of variables or increase the message length.',
    );
  }
  return component;
}

function checkCarousel(component: Json, grammar: Grammar): Json {
  const { cards } = component;
  if (!Array.isArray(cards) || cards.length < 2 || cards.length > 10) {
    throw notAllowed('Invalid carousel', 'A carousel must have 2 to 10 cards.');
  }
  const checked = cards.map((card: unknown) => {
    const parts = isJson(card) ? card['components'] : undefined;
    if (!Array.isArray(parts)) throw missing("components['CAROUSEL']['cards']['components']");
    return parts.map((part: unknown) => {
      const type = isJson(part) ? String(part['type']).toUpperCase() : '';
      if (isJson(part) && type === 'HEADER') return checkHeader({ ...part, type }, grammar);
      if (isJson(part) && type === 'BODY') return checkBody({ ...part, type }, grammar, 160);
      if (isJson(part) && type === 'BUTTONS') return { ...part, type, buttons: checkButtons(part['buttons'], 2) };
      throw mustBe("components['CAROUSEL']['cards']['components']['type']", 'one of {HEADER, BODY, BUTTONS}');
    });
  });
  const shapes = new Set(checked.map((parts) => JSON.stringify(parts.map((part) => [part['type'], part['format']]))));
  if (shapes.size > 1) throw notAllowed('Invalid carousel', 'All cards of a carousel must have the same components.');
  return { ...component, cards: checked.map((components) => ({ components })) };
}

function checkOffer(component: Json): Json {
  const offer = component['limited_time_offer'];
  if (!isJson(offer) || !isFilledText(offer['text'])) {
    throw invalid(2388043, 'component of type LIMITED_TIME_OFFER is missing expected field(s) (limited_time_offer)');
  }
  if (offer['text'].length > 16) throw tooLong('The text of an offer', 16);
  return component;
}

const withoutExample = (type: string) =>
  invalid(2388043, `component of type ${type} is missing expected field(s) (example)`);

/** Meta writes the text of authentication templates itself; what can be chosen is a warning, an expiry and the button. */
function toAuthentication(component: Json): Json {
  const { type } = component;
  if (type === 'BODY') {
    if (component['text'] !== undefined) {
      throw notAllowed('Invalid component', "The body of an authentication template can't have a text of your own.");
    }
    const warning = component['add_security_recommendation'] === true;
    const text = `*{{1}}* is your verification code.${warning ? ' For your security, do not share this code.' : ''}`;
    return { ...component, text, example: { body_text: [['123456']] } };
  }
  if (type === 'FOOTER') {
    const minutes = component['code_expiration_minutes'];
    if (typeof minutes !== 'number' || minutes < 1 || minutes > 90) {
      throw mustBe("components['FOOTER']['code_expiration_minutes']", 'a number from 1 to 90');
    }
    return { ...component, text: `This code expires in ${minutes} minutes.` };
  }
  if (type !== 'BUTTONS') {
    throw notAllowed('Invalid component', `An authentication template can't have a component of type ${String(type)}.`);
  }
  const [button, ...more] = checkButtons(component['buttons']);
  if (button?.['type'] !== 'OTP' || more.length > 0) {
    throw notAllowed('Invalid button', 'An authentication template must have one button of type OTP.');
  }
  const otpType = String(button['otp_type']).toUpperCase();
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${otpType}&code=otp{{1}}`;
  const text = button['text'] ?? 'Copy code';
  return { ...component, buttons: [{ type: 'URL', text, url, example: [url.replace('{{1}}', '123456')] }] };
}
