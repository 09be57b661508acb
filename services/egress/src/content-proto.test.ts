import { type Content as ContentProto, Media, TemplateMessage } from '@switchboard/contracts/whatsapp/v1/content';
import { contentFromProto, contentToProto } from './content-proto.js';

/** What can be sent is in `tests/contents.test.ts`. */
describe('TX-5 what cannot be sent', () => {
  it.each<[string, ContentProto | undefined, string]>([
    ['nothing', undefined, ''],
    ['no kind', { kind: undefined }, ''],
    ['an order', { kind: { $case: 'order', value: { catalogId: 'c', text: '', items: [] } } }, 'order'],
    ['an answer', { kind: { $case: 'templateReply', value: { payload: 'p', text: 't' } } }, 'template_reply'],
    ['a kind nobody knows', { kind: { $case: 'unknown', value: { type: 'poll' } } }, 'unknown'],
  ])('%s', (_what, content, of) => {
    expect(contentFromProto(content)).toEqual({ kind: 'unsupported', of });
    expect(contentToProto({ kind: 'unsupported', of })).toBeUndefined();
  });

  it('what tells of a file that came in is left out', () => {
    const value = Media.decode(
      Media.encode({
        kind: 'image',
        mediaId: '1',
        mimeType: 'image/png',
        sha256: 'x',
        url: 'https://lookaside.example/1',
        voice: false,
        animated: true,
        placeholder: true,
      }).finish(),
    );

    expect(contentFromProto({ kind: { $case: 'media', value } })).toEqual({
      kind: 'media',
      media: { kind: 'image', mediaId: '1', mimeType: 'image/png' },
    });
  });

  it('a placeholder without a value is kept, so that it can be named', () => {
    const components = [{ kind: 'body', buttonKind: '', buttonIndex: 0, parameters: [{ name: '', value: undefined }] }];
    const value = { ...TemplateMessage.decode(new Uint8Array()), name: 'x', components };

    expect(contentFromProto({ kind: { $case: 'template', value } })).toMatchObject({
      components: [{ parameters: [{ name: '', kind: 'nothing' }] }],
    });
  });
});
