import { templateFromMeta } from '../src/adapters/meta/from-meta.js';
import { contentToMeta, templateToMeta } from '../src/adapters/meta/to-meta.js';
import { type Button, type Category, nothingSaid, type TemplateContent } from '../src/domain/content.js';
import { saysTheSame } from '../src/domain/diff.js';

const about = { id: '168', name: 'order', language: 'en_US', status: 'APPROVED', rejected_reason: 'NONE' };
const read = (category: Category, content: TemplateContent, more: object = {}) =>
  templateFromMeta({ ...about, ...templateToMeta(about, category, content), ...more }).template!;

const text = (words: string, ...values: [string, string][]) => ({
  text: words,
  examples: values.map(([placeholder, value]) => ({ placeholder, value })),
});
const buttons: readonly Button[] = [
  { kind: 'quick-reply', text: 'Yes' },
  { kind: 'url', text: 'Track', url: 'https://a.example/{{1}}', example: 'https://a.example/1' },
  { kind: 'phone', text: 'Call', phoneNumber: '+1 555 014 0077' },
  { kind: 'copy-code', text: '', example: 'SAVE20' },
  { kind: 'flow', text: 'Begin', flowId: '77', action: 'navigate', screen: 'FIRST' },
  { kind: 'catalogue', text: 'View catalog' },
  { kind: 'request-contact-info', text: 'Share contact info' },
];

describe('TP-2 what Meta gives back', () => {
  it.each([
    ['a body', 'utility', { ...nothingSaid, body: text('Hello {{1}} and {{2}}.', ['1', 'a'], ['2', 'b']) }],
    ['named placeholders', 'marketing', { ...nothingSaid, body: text('Hello {{name}}.', ['name', 'Ana']) }],
    [
      'all of it',
      'marketing',
      {
        ...nothingSaid,
        header: { kind: 'text', ...text('Order {{1}}', ['1', '4821']) },
        body: text('Hello.'),
        footer: 'Acme',
        buttons,
        sendTtlSeconds: 43_200,
      },
    ],
    [
      'a file',
      'utility',
      { ...nothingSaid, header: { kind: 'media', media: 'image', exampleHandle: '4::x' }, body: text('Hi.') },
    ],
    ['a place', 'utility', { ...nothingSaid, header: { kind: 'location' }, body: text('Hi.') }],
  ] satisfies [string, Category, TemplateContent][])('of %s is what was given', (_, category, content) => {
    expect(read(category, content)).toMatchObject({ category, content });
  });

  it('of a one-time code says the same, also as the link that Meta makes of its button', () => {
    const code: TemplateContent = {
      ...nothingSaid,
      authentication: { securityRecommendation: true, codeExpirationMinutes: 5 },
      buttons: [
        {
          kind: 'one-time-password',
          text: '',
          way: 'one_tap',
          apps: [{ packageName: 'com.example.shop', signatureHash: 'K8a/AINcGX7' }],
          autofillText: 'Fill in',
          zeroTapTermsAccepted: false,
        },
      ],
    };
    const { components } = contentToMeta(code, 'authentication') as { components: { type: string }[] };
    const url = 'https://www.whatsapp.com/otp/code/?otp_type=ONE_TAP&code=otp{{1}}';
    const linked = components.map((each) =>
      each.type === 'BUTTONS' ? { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Copy code', url }] } : each,
    );

    expect(read('authentication', code).content).toEqual(code);
    expect(saysTheSame(read('authentication', code, { components: linked }).content, code)).toBe(true);
  });

  it('tells quality, reason and a language with a dash', () => {
    const more = { quality_score: { score: 'RED' }, rejected_reason: 'SCAM', status: 'REJECTED', language: 'en-US' };

    expect(read('utility', { ...nothingSaid, body: text('Hi.') }, more)).toMatchObject({
      status: 'rejected',
      reason: 'SCAM',
      quality: 'red',
      language: 'en_US',
    });
  });

  it('keeps what this version does not know apart from what it does', () => {
    const components = [
      { type: 'BODY', text: 'Hi.' },
      { type: 'CAROUSEL', cards: [] },
      { type: 'BUTTONS', buttons: [{ type: 'VOICE_CALL', text: 'Call us' }] },
    ];

    const { content } = read('marketing', nothingSaid, { components, message_send_ttl_seconds: -1 });

    expect(content).toEqual({ ...nothingSaid, body: text('Hi.'), buttons: [{ kind: 'nothing', text: 'Call us' }] });
  });

  it.each([{ status: 'NEW_STATE' }, { category: 'NEW_CATEGORY' }, { id: '' }])(
    '%j cannot be read, but is named',
    (odd) => {
      const given = { ...about, ...templateToMeta(about, 'utility', nothingSaid), ...odd };

      expect(templateFromMeta(given)).toEqual({ name: 'order', language: 'en_US', template: undefined });
    },
  );
});
