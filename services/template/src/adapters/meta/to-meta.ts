/** A template as Meta takes it. Source: Meta, *Template components*, *Authentication templates*. */
import { type Button, type Category, type PlaceheldText, type TemplateContent } from '../../domain/content.js';
import { isPosition, placeholdersIn } from '../../domain/grammar/placeholders.js';

export type Json = Readonly<Record<string, unknown>>;

/** What `POST /{template-id}` takes: components are replaced as a whole. */
export const contentToMeta = (content: TemplateContent, category: Category): Json => ({
  components: category === 'authentication' ? authenticationComponents(content) : components(content),
  ...(content.sendTtlSeconds > 0 && { message_send_ttl_seconds: content.sendTtlSeconds }),
});

/** What `POST /{waba-id}/message_templates` takes. */
export const templateToMeta = (
  { name, language }: { readonly name: string; readonly language: string },
  category: Category,
  content: TemplateContent,
): Json => ({
  name,
  language,
  category: category.toUpperCase(),
  parameter_format: isNamed(content) ? 'NAMED' : 'POSITIONAL',
  ...contentToMeta(content, category),
});

const isNamed = ({ header, body }: TemplateContent): boolean =>
  placeholdersIn(`${header?.kind === 'text' ? header.text : ''} ${body?.text ?? ''}`).some((name) => !isPosition(name));

function components({ header, body, footer, buttons }: TemplateContent): Json[] {
  return [
    ...(header ? [headerToMeta(header)] : []),
    { type: 'BODY', text: body?.text ?? '', ...(body && examplesToMeta('body_text', body)) },
    ...(footer === '' ? [] : [{ type: 'FOOTER', text: footer }]),
    ...(buttons.length === 0 ? [] : [{ type: 'BUTTONS', buttons: buttons.map(buttonToMeta) }]),
  ];
}

function authenticationComponents({ authentication, buttons }: TemplateContent): Json[] {
  const { securityRecommendation = false, codeExpirationMinutes = 0 } = authentication ?? {};
  return [
    { type: 'BODY', add_security_recommendation: securityRecommendation },
    ...(codeExpirationMinutes === 0 ? [] : [{ type: 'FOOTER', code_expiration_minutes: codeExpirationMinutes }]),
    { type: 'BUTTONS', buttons: buttons.map(buttonToMeta) },
  ];
}

function headerToMeta(header: NonNullable<TemplateContent['header']>): Json {
  switch (header.kind) {
    case 'text':
      return { type: 'HEADER', format: 'TEXT', text: header.text, ...examplesToMeta('header_text', header) };
    case 'media':
      return {
        type: 'HEADER',
        format: header.media.toUpperCase(),
        example: { header_handle: [header.exampleHandle] },
      };
    case 'location':
    case 'nothing':
      return { type: 'HEADER', format: 'LOCATION' };
  }
}

/** Of a body Meta takes lists of examples, of a header one. */
function examplesToMeta(key: 'body_text' | 'header_text', { text, examples }: PlaceheldText): Json {
  const names = placeholdersIn(text);
  if (names.length === 0) return {};
  const values = names.map((name) => examples.find(({ placeholder }) => placeholder === name)?.value ?? '');
  if (!names.every(isPosition)) {
    const named = names.map((name, index) => ({ param_name: name, example: values[index] }));
    return { example: { [`${key}_named_params`]: named } };
  }
  return { example: { [key]: key === 'body_text' ? [values] : values } };
}

const labelled = (text: string): Json => (text === '' ? {} : { text });

function buttonToMeta(button: Button): Json {
  const { text } = button;
  switch (button.kind) {
    case 'quick-reply':
    case 'nothing':
      return { type: 'QUICK_REPLY', text };
    case 'url':
      return { type: 'URL', text, url: button.url, ...(button.example !== '' && { example: [button.example] }) };
    case 'phone':
      return { type: 'PHONE_NUMBER', text, phone_number: button.phoneNumber };
    case 'copy-code':
      return { type: 'COPY_CODE', ...labelled(text), example: button.example };
    case 'flow': {
      const action = button.action === '' ? 'navigate' : button.action;
      const screen = button.screen === '' ? {} : { navigate_screen: button.screen };
      return { type: 'FLOW', text, flow_id: button.flowId, flow_action: action, ...screen };
    }
    case 'catalogue':
      return { type: 'CATALOG', text: text === '' ? 'View catalog' : text };
    case 'request-contact-info':
      return { type: 'REQUEST_CONTACT_INFO', text: text === '' ? 'Share contact info' : text };
    case 'one-time-password': {
      const { way, apps, autofillText, zeroTapTermsAccepted } = button;
      const supported = apps.map(({ packageName, signatureHash }) => ({
        package_name: packageName,
        signature_hash: signatureHash,
      }));
      return {
        type: 'OTP',
        otp_type: way.toUpperCase(),
        ...labelled(text),
        ...(autofillText !== '' && { autofill_text: autofillText }),
        ...(supported.length > 0 && { supported_apps: supported }),
        ...(way === 'zero_tap' && { zero_tap_terms_accepted: zeroTapTermsAccepted }),
      };
    }
  }
}
