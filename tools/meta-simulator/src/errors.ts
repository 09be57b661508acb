import { type ErrorShape, known } from './error-codes.js';
import type { Json } from './json.js';

const HREF = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes';
// Codes of the Graph API itself are not prefixed in the message.
const unprefixed = new Set([0, 1, 2, 190]);

// All of 200 to 299 are about permissions.
const shapeOf = (code: number): ErrorShape =>
  known[code >= 200 && code <= 299 ? 200 : code] ?? { http: 400, title: 'Error', details: `Error ${code}.` };

/** An answer of the Graph API that is not a success. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;
  readonly http: number;
  readonly details: string | undefined;
  readonly subcode: number | undefined;
  readonly user: { readonly title: string; readonly message: string } | undefined;

  constructor(
    code: number,
    given: {
      message?: string;
      details?: string;
      http?: number;
      subcode?: number;
      user?: { title: string; message: string };
    } = {},
  ) {
    const shape = shapeOf(code);
    super(given.message ?? (unprefixed.has(code) ? shape.title : `(#${code}) ${shape.title}`));
    this.code = code;
    this.http = given.http ?? shape.http;
    // Only the product's own errors have details; those of the Graph API have none.
    this.details = given.details ?? (code > 1000 || code === 0 ? shape.details : undefined);
    this.subcode = given.subcode;
    this.user = given.user;
  }
}

/** Meta's error body. */
export function errorBody(error: Refused, traceId: string): Json {
  return {
    error: {
      message: error.message,
      type: error.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
      code: error.code,
      ...(error.details !== undefined && {
        error_data: { messaging_product: 'whatsapp', details: error.details },
      }),
      ...(error.subcode !== undefined && { error_subcode: error.subcode }),
      ...(error.user
        ? { is_transient: false, error_user_title: error.user.title, error_user_msg: error.user.message }
        : shapeOf(error.code).transient && { is_transient: true }),
      fbtrace_id: traceId,
    },
  };
}

/** An entry of `errors[]` in a webhook. */
export function webhookError(code: number): Json {
  const { title, details } = shapeOf(code);
  return { code, title, message: title, error_data: { details }, href: HREF };
}

export const noSuchObject = (method: string, id: string): Refused =>
  new Refused(100, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    subcode: 33,
  });
