import { type TemplateComponent, type TemplateParameter } from './content/template.js';
import { parameterProblems, type TemplateNeeds } from './template-parameters.js';

const positional: TemplateNeeds = { body: ['1', '2'], buttons: [] };
const named: TemplateNeeds = { body: ['order_id', 'day'], buttons: [] };
const header = (kind: 'image' | 'location'): TemplateNeeds => ({ header: { kind }, body: [], buttons: [] });
const buttons: TemplateNeeds = {
  body: [],
  buttons: [
    { kind: 'quick_reply', parameter: 'optional' },
    { kind: 'url', parameter: 'needed' },
    { kind: '', parameter: 'none' },
  ],
};

const text = (value: string, name = ''): TemplateParameter => ({ name, kind: 'text', value });
const component = (kind: 'header' | 'body', ...parameters: TemplateParameter[]): TemplateComponent => ({
  kind,
  buttonKind: '',
  buttonIndex: 0,
  parameters,
});
const button = (buttonKind: string, buttonIndex: number, ...parameters: TemplateParameter[]): TemplateComponent => ({
  kind: 'button',
  buttonKind,
  buttonIndex,
  parameters,
});
const at = 'content.template.components';

const table: [string, TemplateNeeds, TemplateComponent[], string[]][] = [
  ['nothing where nothing is needed', { body: [], buttons: [] }, [], []],
  ['an empty body where nothing is needed', { body: [], buttons: [] }, [component('body')], []],
  ['all positional ones', positional, [component('body', text('a'), text('b'))], []],
  ['no body', positional, [], [at]],
  ['one too few', positional, [component('body', text('a'))], [`${at}[0]`]],
  ['one too many', positional, [component('body', text('a'), text('b'), text('c'))], [`${at}[0].parameters[2]`]],
  [
    'names where there are none',
    positional,
    [component('body', text('a', 'x'), text('b'))],
    [`${at}[0].parameters[0].name`],
  ],
  ['named ones in any order', named, [component('body', text('a', 'day'), text('b', 'order_id'))], []],
  [
    'a name there is not',
    named,
    [component('body', text('a', 'day'), text('b', 'month'))],
    [`${at}[0].parameters[1]`, `${at}[0]`],
  ],
  [
    'a name twice',
    named,
    [component('body', text('a', 'day'), text('b', 'day'))],
    [`${at}[0].parameters[1]`, `${at}[0]`],
  ],
  [
    'a payload for a text',
    { body: ['1'], buttons: [] },
    [component('body', { name: '', kind: 'payload', value: 'x' })],
    [`${at}[0].parameters[0]`],
  ],
  [
    'a header’s image',
    header('image'),
    [component('header', { name: '', kind: 'media', media: { kind: 'image', mediaId: '1' } })],
    [],
  ],
  [
    'a video for an image',
    header('image'),
    [component('header', { name: '', kind: 'media', media: { kind: 'video', mediaId: '1' } })],
    [`${at}[0].parameters[0]`],
  ],
  ['no image', header('image'), [], [at]],
  ['no place', header('location'), [], [at]],
  [
    'a header where there is none',
    positional,
    [component('header', text('x')), component('body', text('a'), text('b'))],
    [`${at}[0].parameters[0]`],
  ],
  ['the end of a link alone', buttons, [button('url', 1, text('x'))], []],
  [
    'a payload too',
    buttons,
    [button('quick_reply', 0, { name: '', kind: 'payload', value: 'yes' }), button('url', 1, text('x'))],
    [],
  ],
  ['no end of a link', buttons, [], [at]],
  ['another kind of button', buttons, [button('copy_code', 1, text('x'))], [`${at}[0].button_kind`]],
  [
    'something for a button that takes nothing',
    buttons,
    [button('url', 1, text('x')), button('url', 2, text('x'))],
    [`${at}[1].parameters[0]`],
  ],
  ['a button there is not', buttons, [button('url', 1, text('x')), button('url', 7, text('x'))], [`${at}[1]`]],
  [
    'each button with what its kind takes',
    {
      body: [],
      buttons: [
        { kind: 'copy_code', parameter: 'needed' },
        { kind: 'flow', parameter: 'optional' },
        { kind: 'catalog', parameter: 'optional' },
      ],
    },
    [
      button('copy_code', 0, { name: '', kind: 'couponCode', value: 'SAVE5' }),
      button('flow', 1, { name: '', kind: 'flow', token: 't', dataJson: '' }),
      button('catalog', 2, text('sku-1')),
    ],
    [],
  ],
  [
    'a text for a coupon code',
    { body: [], buttons: [{ kind: 'copy_code', parameter: 'needed' }] },
    [button('copy_code', 0, text('SAVE5'))],
    [`${at}[0].parameters[0]`],
  ],
  [
    'a place for a header’s place',
    header('location'),
    [component('header', { name: '', kind: 'location', location: { latitude: 1, longitude: 2 } })],
    [],
  ],
  ['a button twice', buttons, [button('url', 1, text('x')), button('url', 1, text('y'))], [`${at}[1]`]],
];

describe('TP-3 a message fills exactly what its template leaves open', () => {
  it.each(table)('%s', (_what, needs, components, fields) => {
    const problems = parameterProblems({ kind: 'template', name: 'x', language: 'en', components }, needs);

    expect(problems.map(({ field }) => field)).toEqual(fields);
    for (const { description } of problems) expect(description).not.toBe('');
  });

  it('names what is missing', () => {
    const of = (needs: TemplateNeeds) =>
      parameterProblems({ kind: 'template', name: 'x', language: 'en', components: [] }, needs)[0]?.description;

    expect(of(named)).toBe('body: {{order_id}}, {{day}} is missing');
    expect(of(positional)).toBe('body: text 1, text 2 is missing');
  });
});
