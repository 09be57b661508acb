import { componentsToMeta } from '../../adapters/meta/message-components.js';
import { type Button, type Category, nothingSaid, type TemplateContent } from '../content.js';
import { parameterProblems } from './check.js';
import { type Component, type MediaParameter, type Value } from './parameters.js';
import { render } from './render.js';

const text = (value: string, name = '') => ({ kind: 'text', name, value }) as const;
const component = (kind: string, ...parameters: Component['parameters']): Component => ({
  kind,
  buttonKind: '',
  buttonIndex: 0,
  parameters,
});
const button = (buttonKind: string, buttonIndex: number, ...values: Value[]): Component => ({
  kind: 'button',
  buttonKind,
  buttonIndex,
  parameters: values.map((value) => ({ name: '', ...value })),
});
const says = (body: string, more: Partial<TemplateContent> = {}): TemplateContent => ({
  ...nothingSaid,
  body: { text: body, examples: [] },
  ...more,
});
const media = (more: Partial<MediaParameter> = {}): MediaParameter => ({
  kind: 'image',
  mediaId: '77',
  fileId: '',
  link: '',
  filename: '',
  ...more,
});
const url: Button = {
  kind: 'url',
  text: 'Track',
  url: 'https://shop.example/t/{{1}}',
  example: 'https://shop.example/t/7',
};

const order = says('Hello {{1}}, your order {{2}} is on its way.', {
  header: { kind: 'text', text: 'Order {{1}}', examples: [] },
  footer: 'Example Shop',
  buttons: [{ kind: 'quick-reply', text: 'Thanks' }, url],
});
const filled = [
  component('header', text('4711')),
  component('body', text('Ann'), text('4711')),
  button('quick_reply', 0, { kind: 'payload', value: 'thanks' }),
  button('url', 1, { kind: 'text', value: 'a7' }),
];
const code: Button = {
  kind: 'one-time-password',
  text: '',
  way: 'copy_code',
  apps: [],
  autofillText: '',
  zeroTapTermsAccepted: false,
};

const problems = (content: TemplateContent, components: readonly Component[], category: Category = 'utility') =>
  parameterProblems(content, category, components).map(
    (each) => `${each.field} ${each.code.replace('template.', '')}: ${each.rule}`,
  );

describe('TP-5 rendering', () => {
  it('puts the parameters where they belong', () => {
    expect(problems(order, filled)).toEqual([]);
    expect(render(order, 'utility', filled)).toEqual({
      header: 'Order 4711',
      body: 'Hello Ann, your order 4711 is on its way.',
      footer: 'Example Shop',
      buttons: [
        { text: 'Thanks', url: '' },
        { text: 'Track', url: 'https://shop.example/t/a7' },
      ],
    });
  });

  it('takes named ones in any order, and does not look into what was filled in', () => {
    const named = says('At {{hour}} {{name}} comes, at {{hour}} sharp.');
    const given = [component('body', text('{{hour}}', 'name'), text('9', 'hour'))];

    expect(problems(named, given)).toEqual([]);
    expect(render(named, 'utility', given).body).toBe('At 9 {{hour}} comes, at 9 sharp.');
  });

  it('says Meta’s words of authentication templates', () => {
    const content = {
      ...nothingSaid,
      buttons: [code],
      authentication: { securityRecommendation: true, codeExpirationMinutes: 5 },
    };
    const given = [component('body', text('123456')), button('url', 0, { kind: 'text', value: '123456' })];

    expect(problems(content, given, 'authentication')).toEqual([]);
    expect(render(content, 'authentication', given)).toEqual({
      header: '',
      body: '*123456* is your verification code. For your security, do not share this code.',
      footer: 'This code expires in 5 minutes.',
      buttons: [{ text: 'Copy code', url: '' }],
    });
  });

  it('tells the components as Meta takes them', () => {
    const flow = button('flow', 2, { kind: 'flow', token: 't', dataJson: '{"a":1}' });
    const place = { latitude: 1, longitude: 2, name: 'Shop', address: 'Street 1' };
    const given = [
      ...filled,
      flow,
      button('copy_code', 3, { kind: 'coupon_code', value: 'SAVE' }),
      button('catalog', 4, { kind: 'text', value: 'sku' }),
      component('header', { name: '', kind: 'media', media: media({ kind: 'document', filename: 'a.pdf' }) }),
      component('header', { name: '', kind: 'media', media: media({ mediaId: '', fileId: 'file-1' }) }),
      component('header', { name: '', kind: 'location', location: place }),
      component('body', text('9', 'hour')),
      component('body'),
    ];

    expect(componentsToMeta(given)).toEqual([
      { type: 'header', parameters: [{ type: 'text', text: '4711' }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ann' },
          { type: 'text', text: '4711' },
        ],
      },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'thanks' }] },
      { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'a7' }] },
      {
        type: 'button',
        sub_type: 'flow',
        index: '2',
        parameters: [{ type: 'action', action: { flow_token: 't', flow_action_data: { a: 1 } } }],
      },
      { type: 'button', sub_type: 'copy_code', index: '3', parameters: [{ type: 'coupon_code', coupon_code: 'SAVE' }] },
      {
        type: 'button',
        sub_type: 'catalog',
        index: '4',
        parameters: [{ type: 'action', action: { thumbnail_product_retailer_id: 'sku' } }],
      },
      { type: 'header', parameters: [{ type: 'document', document: { id: '77', filename: 'a.pdf' } }] },
      { type: 'header', parameters: [{ type: 'image', image: { file_id: 'file-1' } }] },
      { type: 'header', parameters: [{ type: 'location', location: place }] },
      { type: 'body', parameters: [{ type: 'text', parameter_name: 'hour', text: '9' }] },
    ]);
  });
});

