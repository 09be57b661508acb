import { type Button } from '../../domain/content.js';
import { isRecord, type Json, list, text } from './json.js';

/** Meta gives the button of a one-time code back as a link to this. */
const CODE_URL = /^https:\/\/www\.whatsapp\.com\/otp\/(code\/)?\?/;

/** One that this version does not know is a button with words, and nothing to fill in. */
export function buttonFromMeta(given: Json): Button {
  const label = text(given['text']);
  const [example] = list(given['example']);
  switch (text(given['type']).toUpperCase()) {
    case 'QUICK_REPLY':
      return { kind: 'quick-reply', text: label };
    case 'URL': {
      const url = text(given['url']);
      if (CODE_URL.test(url)) return codeButton(given, new URL(url).searchParams.get('otp_type') ?? '');
      return { kind: 'url', text: label, url, example: text(example) };
    }
    case 'PHONE_NUMBER':
      return { kind: 'phone', text: label, phoneNumber: text(given['phone_number']) };
    case 'COPY_CODE':
      return { kind: 'copy-code', text: label, example: text(example ?? given['example']) };
    case 'FLOW':
      return {
        kind: 'flow',
        text: label,
        flowId: text(given['flow_id']),
        action: text(given['flow_action']).toLowerCase(),
        screen: text(given['navigate_screen']),
      };
    case 'CATALOG':
      return { kind: 'catalogue', text: label };
    case 'REQUEST_CONTACT_INFO':
      return { kind: 'request-contact-info', text: label };
    case 'OTP':
      return codeButton(given, text(given['otp_type']));
    default:
      return { kind: 'nothing', text: label };
  }
}

const codeButton = (given: Json, way: string): Button => ({
  kind: 'one-time-password',
  text: text(given['text']),
  way: way.toLowerCase(),
  apps: list(given['supported_apps'])
    .filter(isRecord)
    .map((app) => ({ packageName: text(app['package_name']), signatureHash: text(app['signature_hash']) })),
  autofillText: text(given['autofill_text']),
  zeroTapTermsAccepted: given['zero_tap_terms_accepted'] === true,
});
