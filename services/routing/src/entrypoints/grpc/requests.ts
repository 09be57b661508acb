import { Failure, invalid, type FieldViolation } from '@switchboard/errors';
import { partsOfThreadId, threadOfChat } from '../../domain/spans.js';
import { demand } from '../../use-cases/chats/read-chats.js';

export { demand };

type Violation = FieldViolation | undefined;

export const aChatId = (field: string, value: string): Violation =>
  threadOfChat(value) !== undefined
    ? undefined
    : { field, description: 'must be the id of a chat; take it from ListChats' };

export const aThreadId = (field: string, value: string): Violation =>
  partsOfThreadId(value) ? undefined : { field, description: 'must be the id of a thread; take it from a chat' };

export const aNumber = (field: string, value: string): Violation =>
  /^\d{1,32}$/.test(value)
    ? undefined
    : { field, description: "must be Meta's phone number id, 1 to 32 digits; copy it from the number" };

export const aCustomerId = (field: string, value: string): Violation =>
  /^[A-Za-z0-9_-]{1,64}$/.test(value)
    ? undefined
    : { field, description: 'must be the id of a customer; take it from a chat' };

export const anIdOrNone = (field: string, value: string): Violation =>
  value === '' || /^[a-z0-9][a-z0-9-]{0,63}$/.test(value)
    ? undefined
    : { field, description: 'must be 1 to 64 lower-case letters, digits and dashes, or empty; correct the id' };

export const aText = (field: string, value: string, longest: number): Violation => {
  const { length } = Array.from(value);
  if (isBroken(value)) return broken(field);
  if (value.trim() !== '' && length <= longest) return undefined;
  return {
    field,
    description: `must be 1 to ${longest} characters and is ${length}; ${length > longest ? 'shorten it' : 'write something'}`,
  };
};

export const aKey = (field: string, value: string): Violation => {
  if (isBroken(value)) return broken(field);
  return value.length >= 1 && value.length <= 128
    ? undefined
    : { field, description: 'must be 1 to 128 characters; make one per press of the button and keep it for every try' };
};

export const anAlias = (field: string, value: string): Violation => {
  if (isBroken(value)) return broken(field);
  return value.trim() !== '' && value.length <= 160
    ? undefined
    : { field, description: 'must be a phone or a user id, 1 to 160 characters; give one' };
};

export const aPhone = (field: string, phone: string): Violation =>
  /^\d{7,15}$/.test(phone.replace(/[\s()+.-]/g, ''))
    ? undefined
    : { field, description: 'must be 7 to 15 digits with country code; for example +12025550143' };

export const aUserId = (field: string, userId: string): Violation =>
  /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(userId)
    ? undefined
    : { field, description: 'must look like US.13491208655302741918; copy it whole' };

/** Half a surrogate pair, or bytes that are no UTF-8, arrive as U+FFFD: what was meant is lost. */
const isBroken = (value: string): boolean => /[\p{Cs}\uFFFD]/u.test(value);
const broken = (field: string): Violation => ({
  field,
  description: 'must be well-formed Unicode and holds a character that is not (U+FFFD); take it out or encode it anew',
});

export const wellFormed = (field: string, value: string): Violation => (isBroken(value) ? broken(field) : undefined);

/** A text that may be left out. */
export const aTextOrNone = (field: string, value: string, longest: number): Violation => {
  const { length } = Array.from(value);
  if (isBroken(value)) return broken(field);
  return length <= longest
    ? undefined
    : { field, description: `must be at most ${longest} characters and is ${length}; shorten it` };
};

const MOST_TAGS = 50;
const LONGEST_TAG = 64;

export const theTags = (field: string, tags: readonly string[]): Violation[] => [
  tags.length <= MOST_TAGS
    ? undefined
    : { field, description: `must be at most ${MOST_TAGS} and are ${tags.length}; take some away` },
  ...tags.map((tag, index) => aText(`${field}[${index}]`, tag, LONGEST_TAG)),
  ...tags.map((tag, index) =>
    tags.indexOf(tag) === index
      ? undefined
      : { field: `${field}[${index}]`, description: 'must not be there twice; name each tag once' },
  ),
];

const BLOCK_TIMES = ['', 'P1D', 'P3D', 'P7D'];

export const aBlockTime = (field: string, value: string): Violation =>
  BLOCK_TIMES.includes(value)
    ? undefined
    : { field, description: 'must be P1D, P3D, P7D, or empty for ever; choose one of them' };

/** One of the two, not both and not none. */
export const oneOf = (fields: Readonly<Record<string, boolean>>): Violation => {
  const given = Object.entries(fields).filter(([, isGiven]) => isGiven);
  const names = Object.keys(fields);
  if (given.length === 1) return undefined;
  const remedy = given.length === 0 ? 'give one' : 'leave the others empty';
  const description = `must be one of ${names.join(', ')} and no other; ${remedy}`;
  return { field: given[1]?.[0] ?? names[0] ?? '', description };
};

export const aPageSize = (field: string, value: number): Violation =>
  value <= 500 ? undefined : { field, description: 'must be 1 to 500, or 0 for the usual size; ask for smaller pages' };

export const aWamidOrNone = (field: string, value: string): Violation =>
  value.length <= 512 && !/\s/.test(value)
    ? undefined
    : { field, description: "must be Meta's message id; copy it whole" };

export const toToken = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const LONGEST_TOKEN = 1_024;

/** The place a page token stands for, undefined for the first page; or what is wrong with it. */
export function fromToken<T>(
  field: string,
  token: string,
  read: (json: Readonly<Record<string, unknown>>) => T | undefined,
): { readonly place?: T; readonly violation?: FieldViolation } {
  if (token === '') return {};
  const place = token.length <= LONGEST_TOKEN ? placeIn(token, read) : undefined;
  if (place !== undefined) return { place };
  const description = 'must be empty or come from the answer before; start at the first page';
  return { violation: { field, description } };
}

function placeIn<T>(token: string, read: (json: Readonly<Record<string, unknown>>) => T | undefined): T | undefined {
  try {
    const json = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
    return typeof json === 'object' && json !== null ? read(json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A place in a list of chats. */
export const chatPlace = ({ lastAt, id }: Readonly<Record<string, unknown>>) =>
  isTime(lastAt) && typeof id === 'string' && threadOfChat(id) !== undefined
    ? { lastAt: new Date(lastAt), id }
    : undefined;

/** A place in a transcript. */
export const messagePlace = ({ at, t, s }: Readonly<Record<string, unknown>>) =>
  isTime(at) && typeof t === 'string' && partsOfThreadId(t) && Number.isSafeInteger(s) && Number(s) >= 0
    ? { at: new Date(at), threadId: t, sequence: Number(s) }
    : undefined;

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

/** Whose data is asked for: the token's organisation, or for internal services the one they name; empty for all. */
export function organisationOf(tenant: string | undefined, named: string): string {
  if (tenant !== undefined && named !== '' && named !== tenant) {
    throw new Failure(
      'forbidden',
      'routing.other-organisation',
      'the token is for another organisation; leave organisation_id empty',
    );
  }
  return tenant ?? named;
}

/** As `organisationOf`, where somebody's has to be named. */
export function oneOrganisationOf(tenant: string | undefined, named: string): string {
  const organisation = organisationOf(tenant, named);
  if (organisation === '') {
    throw invalid('routing.invalid-request', [
      { field: 'organisation_id', description: 'is needed when the token names no organisation; name one' },
    ]);
  }
  return organisation;
}
