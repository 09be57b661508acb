import { nothingSaid, type TemplateContent } from './content.js';
import { diff, saysTheSame } from './diff.js';

const content: TemplateContent = {
  ...nothingSaid,
  header: { kind: 'text', text: 'Order {{1}}', examples: [{ placeholder: '1', value: '4711' }] },
  body: { text: 'Your order is on its way.', examples: [] },
  footer: 'Shop',
  buttons: [
    { kind: 'quick-reply', text: 'Thanks' },
    { kind: 'url', text: 'Track', url: 'https://shop.example', example: '' },
  ],
};

describe('TP-3 the difference of two versions', () => {
  it('is told field by field, in the order of the content', () => {
    const after: TemplateContent = {
      ...content,
      header: { kind: 'media', media: 'image', exampleHandle: '4::a' },
      body: { text: 'Your order has come.', examples: [] },
      footer: '',
      buttons: [
        content.buttons[0]!,
        { kind: 'url', text: 'Track', url: 'https://shop.example/t', example: '' },
        { kind: 'phone', text: 'Call', phoneNumber: '+1202' },
      ],
      sendTtlSeconds: 60,
      authentication: null,
    };

    expect(diff(content, after)).toEqual([
      { field: 'header.text', before: 'Order {{1}}', after: '' },
      { field: 'header.text.examples[1]', before: '4711', after: '' },
      { field: 'header.media.kind', before: '', after: 'image' },
      { field: 'header.media.example_handle', before: '', after: '4::a' },
      { field: 'body.text', before: 'Your order is on its way.', after: 'Your order has come.' },
      { field: 'footer', before: 'Shop', after: '' },
      { field: 'buttons[1].url.url', before: 'https://shop.example', after: 'https://shop.example/t' },
      { field: 'buttons[2].kind', before: '', after: 'phone' },
      { field: 'buttons[2].text', before: '', after: 'Call' },
      { field: 'buttons[2].phone.phone_number', before: '', after: '+1202' },
      { field: 'send_ttl_seconds', before: '', after: '60' },
    ]);
  });

  it('is nothing between a content and itself', () => {
    expect(diff(content, structuredClone(content))).toEqual([]);
  });
});

describe('TP-2 what Meta gives back', () => {
  it('says the same without examples, handles, words of Meta’s own and a default life', () => {
    const given: TemplateContent = {
      ...content,
      buttons: [...content.buttons, { kind: 'copy-code', text: '', example: 'SAVE' }],
    };
    const back: TemplateContent = {
      ...given,
      header: { kind: 'text', text: 'Order {{1}}', examples: [] },
      buttons: [...content.buttons, { kind: 'copy-code', text: 'Copy offer code', example: 'X' }],
      sendTtlSeconds: 43_200,
    };

    expect(saysTheSame(given, back)).toBe(true);
    expect(saysTheSame(given, back, 'to the letter')).toBe(false);
    expect(saysTheSame({ ...given, sendTtlSeconds: 60 }, back)).toBe(false);
    expect(saysTheSame(given, { ...back, footer: 'Store' })).toBe(false);
  });
});