describe('TP-3 parameters are looked at so exactly that Meta has nothing to say', () => {
  const body = (...parameters: Component['parameters']) => [component('body', ...parameters)];
  const two = says('From {{1}} until {{2}} we are open.');
  const named = says('From {{start}} until {{end}} we are open.');
  const picture = says('Look at this.', { header: { kind: 'media', media: 'image', exampleHandle: 'h' } });
  const inHeader = (...values: Value[]) => [component('header', ...values.map((value) => ({ name: '', ...value })))];

  it.each<[string, TemplateContent, readonly Component[], readonly string[]]>([
    [
      'no component',
      two,
      [],
      [
        'message.components parameter-missing: the body needs {{1}}',
        'message.components parameter-missing: the body needs {{2}}',
      ],
    ],
    ['one too few', two, body(text('9')), ['message.components[0].parameters parameter-missing: the body needs {{2}}']],
    [
      'one too many',
      two,
      body(text('9'), text('5'), text('6')),
      ['message.components[0].parameters[2] parameter-surplus: is surplus: the body takes text, text'],
    ],
    [
      'a parameter of nothing',
      says('Hello.'),
      body(text('9')),
      ['message.components[0].parameters[0] parameter-surplus: is surplus: the body takes nothing'],
    ],
    [
      'a name nobody has',
      named,
      body(text('9', 'start'), text('5', 'stop')),
      [
        'message.components[0].parameters[1] parameter-surplus: is surplus: the body takes {{start}}, {{end}}',
        'message.components[0].parameters parameter-missing: the body needs {{end}}',
      ],
    ],
    [
      'a name twice',
      named,
      body(text('9', 'start'), text('9', 'start'), text('5', 'end')),
      ['message.components[0].parameters[1] parameter-surplus: is surplus: the body takes {{start}}, {{end}}'],
    ],
    [
      'a name where they are numbered',
      two,
      body(text('9', 'start'), text('5')),
      ['message.components[0].parameters[0].name parameter-name: must be empty: the template numbers its placeholders'],
    ],
    [
      'an empty one',
      two,
      body(text(' '), text('5')),
      ['message.components[0].parameters[0].text parameter-missing: must not be empty'],
    ],
    [
      'a line break',
      two,
      body(text('a\nb'), text('5')),
      [
        'message.components[0].parameters[0].text parameter-characters: must be without line breaks, tabs and more than four spaces in a row',
      ],
    ],
    [
      'five spaces',
      two,
      body(text('a     b'), text('5')),
      [
        'message.components[0].parameters[0].text parameter-characters: must be without line breaks, tabs and more than four spaces in a row',
      ],
    ],
    [
      'another kind',
      two,
      body({ name: '', kind: 'coupon_code', value: 'A' }, text('5')),
      ['message.components[0].parameters[0] parameter-kind: must be text and is coupon_code'],
    ],
    [
      'nothing in it',
      two,
      body({ name: '', kind: 'nothing' }, text('5')),
      ['message.components[0].parameters[0] parameter-kind: must be text and is empty'],
    ],
    ['no picture', picture, [], ['message.components parameter-missing: the header needs a parameter of kind image']],
    [
      'a video for a picture',
      picture,
      inHeader({ kind: 'media', media: media({ kind: 'video' }) }),
      ['message.components[0].parameters[0] parameter-kind: must be image and is video'],
    ],
    [
      'a picture of nowhere',
      picture,
      inHeader({ kind: 'media', media: media({ mediaId: '' }) }),
      [
        'message.components[0].parameters[0].media parameter-media: must have exactly one of file_id, media_id and link, and has 0',
      ],
    ],
    [
      'a picture of two places',
      picture,
      inHeader({ kind: 'media', media: media({ fileId: 'f' }) }),
      [
        'message.components[0].parameters[0].media parameter-media: must have exactly one of file_id, media_id and link, and has 2',
      ],
    ],
    [
      'a link without s',
      picture,
      inHeader({ kind: 'media', media: media({ mediaId: '', link: 'http://a.example/x' }) }),
      ['message.components[0].parameters[0].media.link parameter-media: must be an address that begins with https://'],
    ],
    [
      'a picture with a name',
      picture,
      inHeader({ kind: 'media', media: media({ filename: 'a.png' }) }),
      ['message.components[0].parameters[0].media.filename parameter-media: must be empty: only documents show a name'],
    ],
    [
      'a place without a name',
      says('Come.', { header: { kind: 'location' } }),
      inHeader({ kind: 'location', location: { latitude: 0, longitude: 0, name: '', address: 'a' } }),
      [
        'message.components[0].parameters[0].location parameter-location: the place of a header must have a name and an address',
      ],
    ],
    [
      'a place off the earth',
      says('Come.', { header: { kind: 'location' } }),
      inHeader({ kind: 'location', location: { latitude: 91, longitude: 0, name: 'n', address: 'a' } }),
      [
        'message.components[0].parameters[0].location parameter-location: must be -90 to 90 degrees of latitude and -180 to 180 of longitude',
      ],
    ],
    [
      'a component there is none of',
      two,
      [...body(text('9'), text('5')), component('footer')],
      ['message.components[1] component-unknown: must be header, body or button'],
    ],
    [
      'a component twice',
      two,
      [...body(text('9'), text('5')), ...body(text('9'), text('5'))],
      ['message.components[1] component-twice: the body is there already'],
    ],
    [
      'a button at no place',
      order,
      [...filled, button('url', 2, { kind: 'text', value: 'a' })],
      ['message.components[4] component-unknown: the template has no button at this place'],
    ],
    [
      'another kind of button',
      order,
      [...filled.slice(0, 3), button('quick_reply', 1, { kind: 'payload', value: 'a' })],
      ['message.components[3].button_kind parameter-kind: button 1 is of kind url'],
    ],
    [
      'an open address that is not filled',
      order,
      filled.slice(0, 3),
      ['message.components parameter-missing: button 1 needs {{1}}'],
    ],
    [
      'a payload of 257',
      order,
      [
        ...filled.slice(0, 2),
        button('quick_reply', 0, { kind: 'payload', value: 'x'.repeat(257) }),
        ...filled.slice(3),
      ],
      ['message.components[2].parameters[0].payload parameter-too-long: must be 1 to 256 characters and has 257'],
    ],
    [
      'a code of 21',
      says('Save.', { buttons: [{ kind: 'copy-code', text: '', example: 'A' }] }),
      [button('copy_code', 0, { kind: 'coupon_code', value: 'x'.repeat(21) })],
      ['message.components[0].parameters[0].coupon_code parameter-too-long: must be 1 to 20 characters and has 21'],
    ],
    [
      'data that are no object',
      says('Book.', { buttons: [{ kind: 'flow', text: 'Book', flowId: '1', action: '', screen: 'A' }] }),
      [button('flow', 0, { kind: 'flow', token: '', dataJson: '[1]' })],
      ['message.components[0].parameters[0].flow.data_json parameter-json: must be a JSON object, or empty'],
    ],
    [
      'a header of 61 with its parameter',
      order,
      [component('header', text('x'.repeat(55))), ...filled.slice(1)],
      [
        'message.components[0].parameters parameter-too-long: the header must be at most 60 characters with its parameters and has 61',
      ],
    ],
    [
      'a body of 1,025 with its parameters',
      order,
      [...filled.slice(0, 1), component('body', text('x'.repeat(987)), text('4711')), ...filled.slice(2)],
      [
        'message.components[1].parameters parameter-too-long: the body must be at most 1024 characters with its parameters and has 1025',
      ],
    ],
  ])('%s', (_, content, components, expected) => {
    expect(problems(content, components)).toEqual(expected);
  });

  it('a body that stands alone may be longer, as at Meta', () => {
    const long = [component('body', text('x'.repeat(2_000)), text('5'))];

    expect(problems(two, long)).toEqual([]);
    expect(problems({ ...two, footer: 'Shop' }, long)).toHaveLength(1);
  });

  it('a one-time password has 15 characters at most, in the body and on the button', () => {
    const content = { ...nothingSaid, buttons: [code] };
    const given = (value: string) => [component('body', text(value)), button('url', 0, { kind: 'text', value })];

    expect(problems(content, given('x'.repeat(15)), 'authentication')).toEqual([]);
    expect(problems(content, given('x'.repeat(16)), 'authentication')).toHaveLength(2);
  });

  it('quick replies, flows and catalogues need no parameter', () => {
    const buttons: Button[] = [
      { kind: 'quick-reply', text: 'Yes' },
      { kind: 'flow', text: 'Book', flowId: '1', action: '', screen: 'A' },
      { kind: 'catalogue', text: '' },
      { kind: 'phone', text: 'Call', phoneNumber: '+1' },
    ];

    expect(problems(says('Hello.', { buttons }), [])).toEqual([]);
  });
});
