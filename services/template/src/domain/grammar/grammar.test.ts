import { type Button, type Category, type Header, nothingSaid, type TemplateContent } from '../content.js';
import { languages } from '../languages.js';
import { type Draft, templateProblems } from './grammar.js';

const x = (length: number): string => 'x'.repeat(length);

const text = (words: string, ...placeholders: string[]) => ({
  text: words,
  examples: placeholders.map((placeholder) => ({ placeholder, value: '12:30' })),
});

const body = text('Your order is on its way.');
const plain: TemplateContent = { ...nothingSaid, body };

const draft = (
  content: Partial<TemplateContent>,
  category: Category = 'utility',
  more: Partial<Draft> = {},
): Draft => ({
  name: 'order_1',
  language: 'en_US',
  category,
  content: { ...plain, ...content },
  ...more,
});

const password = (more: Partial<Extract<Button, { kind: 'one-time-password' }>> = {}): Button => ({
  kind: 'one-time-password',
  text: '',
  way: 'copy_code',
  apps: [],
  autofillText: '',
  zeroTapTermsAccepted: false,
  ...more,
});
const app = { packageName: 'com.example.shop', signatureHash: 'K8a+AINcGX7' };
const authentication = (content: Partial<TemplateContent> = {}): Draft =>
  draft({ body: null, buttons: [password()], ...content }, 'authentication');

const header = (words: string, ...placeholders: string[]): Header => ({
  kind: 'text',
  ...text(words, ...placeholders),
});
const replies = (count: number): Button[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'quick-reply', text: `Yes ${index}` }));
const url = (address: string, example = ''): Button => ({ kind: 'url', text: 'Track', url: address, example });
const phone = (phoneNumber: string): Button => ({ kind: 'phone', text: 'Call', phoneNumber });
const flow = (more: object = {}): Button => ({
  kind: 'flow',
  text: 'Book',
  flowId: '12345',
  action: '',
  screen: 'START',
  ...more,
});
const labels = (text: string) => draft({ buttons: [{ kind: 'quick-reply', text }] });
const code = (example: string): Button => ({ kind: 'copy-code', text: '', example });

