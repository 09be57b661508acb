import { Refused } from '../errors.js';

/** What Meta calls each of the faults of a template, by the subcode under code 100. */
const titles = {
  2388019: 'Message template limit exceeded',
  2388023: 'Message template language is being deleted',
  2388024: 'Content in This Language Already Exists',
  2388040: 'Character Limit Exceeded',
  2388043: 'Message template "components" param is missing expected field(s)',
  2388046: 'Name Format is Incorrect',
  2388047: 'Message Header Format is Incorrect',
  2388072: 'Message Body Format is Incorrect',
  2388073: 'Message Footer Format is Incorrect',
  2388293: 'Parameters words ratio exceeds limit',
  2388299: "Variables can't be at the start or end of the template",
  2593002: 'Message Template Not Found',
} as const;

/** A template that cannot be: `code` 100, the kind of fault in `error_subcode`, a sentence in `error_user_msg`. */
export const invalid = (subcode: keyof typeof titles, message: string): Refused =>
  new Refused(100, { message: 'Invalid parameter', subcode, user: { title: titles[subcode], message } });

/** The same for faults that have no subcode of their own. */
export const notAllowed = (title: string, message: string): Refused =>
  new Refused(100, { message: 'Invalid parameter', user: { title, message } });

export const missing = (name: string): Refused =>
  new Refused(100, { message: `(#100) The parameter ${name} is required.` });

export const mustBe = (name: string, what: string): Refused =>
  new Refused(100, { message: `(#100) Param ${name} must be ${what}.` });

export const tooLong = (what: string, most: number): Refused =>
  invalid(2388040, `${what} can't have more than ${most} characters.`);
