import { Refused } from '../errors.js';
import { isJson, type Json } from '../json.js';
import { checkContent } from './content.js';

/** A checked call of `POST /{phone-number-id}/messages`. */
export type MessageRequest =
  | { readonly kind: 'receipt'; readonly messageId: string; readonly typing: boolean }
  | {
      readonly kind: 'message';
      readonly addressedBy: 'to' | 'recipient';
      /** As it was given. */
      readonly input: string;
      /** Digits of the phone, or the user id. */
      readonly address: string;
      readonly type: string;
      readonly callbackData: string | undefined;
      readonly body: Json;
    };

const userId = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** @throws Refused, in the order in which Meta looks. */
export function readMessageRequest(body: unknown): MessageRequest {
  if (!isJson(body)) throw new Refused(100, { message: '(#100) The body of the request is not a JSON object.' });
  if (body['messaging_product'] === undefined) throw missing('messaging_product');
  if (body['messaging_product'] !== 'whatsapp') {
    throw new Refused(100, { message: '(#100) Param messaging_product must be one of {WHATSAPP}.' });
  }
  if (body['status'] !== undefined) return receipt(body);

  const recipient = addressOf(body);
  const type = body['type'] ?? 'text';
  if (typeof type !== 'string') throw new Refused(100, { message: '(#100) Param type must be a string.' });
  checkContent(type, body[type]);
  checkContext(body['context']);
  const callbackData = body['biz_opaque_callback_data'];
  if (callbackData !== undefined && (typeof callbackData !== 'string' || callbackData.length > 512)) {
    throw new Refused(131009, { details: 'biz_opaque_callback_data: length invalid. Max length: 512' });
  }
  if (recipient.addressedBy === 'recipient' && type === 'template' && hasCodeButton(body)) throw new Refused(131062);
  return { kind: 'message', ...recipient, type, callbackData, body };
}

const missing = (name: string) => new Refused(100, { message: `(#100) The parameter ${name} is required.` });

function receipt(body: Json): MessageRequest {
  if (body['status'] !== 'read') {
    throw new Refused(100, { message: '(#100) Param status must be one of {READ}.' });
  }
  if (typeof body['message_id'] !== 'string') throw missing('message_id');
  const typing = body['typing_indicator'];
  if (typing !== undefined && (!isJson(typing) || typing['type'] !== 'text')) {
    throw new Refused(100, { message: "(#100) Param typing_indicator['type'] must be one of {TEXT}." });
  }
  return { kind: 'receipt', messageId: body['message_id'], typing: typing !== undefined };
}

/** When both are given, `to` wins. */
function addressOf(body: Json): { addressedBy: 'to' | 'recipient'; input: string; address: string } {
  const kind = body['recipient_type'] ?? 'individual';
  if (kind !== 'individual' && kind !== 'group') {
    throw new Refused(100, { message: '(#100) Param recipient_type must be one of {INDIVIDUAL, GROUP}.' });
  }
  if (kind === 'group') throw new Refused(131051, { details: 'Groups are not supported for this number.' });
  const { to, recipient } = body;
  if (typeof to === 'string' || typeof to === 'number') {
    const input = String(to);
    const digits = input.replace(/[^0-9]/g, '');
    if (digits.length < 7 || digits.length > 15) {
      throw new Refused(131009, { details: `Invalid WhatsApp number: ${input}` });
    }
    return { addressedBy: 'to', input, address: digits };
  }
  if (typeof recipient === 'string') {
    if (!userId.test(recipient)) throw new Refused(131009, { details: `Invalid user id: ${recipient}` });
    return { addressedBy: 'recipient', input: recipient, address: recipient };
  }
  throw missing('to');
}

function checkContext(context: unknown): void {
  if (context === undefined) return;
  if (!isJson(context) || typeof context['message_id'] !== 'string') throw missing("context['message_id']");
}

const codeButtons = new Set(['copy_code', 'one_tap', 'zero_tap', 'otp']);

/** One-tap, zero-tap and copy-code buttons need a phone. */
function hasCodeButton(body: Json): boolean {
  const components = isJson(body['template']) ? body['template']['components'] : undefined;
  if (!Array.isArray(components)) return false;
  return components.some((component: unknown) => isJson(component) && codeButtons.has(String(component['sub_type'])));
}