describe('TP-1 what Meta reads', () => {
  it.each<[string, Draft]>([
    ['a name of 512', draft({}, 'utility', { name: x(512) })],
    ['a body of 1,024', draft({ body: text(x(1_024)) })],
    ['an emoji counts as the two units that it is', draft({ body: text('😀'.repeat(512)) })],
    ['line breaks in a body', draft({ body: text('Hello,\nthere is news.') })],
    ['one numbered placeholder', draft({ body: text('Be there at {{1}} o’clock.', '1') })],
    ['two in any order', draft({ body: text('From {{2}} to {{1}} we are open.', '1', '2') })],
    ['the same one twice', draft({ body: text('At {{1}}, yes, at {{1}} we are open.', '1') })],
    ['named ones', draft({ body: text('Order {{order_id}} comes on {{day_2}} at last.', 'order_id', 'day_2') })],
    ['three words beside one placeholder', draft({ body: text('Come at {{1}} please.', '1') })],
    ['a header of 60', draft({ header: header(x(60)) })],
    ['a header with one placeholder, at its end', draft({ header: header('Order {{1}}', '1') })],
    ['a header that is a placeholder', draft({ header: header('{{1}}', '1') })],
    [
      'named ones above and below',
      draft({ header: header('{{shop}}', 'shop'), body: text('At {{hour}} we are open.', 'hour') }),
    ],
    ['a picture', draft({ header: { kind: 'media', media: 'image', exampleHandle: '4::a' } })],
    ['a video', draft({ header: { kind: 'media', media: 'video', exampleHandle: '4::a' } })],
    ['a document', draft({ header: { kind: 'media', media: 'document', exampleHandle: '4::a' } })],
    ['a place', draft({ header: { kind: 'location' } })],
    ['a footer of 60', draft({ footer: x(60) })],
    ['ten quick replies', draft({ buttons: replies(10) })],
    ['quick replies before others', draft({ buttons: [...replies(2), phone('+12025550143')] })],
    ['quick replies after others', draft({ buttons: [phone('+12025550143'), ...replies(2)] })],
    ['words of a button of 25', labels(x(25))],
    ['two addresses', draft({ buttons: [url('https://shop.example/a'), url('http://shop.example/b')] })],
    ['an address of 2,000', draft({ buttons: [url(`https://shop.example/${x(1_979)}`)] })],
    [
      'an address that is open at its end',
      draft({ buttons: [url('https://shop.example/{{1}}', 'https://shop.example/7')] }),
    ],
    ['a phone of 20', draft({ buttons: [phone('+1 (202) 555-01-43-2')] })],
    ['a code of 20', draft({ buttons: [code(x(20))] })],
    ['a flow that shows a screen', draft({ buttons: [flow()] })],
    ['a flow that asks for data', draft({ buttons: [flow({ action: 'data_exchange', screen: '' })] })],
    ['a catalogue', draft({ buttons: [{ kind: 'catalogue', text: '' }] }, 'marketing')],
    ['a request for the phone', draft({ buttons: [{ kind: 'request-contact-info', text: '' }] })],
    ['authentication', authentication()],
    [
      'authentication, one tap',
      authentication({ buttons: [password({ way: 'one_tap', apps: [app], autofillText: x(25) })] }),
    ],
    [
      'authentication, zero tap',
      authentication({ buttons: [password({ way: 'zero_tap', apps: [app], zeroTapTermsAccepted: true })] }),
    ],
    [
      'an expiry of 90 minutes',
      authentication({ authentication: { securityRecommendation: true, codeExpirationMinutes: 90 } }),
    ],
    ...(
      [
        ['authentication', 30, 900],
        ['utility', 30, 43_200],
        ['marketing', 43_200, 2_592_000],
      ] as const
    ).flatMap(([category, ...ends]) =>
      [0, ...ends].map((sendTtlSeconds): [string, Draft] => [
        `${category} for ${sendTtlSeconds} seconds`,
        category === 'authentication' ? authentication({ sendTtlSeconds }) : draft({ sendTtlSeconds }, category),
      ]),
    ),
  ])('%s', (_, given) => {
    expect(templateProblems(given)).toEqual([]);
  });

  it('in each of the languages Meta lists', () => {
    expect(languages.size).toBe(111);
    for (const language of languages) expect(templateProblems(draft({}, 'utility', { language }))).toEqual([]);
  });
});

