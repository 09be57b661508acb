import type { Json } from './json.js';

interface ErrorShape {
  readonly http: number;
  readonly title: string;
  readonly details: string;
  readonly transient?: true;
}

/** The errors of the Cloud API by code: HTTP status, title and the usual details. */
// prettier-ignore
const known: Readonly<Record<number, ErrorShape>> = {
  0: { http: 401, title: 'AuthException', details: 'We were unable to authenticate the app user.' },
  1: { http: 400, title: 'An unknown error occurred', details: 'Invalid request or possible server error.' },
  2: { http: 503, title: 'Service temporarily unavailable', details: 'Temporary due to downtime or due to being overloaded.', transient: true },
  4: { http: 400, title: 'Application request limit reached', details: 'The app has reached its API call rate limit.', transient: true },
  10: { http: 403, title: 'Application does not have permission for this action', details: 'Permission is either not granted or has been removed.' },
  100: { http: 400, title: 'Invalid parameter', details: 'The request included one or more unsupported or misspelled parameters.' },
  190: { http: 401, title: 'Invalid OAuth access token - Cannot parse access token', details: 'Your access token has expired or is not known.' },
  368: { http: 403, title: 'Temporarily blocked for policies violations', details: 'The account has been restricted for violating a platform policy.' },
  80007: { http: 400, title: 'Rate limit issues', details: 'The WhatsApp Business Account has reached its rate limit.', transient: true },
  130429: { http: 400, title: 'Rate limit hit', details: 'Message failed to send because there were too many messages sent from this phone number in a short period of time' },
  130472: { http: 400, title: "User's number is part of an experiment", details: "Message was not sent because the user's number is part of an experiment." },
  130497: { http: 403, title: 'Business account is restricted from messaging users in this country.', details: 'The business account may not message users in this country.' },
  131000: { http: 500, title: 'Something went wrong', details: 'Message failed to send due to an unknown error.' },
  131005: { http: 403, title: 'Access denied', details: 'Permission is either not granted or has been removed.' },
  131008: { http: 400, title: 'Required parameter is missing', details: 'The request is missing a required parameter.' },
  131009: { http: 400, title: 'Parameter value is not valid', details: 'One or more parameter values are invalid.' },
  131016: { http: 500, title: 'Service unavailable', details: 'A service is temporarily unavailable.', transient: true },
  131021: { http: 400, title: 'Recipient cannot be sender', details: 'Sender and recipient phone number is the same.' },
  131026: { http: 400, title: 'Message undeliverable', details: 'Message Undeliverable.' },
  131030: { http: 400, title: 'Recipient phone number not in allowed list', details: 'Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.' },
  131031: { http: 403, title: 'Business Account locked', details: 'The WhatsApp Business Account has been restricted or disabled.' },
  131042: { http: 400, title: 'Business eligibility payment issue', details: 'Message failed to send because there were one or more errors related to your payment method.' },
  131045: { http: 500, title: 'Incorrect certificate', details: 'Message failed to send due to a phone number registration error.' },
  131047: { http: 400, title: 'Re-engagement message', details: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.' },
  131048: { http: 400, title: 'Spam rate limit hit', details: 'Message failed to send because there are restrictions on how many messages can be sent from this phone number.' },
  131049: { http: 400, title: 'This message was not delivered to maintain healthy ecosystem engagement.', details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.' },
  131050: { http: 400, title: 'User stopped marketing messages', details: 'The user has chosen to stop marketing messages from this business.' },
  131051: { http: 400, title: 'Unsupported message type', details: 'Message type is not currently supported.' },
  131052: { http: 400, title: 'Media download error', details: 'Unable to download the media sent by the user.' },
  131053: { http: 400, title: 'Media upload error', details: 'Unable to upload the media used in the message.' },
  131056: { http: 400, title: '(Business Account, Consumer Account) pair rate limit hit', details: 'Message failed to send because there were too many messages sent from this phone number to the same recipient in a short period of time.' },
  131057: { http: 500, title: 'Account in maintenance mode', details: 'Business Account is in maintenance mode.', transient: true },
  131059: { http: 400, title: 'Invalid cursor', details: 'The cursor is not valid.' },
  131062: { http: 400, title: 'Recipient not supported', details: 'BSUID recipients are not supported for this message.' },
  132000: { http: 400, title: 'Number of parameters does not match the expected number of params', details: 'The number of variable parameter values does not match the template.' },
  132001: { http: 404, title: 'Template name does not exist in the translation', details: 'The template does not exist in the specified language or has not been approved.' },
  132005: { http: 400, title: 'Translated text too long', details: 'Translated text is too long.' },
  132007: { http: 400, title: 'Template format character policy violated', details: 'Template content violates a WhatsApp policy.' },
  132008: { http: 400, title: 'Template param missing', details: 'A parameter of the template is missing.' },
  132012: { http: 400, title: 'Parameter format does not match format in the created template', details: 'Variable parameter values formatted incorrectly.' },
  132018: { http: 400, title: 'Template parameter is not valid', details: 'A parameter of the template cannot be used.' },
  132015: { http: 400, title: 'Template is Paused', details: 'Template is paused due to low quality.' },
  132016: { http: 400, title: 'Template is Disabled', details: 'Template has been paused too many times due to low quality and is now permanently disabled.' },
  133004: { http: 503, title: 'Server Temporarily Unavailable', details: 'Server is temporarily unavailable.', transient: true },
  133010: { http: 400, title: 'Phone number not registered', details: 'The phone number is not registered on the WhatsApp Business Platform.' },
  137000: { http: 400, title: 'Identity key mismatch', details: "The recipient's identity key hash does not match." },
};

const HREF = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes';
// Codes of the Graph API itself are not prefixed in the message.
const unprefixed = new Set([0, 1, 2, 190]);

const shapeOf = (code: number): ErrorShape => known[code] ?? { http: 400, title: 'Error', details: `Error ${code}.` };

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
