import { Failure, invalid, type FieldViolation } from '@switchboard/errors';
import { partsOfThreadId, threadOfChat } from '../../domain/spans.js';
import { demand } from '../../use-cases/chats.js';

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
  if (value.trim() !== '' && length <= longest) return undefined;
  return {
    field,
    description: `must be 1 to ${longest} characters and is ${length}; ${length > longest ? 'shorten it' : 'write something'}`,
  };
};

export const aKey = (field: string, value: string): Violation =>
  value.length >= 1 && value.length <= 128
    ? undefined
    : { field, description: 'must be 1 to 128 characters; make one per press of the button and keep it for every try' };

export const aPageSize = (field: string, value: number): Violation =>
  value <= 500 ? undefined : { field, description: 'must be 1 to 500, or 0 for the usual size; ask for smaller pages' };

export const aWamidOrNone = (field: string, value: string): Violation =>
  value.length <= 512 && !/\s/.test(value)
    ? undefined
    : { field, description: "must be Meta's message id; copy it whole" };

export const toToken = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** A place from a page token; undefined for the first page. */
export function fromToken<T>(token: string, read: (json: Record<string, unknown>) => T | undefined): T | undefined {
  if (token === '') return undefined;
  try {
    const json = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
    const place = typeof json === 'object' && json !== null ? read(json as Record<string, unknown>) : undefined;
    if (place !== undefined) return place;
  } catch {
    // Said below, with the remedy.
  }
  throw invalid('routing.invalid-request', [
    { field: 'page_token', description: 'must be empty or come from the answer before; start at the first page' },
  ]);
}

/** Whose data is asked for: the token's organisation, or for internal services the one they name. */
export function organisationOf(tenant: string | undefined, named: string): string {
  if (tenant !== undefined && named !== '' && named !== tenant) {
    throw new Failure(
      'forbidden',
      'routing.other-organisation',
      'the token is for another organisation; leave organisation_id empty',
    );
  }
  const organisation = tenant ?? named;
  if (organisation === '') {
    throw invalid('routing.invalid-request', [
      { field: 'organisation_id', description: 'is needed when the token names no organisation; name one' },
    ]);
  }
  return organisation;
}