describe('TP-1 what Meta refuses, with the field, the rule and the remedy', () => {
  it.each<[string, Draft, string, string]>([
    ['no name', draft({}, 'utility', { name: '' }), 'name', 'name'],
    ['a name of 513', draft({}, 'utility', { name: x(513) }), 'name', 'name'],
    ['capitals in a name', draft({}, 'utility', { name: 'Order' }), 'name', 'name'],
    ['dashes in a name', draft({}, 'utility', { name: 'order-1' }), 'name', 'name'],
    ['a language with a dash', draft({}, 'utility', { language: 'en-US' }), 'language', 'language'],
    ['a language nobody has', draft({}, 'utility', { language: 'xx' }), 'language', 'language'],
    ['no category', draft({}, 'utility', { category: undefined }), 'category', 'category'],
    ['no body', draft({ body: null }), 'content.body.text', 'missing'],
    ['an empty body', draft({ body: text(' \n ') }), 'content.body.text', 'missing'],
    ['a body of 1,025', draft({ body: text(x(1_025)) }), 'content.body.text', 'too-long'],
    ['half of a pair', draft({ body: text('Hello \ud83d there') }), 'content.body.text', 'unreadable'],
    ['a control character', draft({ body: text('Hello \u0007 there') }), 'content.body.text', 'unreadable'],
    [
      'a gap',
      draft({ body: text('From {{1}} until {{3}} we are open.', '1', '3') }),
      'content.body.text',
      'placeholder-gap',
    ],
    [
      'counting from 0',
      draft({ body: text('Open from {{0}} on, always.', '0') }),
      'content.body.text',
      'placeholder-gap',
    ],
    [
      'counting from 2',
      draft({ body: text('Open from {{2}} on, always.', '2') }),
      'content.body.text',
      'placeholder-gap',
    ],
    [
      'numbers and names',
      draft({ body: text('From {{1}} until {{end}} we are open.', '1', 'end') }),
      'content.body.text',
      'placeholders-mixed',
    ],
    [
      'numbers above, names below',
      draft({ header: header('{{1}}', '1'), body: text('Open from {{start}} on, always.', 'start') }),
      'content.header.text',
      'placeholders-mixed',
    ],
    ['open braces', draft({ body: text('Open from {{1 on.') }), 'content.body.text', 'placeholder-broken'],
    [
      'spaces in braces',
      draft({ body: text('Open from {{ 1 }} on, always.') }),
      'content.body.text',
      'placeholder-broken',
    ],
    [
      'capitals in braces',
      draft({ body: text('Open from {{Start}} on, always.') }),
      'content.body.text',
      'placeholder-broken',
    ],
    [
      'a name that begins with a digit',
      draft({ body: text('Open from {{1st}} on, always.', '1st') }),
      'content.body.text',
      'placeholder-name',
    ],
    [
      'a placeholder first',
      draft({ body: text('{{1}} is when we open.', '1') }),
      'content.body.text',
      'placeholder-at-edge',
    ],
    [
      'a placeholder last, before a full stop',
      draft({ body: text('We open today at {{1}}.', '1') }),
      'content.body.text',
      'placeholder-at-edge',
    ],
    [
      'two side by side',
      draft({ body: text('We open at {{1}} {{2}} every single day.', '1', '2') }),
      'content.body.text',
      'placeholders-adjacent',
    ],
    [
      'two words beside one placeholder',
      draft({ body: text('Come {{1}} please.', '1') }),
      'content.body.text',
      'too-many-placeholders',
    ],
    ['no example', draft({ body: text('Come at {{1}} please.') }), 'content.body.text.examples', 'example-missing'],
    [
      'an empty example',
      draft({ body: { text: 'Come at {{1}} please.', examples: [{ placeholder: '1', value: ' ' }] } }),
      'content.body.text.examples[0].value',
      'example-length',
    ],
    [
      'an example of nothing',
      draft({ body: text('Come at noon please.', '1') }),
      'content.body.text.examples[0].placeholder',
      'example-surplus',
    ],
    [
      'an example twice',
      draft({ body: text('Come at {{1}} please.', '1', '1') }),
      'content.body.text.examples[1].placeholder',
      'example-surplus',
    ],
    ['a header of nothing', draft({ header: { kind: 'nothing' } }), 'content.header', 'header-kind'],
    ['an empty header', draft({ header: header('') }), 'content.header.text', 'missing'],
    ['a header of 61', draft({ header: header(x(61)) }), 'content.header.text', 'too-long'],
    [
      'two placeholders in a header',
      draft({ header: header('{{1}} to {{2}}', '1', '2') }),
      'content.header.text',
      'too-many-placeholders',
    ],
    ['a line break in a header', draft({ header: header('a\nb') }), 'content.header.text', 'header-characters'],
    ['an emoji in a header', draft({ header: header('News 🎉') }), 'content.header.text', 'header-characters'],
    ['formatting in a header', draft({ header: header('*News*') }), 'content.header.text', 'header-characters'],
    [
      'a sound above',
      draft({ header: { kind: 'media', media: 'audio', exampleHandle: '4::a' } }),
      'content.header.media.kind',
      'header-media',
    ],
    [
      'media without an example',
      draft({ header: { kind: 'media', media: 'image', exampleHandle: '' } }),
      'content.header.media.example_handle',
      'example-missing',
    ],
    ['a footer of 61', draft({ footer: x(61) }), 'content.footer', 'too-long'],
    ['a placeholder in a footer', draft({ footer: 'Until {{1}}' }), 'content.footer', 'footer-characters'],
    ['a line break in a footer', draft({ footer: 'a\nb' }), 'content.footer', 'footer-characters'],
    [
      'eleven buttons',
      draft({ buttons: [...replies(10), phone('+12025550143')] }),
      'content.buttons',
      'too-many-buttons',
    ],
    ['eleven quick replies', draft({ buttons: replies(11) }), 'content.buttons', 'too-many-buttons'],
    [
      'three addresses',
      draft({ buttons: Array.from({ length: 3 }, () => url('https://shop.example')) }),
      'content.buttons',
      'too-many-buttons',
    ],
    ...[
      phone('+12025550143'),
      code('A'),
      flow(),
      { kind: 'catalogue', text: '' } as const,
      { kind: 'request-contact-info', text: '' } as const,
    ].map((button): [string, Draft, string, string] => [
      `two of ${button.kind}`,
      draft({ buttons: [button, button] }),
      'content.buttons',
      'too-many-buttons',
    ]),
    [
      'quick replies apart',
      draft({ buttons: [...replies(1), phone('+12025550143'), ...replies(1)] }),
      'content.buttons',
      'buttons-order',
    ],
    ['a button of nothing', draft({ buttons: [{ kind: 'nothing', text: 'a' }] }), 'content.buttons[0]', 'button-kind'],
    ['a button without words', labels(''), 'content.buttons[0].text', 'missing'],
    ['words of a button of 26', labels(x(26)), 'content.buttons[0].text', 'too-long'],
    ['a placeholder on a button', labels('Yes {{1}}'), 'content.buttons[0].text', 'button-characters'],
    ['an address without http', draft({ buttons: [url('shop.example')] }), 'content.buttons[0].url.url', 'address'],
    [
      'an address of 2,001',
      draft({ buttons: [url(`https://shop.example/${x(1_980)}`)] }),
      'content.buttons[0].url.url',
      'too-long',
    ],
    [
      'an address that is open in its middle',
      draft({ buttons: [url('https://shop.example/{{1}}/a', 'https://shop.example/7/a')] }),
      'content.buttons[0].url.url',
      'address',
    ],
    [
      'an address with another placeholder',
      draft({ buttons: [url('https://shop.example/{{id}}', 'https://shop.example/7')] }),
      'content.buttons[0].url.url',
      'address',
    ],
    [
      'an open address without an example',
      draft({ buttons: [url('https://shop.example/{{1}}')] }),
      'content.buttons[0].url.example',
      'example-missing',
    ],
    [
      'an example of an address that is not open',
      draft({ buttons: [url('https://shop.example', 'https://a.example')] }),
      'content.buttons[0].url.example',
      'example-surplus',
    ],
    [
      'a phone of 21',
      draft({ buttons: [phone('+1 (202) 555-01-43-22')] }),
      'content.buttons[0].phone.phone_number',
      'phone',
    ],
    [
      'a phone with letters',
      draft({ buttons: [phone('+1 800 FLOWERS')] }),
      'content.buttons[0].phone.phone_number',
      'phone',
    ],
    ['a code of 21', draft({ buttons: [code(x(21))] }), 'content.buttons[0].copy_code.example', 'too-long'],
    ['no example of a code', draft({ buttons: [code('')] }), 'content.buttons[0].copy_code.example', 'missing'],
    ['a flow without an id', draft({ buttons: [flow({ flowId: 'book' })] }), 'content.buttons[0].flow.flow_id', 'flow'],
    [
      'a flow that does something else',
      draft({ buttons: [flow({ action: 'jump' })] }),
      'content.buttons[0].flow.action',
      'flow',
    ],
    ['a flow without a screen', draft({ buttons: [flow({ screen: '' })] }), 'content.buttons[0].flow.screen', 'flow'],
    ['a one-time password elsewhere', draft({ buttons: [password()] }), 'content.buttons[0]', 'button-category'],
    [
      'a request for the phone in authentication',
      authentication({ buttons: [{ kind: 'request-contact-info', text: '' }] }),
      'content.buttons[0]',
      'button-category',
    ],
    ['words of one’s own in authentication', authentication({ body }), 'content.body', 'authentication-words'],
    [
      'a header in authentication',
      authentication({ header: header('Code') }),
      'content.header',
      'authentication-words',
    ],
    ['a footer in authentication', authentication({ footer: 'Shop' }), 'content.footer', 'authentication-words'],
    [
      'words of authentication elsewhere',
      draft({ authentication: { securityRecommendation: true, codeExpirationMinutes: 0 } }),
      'content.authentication',
      'authentication-words',
    ],
    ['authentication without its button', authentication({ buttons: [] }), 'content.buttons', 'one-time-password'],
    [
      'authentication with two',
      authentication({ buttons: [password(), ...replies(1)] }),
      'content.buttons',
      'one-time-password',
    ],
    [
      'an expiry of 91 minutes',
      authentication({ authentication: { securityRecommendation: false, codeExpirationMinutes: 91 } }),
      'content.authentication.code_expiration_minutes',
      'expiration',
    ],
    [
      'another way of a code',
      authentication({ buttons: [password({ way: 'smoke' })] }),
      'content.buttons[0].one_time_password.kind',
      'one-time-password',
    ],
    [
      'one tap without apps',
      authentication({ buttons: [password({ way: 'one_tap' })] }),
      'content.buttons[0].one_time_password.apps',
      'apps',
    ],
    [
      'six apps',
      authentication({ buttons: [password({ way: 'one_tap', apps: Array.from({ length: 6 }, () => app) })] }),
      'content.buttons[0].one_time_password.apps',
      'apps',
    ],
    [
      'apps nobody needs',
      authentication({ buttons: [password({ apps: [app] })] }),
      'content.buttons[0].one_time_password.apps',
      'apps',
    ],
    [
      'a package that is none',
      authentication({ buttons: [password({ way: 'one_tap', apps: [{ ...app, packageName: 'shop' }] })] }),
      'content.buttons[0].one_time_password.apps[0].package_name',
      'apps',
    ],
    [
      'a hash of 10',
      authentication({ buttons: [password({ way: 'one_tap', apps: [{ ...app, signatureHash: x(10) }] })] }),
      'content.buttons[0].one_time_password.apps[0].signature_hash',
      'apps',
    ],
    [
      'words to fill in of 26',
      authentication({ buttons: [password({ autofillText: x(26) })] }),
      'content.buttons[0].one_time_password.autofill_text',
      'too-long',
    ],
    [
      'zero tap without its terms',
      authentication({ buttons: [password({ way: 'zero_tap', apps: [app] })] }),
      'content.buttons[0].one_time_password.zero_tap_terms_accepted',
      'zero-tap-terms',
    ],
    ...(
      [
        ['authentication', 29, 901],
        ['utility', 29, 43_201],
        ['marketing', 43_199, 2_592_001],
      ] as const
    ).flatMap(([category, ...ends]) =>
      ends.map((sendTtlSeconds): [string, Draft, string, string] => [
        `${category} for ${sendTtlSeconds} seconds`,
        category === 'authentication' ? authentication({ sendTtlSeconds }) : draft({ sendTtlSeconds }, category),
        'content.send_ttl_seconds',
        'ttl',
      ]),
    ),
  ])('%s', (_, given, field, code) => {
    const found = templateProblems(given);

    expect(found.map((each) => `${each.field} ${each.code}`)).toContain(`${field} template.${code}`);
    for (const { rule, remedy } of found) expect(rule.length * remedy.length).toBeGreaterThan(0);
  });

  it('tells all at once', () => {
    const given = draft({ body: text('{{1}}'), footer: x(61), buttons: [url('shop')] }, 'utility', { name: 'A' });

    expect(new Set(templateProblems(given).map(({ field }) => field))).toEqual(
      new Set([
        'name',
        'content.body.text',
        'content.body.text.examples',
        'content.footer',
        'content.buttons[0].url.url',
      ]),
    );
  });
});
