import { type Button, type Header, type PlaceheldText, type TemplateContent } from './content.js';

/** One field that is different. */
export interface FieldChange {
  /** `body.text`, `buttons[1].url.url`. */
  readonly field: string;
  /** Empty = it was not there. */
  readonly before: string;
  /** Empty = it is not there. */
  readonly after: string;
}

type Fields = readonly (readonly [field: string, value: string])[];

/** Field by field, in the order of the content (TP-3). */
export function diff(before: TemplateContent, after: TemplateContent): FieldChange[] {
  const [old, now] = [new Map(fieldsOf(before)), new Map(fieldsOf(after))];
  const all = [...new Set([...old.keys(), ...now.keys()])].sort((a, b) => rankOf(a) - rankOf(b));
  return all.flatMap((field) => {
    const change = { field, before: old.get(field) ?? '', after: now.get(field) ?? '' };
    return change.before === change.after ? [] : [change];
  });
}

const sections = ['header', 'body', 'footer', 'buttons', 'send_ttl_seconds', 'authentication'];

const rankOf = (field: string): number => {
  const [section = '', place = '0'] = field.split(/[[\].]/);
  return sections.indexOf(section) * 100 + (section === 'buttons' ? Number(place) : 0);
};

/**
 * Whether two contents are one and the same to their readers: what Meta does not give back as it was given (examples,
 * handles, words of its own, a default) makes no difference. `to the letter` looks at everything.
 */
export function saysTheSame(one: TemplateContent, other: TemplateContent, how?: 'to the letter'): boolean {
  const changes = diff(one, other);
  if (how === 'to the letter') return changes.length === 0;
  return changes.every(
    ({ field, before, after }) =>
      givenBackOtherwise.test(field) || (field === 'send_ttl_seconds' && !(before && after)),
  );
}

const givenBackOtherwise =
  /\.examples\b|\.example$|example_handle$|\.one_time_password\.(apps|autofill_text|zero_tap)|\.(copy_code|catalogue|request_contact_info|one_time_password)\.text$/;

const fieldsOf = (content: TemplateContent): Fields => [
  ...(content.header ? headerFields(content.header) : []),
  ...(content.body ? textFields('body.text', content.body) : []),
  ['footer', content.footer],
  ...content.buttons.flatMap((button, index) => buttonFields(`buttons[${index}]`, button)),
  ['send_ttl_seconds', content.sendTtlSeconds === 0 ? '' : String(content.sendTtlSeconds)],
  ['authentication.security_recommendation', content.authentication?.securityRecommendation ? 'true' : ''],
  [
    'authentication.code_expiration_minutes',
    content.authentication?.codeExpirationMinutes ? String(content.authentication.codeExpirationMinutes) : '',
  ],
];

function headerFields(header: Header): Fields {
  switch (header.kind) {
    case 'text':
      return textFields('header.text', header);
    case 'media':
      return [
        ['header.media.kind', header.media],
        ['header.media.example_handle', header.exampleHandle],
      ];
    case 'location':
      return [['header.location', 'true']];
    case 'nothing':
      return [];
  }
}

const textFields = (field: string, { text, examples }: PlaceheldText): Fields => [
  [field, text],
  ...examples.map(({ placeholder, value }) => [`${field}.examples[${placeholder}]`, value] as const),
];

function buttonFields(at: string, button: Button): Fields {
  const { text } = button;
  switch (button.kind) {
    case 'quick-reply':
      return [
        [`${at}.kind`, 'quick_reply'],
        [`${at}.text`, text],
      ];
    case 'url':
      return [
        [`${at}.kind`, 'url'],
        [`${at}.text`, text],
        [`${at}.url.url`, button.url],
        [`${at}.url.example`, button.example],
      ];
    case 'phone':
      return [
        [`${at}.kind`, 'phone'],
        [`${at}.text`, text],
        [`${at}.phone.phone_number`, button.phoneNumber],
      ];
    case 'copy-code':
      return [
        [`${at}.kind`, 'copy_code'],
        [`${at}.copy_code.text`, text],
        [`${at}.copy_code.example`, button.example],
      ];
    case 'flow':
      return [
        [`${at}.kind`, 'flow'],
        [`${at}.text`, text],
        [`${at}.flow.flow_id`, button.flowId],
        [`${at}.flow.action`, button.action === '' ? 'navigate' : button.action],
        [`${at}.flow.screen`, button.screen],
      ];
    case 'catalogue':
    case 'request-contact-info': {
      const kind = button.kind.replaceAll('-', '_');
      return [
        [`${at}.kind`, kind],
        [`${at}.${kind}.text`, text],
      ];
    }
    case 'one-time-password':
      return [
        [`${at}.kind`, 'one_time_password'],
        [`${at}.one_time_password.text`, text],
        [`${at}.one_time_password.kind`, button.way],
        [
          `${at}.one_time_password.apps`,
          button.apps.map(({ packageName, signatureHash }) => `${packageName} ${signatureHash}`).join(', '),
        ],
        [`${at}.one_time_password.autofill_text`, button.autofillText],
        [`${at}.one_time_password.zero_tap_terms_accepted`, button.zeroTapTermsAccepted ? 'true' : ''],
      ];
    case 'nothing':
      return [
        [`${at}.kind`, ''],
        [`${at}.text`, text],
      ];
  }
}
