import {
  Template,
  type TemplateButton,
  TemplateContent,
  type TemplateHeader,
} from '@switchboard/contracts/template/v1/template';
import { templateFromProto } from './template-proto.js';

const nothing = new Uint8Array();
const text = (words: string) => ({ text: words, examples: [] });
const read = (more: Partial<Template>) =>
  templateFromProto({ ...Template.decode(nothing), templateId: 't', category: 2, status: 3, ...more });
const saying = (more: Partial<TemplateContent>): TemplateContent => ({ ...TemplateContent.decode(nothing), ...more });
const needs = (more: Partial<TemplateContent>) => read({ content: saying(more) })?.needs;
const header = (kind: TemplateHeader['kind']) => needs({ header: { kind } })?.header;
const button = (kind: TemplateButton['kind']): TemplateButton => ({ text: '', kind });

describe('a template as template tells of it', () => {
  it('is read with where it stands', () => {
    const pausedUntil = new Date(5);

    expect(
      read({ revision: 7n, wabaId: 'w', name: 'x', language: 'en_US', status: 5, statusReason: 'why', pausedUntil }),
    ).toMatchObject({
      templateId: 't',
      revision: 7,
      waba: 'w',
      name: 'x',
      language: 'en_US',
      category: 'utility',
      status: 'paused',
      statusReason: 'why',
      pausedUntil,
    });
  });

  it('is nothing without a category or a state that we know', () => {
    expect(read({ category: 0 })).toBeUndefined();
    expect(read({ status: 99 as never })).toBeUndefined();
  });

  it('TP-3 leaves open the placeholders of its texts, each once', () => {
    expect(
      needs({
        header: { kind: { $case: 'text', value: text('Hi {{1}}') } },
        body: { text: text('{{2}} and {{1}}, {{2}} again') },
      }),
    ).toEqual({ header: { kind: 'text', placeholders: ['1'] }, body: ['1', '2'], buttons: [] });
    expect(needs({ body: { text: text('{{order_id}} on {{day}}') } })?.body).toEqual(['order_id', 'day']);
  });

  it('TP-3 leaves open its header’s media or place, and nothing of a fixed header', () => {
    expect(header({ $case: 'media', value: { kind: 'image', exampleHandle: '' } })).toEqual({ kind: 'image' });
    expect(header({ $case: 'location', value: {} })).toEqual({ kind: 'location' });
    expect(header({ $case: 'text', value: text('Hi') })).toBeUndefined();
  });

  it('TP-3 knows what each button takes', () => {
    const url = (address: string) => button({ $case: 'url', value: { url: address, example: '' } });
    const buttons = [
      button({ $case: 'quickReply', value: {} }),
      url('https://example.com/{{1}}'),
      url('https://example.com/'),
      button({ $case: 'phone', value: { phoneNumber: '' } }),
      button({ $case: 'copyCode', value: { example: '' } }),
      button({ $case: 'flow', value: { flowId: '', action: '', screen: '' } }),
      button({ $case: 'catalogue', value: {} }),
      button({ $case: 'requestContactInfo', value: {} }),
    ];

    expect(needs({ buttons })?.buttons.map(({ kind, parameter }) => `${kind} ${parameter}`)).toEqual([
      'quick_reply optional',
      'url needed',
      'url none',
      ' none',
      'copy_code needed',
      'flow optional',
      'catalog optional',
      ' none',
    ]);
  });

  it('TP-3 wants the code of an authentication template in its body and its button', () => {
    const value = { kind: 'copy_code', apps: [], autofillText: '', zeroTapTermsAccepted: false };
    const content = saying({ buttons: [button({ $case: 'oneTimePassword', value })] });

    expect(read({ category: 3, content })?.needs).toEqual({
      body: ['1'],
      buttons: [{ kind: 'url', parameter: 'needed' }],
    });
  });
});
