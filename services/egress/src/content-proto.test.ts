import { Content as ContentProto, TemplateMessage } from '@switchboard/contracts/whatsapp/v1/content';
import { contentFromProto, contentToProto } from './content-proto.js';
import { type Content } from './domain/content.js';

const template: Content = {
  kind: 'template',
  name: 'order_ready',
  language: 'en_US',
  components: [
    {
      kind: 'header',
      buttonKind: '',
      buttonIndex: 0,
      parameters: [{ name: '', kind: 'document', value: '123' }],
    },
    {
      kind: 'button',
      buttonKind: 'url',
      buttonIndex: 2,
      parameters: [
        { name: 'code', kind: 'text', value: 'a' },
        { name: '', kind: 'payload', value: 'b' },
      ],
    },
  ],
};

it.each<[string, Content]>([
  ['a text', { kind: 'text', text: 'hello', previewUrl: false }],
  ['a template', template],
  ['a list', { kind: 'list', body: 'which?', button: 'Choose', choices: [{ id: '1', title: 'one' }] }],
])('%s is the same on the other side of the log', (_, content) => {
  const bytes = ContentProto.encode(contentToProto(content) ?? { kind: undefined }).finish();

  expect(contentFromProto(ContentProto.decode(bytes))).toEqual(content);
});

it.each<[string, ContentProto | undefined]>([
  ['nothing', undefined],
  ['a place', { kind: { $case: 'location', value: { latitude: 1, longitude: 2 } } }],
  [
    'a template with a part nobody knows',
    {
      kind: {
        $case: 'template',
        value: {
          ...TemplateMessage.decode(new Uint8Array()),
          name: 'x',
          components: [{ kind: 'carousel', buttonKind: '', buttonIndex: 0, parameters: [] }],
        },
      },
    },
  ],
])('%s cannot be sent yet', (_, content) => {
  expect(contentFromProto(content)).toEqual({ kind: 'unsupported' });
});
