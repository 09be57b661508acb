import { isJson, type Json } from '../json.js';
import { invalid, missing, mustBe, notAllowed, tooLong } from './refusals.js';
import { isFilledText } from './variables.js';

const LABEL = 25;
const MOST = 10;

/** How many of each kind of button a template may have. */
const mostOf: Readonly<Record<string, number>> = {
  QUICK_REPLY: 10,
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  OTP: 1,
  FLOW: 1,
  CATALOG: 1,
  MPM: 1,
  SPM: 1,
  VOICE_CALL: 1,
  ORDER_DETAILS: 1,
  REQUEST_CONTACT_INFO: 1,
};

/** Checks the buttons of a template and gives them back as Meta keeps them. @throws Refused */
export function checkButtons(given: unknown, most = MOST): Json[] {
  if (!Array.isArray(given) || given.length === 0) throw missing("components['BUTTONS']['buttons']");
  if (given.length > most) throw notAllowed('Too many buttons', `A template can't have more than ${most} buttons.`);
  const buttons = given.map(toButton);
  for (const [type, allowed] of Object.entries(mostOf)) {
    const count = buttons.filter((button) => button['type'] === type).length;
    if (count > allowed)
      throw notAllowed('Too many buttons', `A template can't have more than ${allowed} ${type} buttons.`);
  }
  // Quick replies stand together: at the beginning or at the end.
  const turns = buttons.filter(
    (button, index) =>
      index > 0 && (button['type'] === 'QUICK_REPLY') !== (buttons[index - 1]?.['type'] === 'QUICK_REPLY'),
  );
  if (turns.length > 1) {
    throw notAllowed(
      'Invalid order of buttons',
      'Quick reply buttons must be grouped together, apart from the other buttons.',
    );
  }
  return buttons;
}

function toButton(given: unknown): Json {
  const type = isJson(given) && typeof given['type'] === 'string' ? given['type'].toUpperCase() : '';
  if (!isJson(given) || !Object.hasOwn(mostOf, type)) {
    throw mustBe("components['BUTTONS']['buttons']['type']", `one of {${Object.keys(mostOf).join(', ')}}`);
  }
  const label = given['text'];
  if (!isFilledText(label)) {
    if (type !== 'COPY_CODE' && type !== 'OTP') throw missing("components['BUTTONS']['buttons']['text']");
  } else {
    if (label.length > LABEL) throw tooLong('The label of a button', LABEL);
    if (label.includes('{{')) throw notAllowed('Invalid button', "The label of a button can't have variables.");
  }
  if (type === 'URL') checkUrl(given);
  if (type === 'PHONE_NUMBER') {
    const phone = given['phone_number'];
    if (!isFilledText(phone)) throw missing("components['BUTTONS']['buttons']['phone_number']");
    if (phone.length > 20) throw tooLong('The phone number of a button', 20);
    if (!/^\+?[0-9 ()-]+$/.test(phone))
      throw mustBe("components['BUTTONS']['buttons']['phone_number']", 'a phone number');
  }
  if (type === 'COPY_CODE') {
    const [code] = [given['example']].flat();
    if (!isFilledText(code)) throw invalid(2388043, 'button of type COPY_CODE is missing expected field(s) (example)');
    if (code.length > 20) throw tooLong('The code of a button', 20);
  }
  if (type === 'OTP' && !['COPY_CODE', 'ONE_TAP', 'ZERO_TAP'].includes(String(given['otp_type']).toUpperCase())) {
    throw mustBe("components['BUTTONS']['buttons']['otp_type']", 'one of {COPY_CODE, ONE_TAP, ZERO_TAP}');
  }
  return { ...given, type };
}

/** One variable at most, at the very end, with a whole address as its sample. */
function checkUrl(button: Json): void {
  const { url, example } = button;
  if (!isFilledText(url)) throw missing("components['BUTTONS']['buttons']['url']");
  if (url.length > 2000) throw tooLong('The address of a button', 2000);
  const fixed = url.replace(/\{\{[^{}]*\}\}$/, '');
  if (/\{\{|\}\}/.test(fixed)) {
    throw notAllowed('Invalid button', 'The address of a button can have one variable, at its end.');
  }
  if (!URL.canParse(fixed)) throw mustBe("components['BUTTONS']['buttons']['url']", 'a valid URL');
  if (fixed !== url && (!Array.isArray(example) || !isFilledText(example[0]))) {
    throw invalid(2388043, 'button of type URL is missing expected field(s) (example)');
  }
}
