/**
 * What follows from an error for the message that met it, and for those behind it.
 * - `back-off`: the same call may succeed soon; slow down, and it passes by itself.
 * - `few-tries`: the cause is not told; try again a few times only.
 * - `wait`: hours or days, or something must change first.
 * - `stop`: nothing of the number can be sent until somebody mends something; the message itself did nothing wrong.
 * - `never`: not this message to this person.
 * - `fix`: the request must be mended; the same one fails again.
 */
export type Consequence = 'back-off' | 'few-tries' | 'wait' | 'stop' | 'never' | 'fix';

/** What else would meet the same error: only this message, all to this person, all of the number, account or app. */
export type Scope = 'message' | 'pair' | 'number' | 'account' | 'app';

/** What to do about an error of Meta. */
export interface Ruling {
  readonly consequence: Consequence;
  readonly scope: Scope;
  /** For `back-off` and `wait`: the shortest time after which another try makes sense, where one is known. */
  readonly waitMs?: number;
  /** A sentence for the person who has to do something. */
  readonly remedy: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const later = 'nothing to do: it is tried again by itself';
const token = 'connect the WhatsApp account again with a valid token that has the WhatsApp permissions';
const register = 'register the number with the Cloud API again';
const account = 'look at the account in WhatsApp Manager and settle what Meta asks for there';
const payment = 'put the payment method of the WhatsApp account right at Meta';
const request = 'mend the request; Meta names the part in the details';
const template = 'compare the message with its approved template and mend it';
const otherWay = 'reach this person another way';
const marketing = 'send nothing promotional to this person for now';
const groups = 'look at the group and the rights of the number in it';
const calling = 'look at the calling settings of the number and the permission of the person';
const pin = 'wait, then give the right two-step PIN of the number';

const backOff = (scope: Scope, waitMs = SECOND): Ruling => ({ consequence: 'back-off', scope, waitMs, remedy: later });
const wait = (scope: Scope, waitMs: number, remedy: string): Ruling => ({ consequence: 'wait', scope, waitMs, remedy });
const stop = (scope: 'number' | 'account', remedy: string): Ruling => ({ consequence: 'stop', scope, remedy });
const never = (remedy: string): Ruling => ({ consequence: 'never', scope: 'message', remedy });
const fix = (remedy: string): Ruling => ({ consequence: 'fix', scope: 'message', remedy });
const fewTries: Ruling = { consequence: 'few-tries', scope: 'message', remedy: 'send it again later' };

/**
 * Source: Meta, *Cloud API error codes*, with *Rate limits* of the Graph API (4, 80004, 80007), *Throughput* (130429,
 * 131057 for up to a minute), *Messaging limits* (131048, 131056, 131064), *Per-user marketing limits* (131049, 131050)
 * and the pages of 2026 on user ids (131062), usernames (147001–147005) and marketing messages (131061, 131063).
 */
// prettier-ignore
const rulings: ReadonlyMap<number, Ruling> = new Map([
  // Authorisation
  [0, stop('account', token)],
  [3, stop('account', token)],
  [10, stop('account', token)],
  [190, stop('account', token)],
  [131005, stop('account', token)],
  // The number and its account
  [33, stop('number', 'the number is deleted at Meta: connect another one')],
  [368, stop('account', account)],
  [131031, stop('account', account)],
  [131037, stop('number', 'have the display name of the number approved at Meta')],
  [131042, stop('account', payment)],
  [131044, stop('account', payment)],
  [131045, stop('number', register)],
  [133000, stop('number', 'deregister the number again, then register it')],
  [133006, stop('number', 'verify the number again, then register it')],
  [133010, stop('number', register)],
  // Passes by itself
  [2, backOff('app')],
  [131016, backOff('app')],
  [133004, backOff('app')],
  [4, backOff('app', MINUTE)],
  [80004, backOff('account', MINUTE)],
  [80007, backOff('account', MINUTE)],
  [130429, backOff('number')],
  [131056, backOff('pair')],
  [131057, backOff('number', 10 * SECOND)],
  [134101, backOff('message', 10 * MINUTE)],
  // Nobody says why
  [1, fewTries],
  [131000, fewTries],
  [135000, fewTries],
  // Later, or after a change
  [131048, wait('number', 5 * MINUTE, 'send less, and only what people want: they block or report messages of this number')],
  [131049, wait('message', 24 * HOUR, marketing)],
  [131064, wait('message', 24 * HOUR, 'put the category of the templates right; Meta lifts the restriction by itself')],
  [132015, wait('message', HOUR, 'improve the template; Meta takes it up again, or do it in WhatsApp Manager')],
  [132069, wait('message', HOUR, 'look at the health of the flow in WhatsApp Manager')],
  [133008, wait('message', HOUR, pin)],
  [133009, wait('message', MINUTE, pin)],
  [133015, wait('message', 5 * MINUTE, 'the number was deleted just now: try again in five minutes')],
  [133016, wait('message', 72 * HOUR, 'ten registrations in 72 hours are allowed: try again later')],
  // Not this message
  [130472, never('nothing to do: Meta leaves this person out for an experiment')],
  [130497, never('the account may not write to people of this country')],
  [131021, never('send it to somebody other than the number itself')],
  [131026, never(otherWay)],
  [131047, never('send an approved template, or wait until the customer writes')],
  [131050, never(marketing)],
  [131051, never('send a message of a type that WhatsApp knows')],
  [131052, never('ask the customer to send the file again')],
  [131060, never('ask the customer to send it again')],
  [132016, never('Meta has disabled the template for good: make another one')],
  // The request
  [100, fix(request)],
  [131008, fix(request)],
  [131009, fix(request)],
  [131020, fix(groups)],
  [131030, fix('add the recipient to the list of the test number')],
  [131041, fix(groups)],
  [131053, fix('look at type, size and address of the file')],
  [131055, fix(request)],
  [131059, fix('begin the listing again')],
  [131061, fix('send the template through the Marketing Messages API')],
  [131062, fix('send this kind of message to a phone number')],
  [131063, fix('send marketing through the Marketing Messages API, which this account has chosen')],
  [132000, fix(template)],
  [132001, fix('send a template that is approved in this language')],
  [132005, fix('shorten what is filled into the template')],
  [132007, fix('reword what is filled into the template: it breaks a policy of WhatsApp')],
  [132008, fix(template)],
  [132012, fix(template)],
  [132018, fix(template)],
  [132068, fix('mend the flow; Meta has blocked it')],
  [133005, fix('give the right two-step PIN of the number')],
  [134011, fix('accept the payment terms in WhatsApp Manager')],
  [134100, fix('send marketing templates only through this address')],
  [134102, fix('send another template, or this one through the ordinary address')],
  [136024, fix('nothing to do: the number is verified already')],
  [137000, fix('leave the identity check out, or take the customer’s new key')],
  [147001, fix('choose another username')],
  [147002, fix('choose another username')],
  [147003, fix('choose another username')],
  [147004, fix('choose another username')],
  [147005, fix('choose another username')],
]);

/** What an answer of Meta says beside its code. */
export interface ErrorAnswer {
  /** HTTP status. */
  readonly status?: number;
  /** `error_subcode`; 33 is an object that is missing or hidden from the token. */
  readonly subcode?: number;
  /** `is_transient` of the error. */
  readonly isTransient?: boolean;
}

const HIDDEN = 33;

/**
 * What follows from an error of Meta. An unknown code is judged by what stands beside it: `is_transient` or HTTP 429 backs
 * off, HTTP 401 or 403 stops the number, HTTP 5xx gets a few tries, and anything else needs a person who mends the request.
 */
export function rulingOf(code: number, { status = 400, subcode = 0, isTransient = false }: ErrorAnswer = {}): Ruling {
  // Object does not exist or cannot be loaded due to missing permissions: the number is not this token's.
  if (code === 100 && subcode === HIDDEN) return stop('number', token);
  const known = rulings.get(code) ?? rulingOfRange(code);
  // Whatever the code: 429 is only ever said to callers that are too fast.
  if (status === 429 && known?.consequence !== 'back-off') return backOff('number');
  if (known) return known;
  if (isTransient) return backOff('number');
  if (status === 401 || status === 403) return stop('account', token);
  return status >= 500 ? fewTries : fix(request);
}

/**
 * What follows from an answer without an error of Meta, which is somebody's between Meta and us: the message never came
 * to Meta. Not for HTTP 5xx, 408 and 2xx, after which nobody knows.
 */
export function rulingOfStatus(status: number): Ruling {
  if (status === 429) return backOff('number');
  const isWayBlocked = status < 400 || [401, 403, 404, 407].includes(status);
  return isWayBlocked
    ? stop('number', 'look at the address of the Graph API and at the proxies on the way: this answer is not Meta’s')
    : fewTries;
}

function rulingOfRange(code: number): Ruling | undefined {
  if (code >= 200 && code <= 299) return stop('account', token);
  if (code >= 131_200 && code <= 131_299) return fix(groups);
  return code >= 138_000 && code <= 138_999 ? fix(calling) : undefined;
}
