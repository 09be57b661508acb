import { type OneTimePassword, type TemplateContent } from '../content.js';
import { aTextOrNone, demand, type Problem } from './problem.js';

const ways: readonly string[] = ['copy_code', 'one_tap', 'zero_tap'];
const MOST_APPS = 5;

/** The words are Meta's; what can be chosen is a warning, an expiry and the button. Source: Meta, *Authentication templates*. */
export function authenticationProblems(content: TemplateContent): Problem[] {
  const { header, body, footer, buttons, authentication } = content;
  const password = buttons.find(({ kind }) => kind === 'one-time-password') as OneTimePassword | undefined;
  const minutes = authentication?.codeExpirationMinutes ?? 0;
  const mustBeEmpty = (isEmpty: boolean, field: string) =>
    demand(
      isEmpty,
      field,
      'authentication-words',
      "must be empty: the words of authentication templates are Meta's",
      'leave it out, or choose another category',
    );
  return [
    ...mustBeEmpty(header === null, 'content.header'),
    ...mustBeEmpty(body === null || body.text === '', 'content.body'),
    ...mustBeEmpty(footer === '', 'content.footer'),
    ...demand(
      buttons.length === 1 && password !== undefined,
      'content.buttons',
      'one-time-password',
      'an authentication template must have exactly one button, one_time_password',
      'set that one alone',
    ),
    ...demand(
      Number.isInteger(minutes) && minutes >= 0 && minutes <= 90,
      'content.authentication.code_expiration_minutes',
      'expiration',
      'must be 1 to 90 minutes, or 0 to say nothing',
      'choose another time',
    ),
    ...(password ? passwordProblems(`content.buttons[${buttons.indexOf(password as never)}]`, password) : []),
  ];
}

function passwordProblems(at: string, password: OneTimePassword): Problem[] {
  const { way, apps, autofillText, zeroTapTermsAccepted } = password;
  const field = `${at}.one_time_password`;
  const fillsIn = way === 'one_tap' || way === 'zero_tap';
  return [
    ...demand(
      ways.includes(way),
      `${field}.kind`,
      'one-time-password',
      `must be one of ${ways.join(', ')}`,
      'choose one',
    ),
    ...demand(
      fillsIn ? apps.length >= 1 && apps.length <= MOST_APPS : apps.length === 0,
      `${field}.apps`,
      'apps',
      fillsIn ? `must be 1 to ${MOST_APPS} apps that may fill in the code` : 'must be empty: nobody fills in the code',
      fillsIn ? 'name them' : 'leave them out, or choose one_tap or zero_tap',
    ),
    ...apps.flatMap(({ packageName, signatureHash }, index) => [
      ...demand(
        /^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/.test(packageName) && packageName.length <= 224,
        `${field}.apps[${index}].package_name`,
        'apps',
        'must be the name of an Android package, for example com.example.shop',
        'copy it',
      ),
      ...demand(
        /^[A-Za-z0-9+/]{11}$/.test(signatureHash),
        `${field}.apps[${index}].signature_hash`,
        'apps',
        'must be 11 letters, digits, + and /',
        "compute it from the app's signing key",
      ),
    ]),
    ...aTextOrNone(`${field}.autofill_text`, autofillText, 25, 'the words of the button'),
    ...demand(
      way !== 'zero_tap' || zeroTapTermsAccepted,
      `${field}.zero_tap_terms_accepted`,
      'zero-tap-terms',
      "zero-tap buttons need Meta's terms for them to be accepted",
      'read and accept them, or choose one_tap',
    ),
  ];
}
