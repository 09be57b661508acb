import { type Content } from '../content.js';
import { type Media } from '../content/media.js';
import { type SendableFile } from '../media/file.js';
import { fileIdsIn, type FoundFiles, refusedByFiles, withFiles } from './files.js';

const MB = 1_048_576;
const photo: SendableFile = {
  kind: 'image',
  mimeType: 'image/jpeg',
  filename: 'photo.jpg',
  sizeBytes: 5 * MB,
  state: 'ready',
};
const paper: SendableFile = { ...photo, kind: 'document', mimeType: 'application/pdf', filename: 'paper.pdf' };
const sound: SendableFile = { ...photo, kind: 'audio', mimeType: 'audio/ogg', filename: 'sound.ogg' };
const sticker: SendableFile = { ...photo, kind: 'sticker', mimeType: 'image/webp', sizeBytes: 100 };
const files = (more: Partial<SendableFile> = {}): FoundFiles =>
  new Map([
    ['photo', { ...photo, ...more }],
    ['paper', { ...paper, ...more }],
    ['sound', { ...sound, ...more }],
    ['sticker', { ...sticker, ...more }],
  ]);
const sending = (media: Media): Content => ({ kind: 'media', media });
const image = sending({ kind: 'image', fileId: 'photo' });

const inHeader = (media: Media): Content => ({
  kind: 'interactive',
  header: { kind: 'media', media },
  body: 'which?',
  footer: '',
  action: { kind: 'replyButtons', buttons: [{ id: '1', title: 'one' }] },
});
const inTemplate = (media: Media): Content => ({
  kind: 'template',
  name: 'order_ready',
  language: 'en',
  components: [
    {
      kind: 'header',
      buttonKind: '',
      buttonIndex: 0,
      parameters: [{ name: '', kind: 'media', media }],
    },
  ],
});

describe('TX-1, AT-1 a file of ours', () => {
  it.each<[string, Content]>([
    ['an image', image],
    ['a document', sending({ kind: 'document', fileId: 'paper' })],
    ['a voice note', sending({ kind: 'audio', fileId: 'sound', voice: true })],
    ['a sticker', sending({ kind: 'sticker', fileId: 'sticker' })],
    ['one whose type is said under another name', sending({ kind: 'image', fileId: 'photo', mimeType: 'image/jpg' })],
    ['one above buttons', inHeader({ kind: 'image', fileId: 'photo' })],
    ['one in the header of a template', inTemplate({ kind: 'document', fileId: 'paper' })],
    ['none: an address', sending({ kind: 'image', link: 'https://example.org/a.jpg' })],
    ['none: an id of Meta', sending({ kind: 'image', mediaId: '1' })],
    ['none: a text', { kind: 'text', text: 'hello', previewUrl: false }],
  ])('may be %s', (_what, content) => {
    expect(refusedByFiles(content, files())).toBeUndefined();
  });

  it.each<[string, Partial<SendableFile>, Content, string, string]>([
    ['is not there', {}, sending({ kind: 'image', fileId: 'x' }), 'egress.media-not-found', '.file_id'],
    ['is still being fetched', { state: 'fetching' }, image, 'egress.media-not-ready', '.file_id'],
    ['could not be had', { state: 'unavailable' }, image, 'egress.media-unavailable', '.file_id'],
    ['has a virus', { state: 'infected' }, image, 'egress.media-infected', '.file_id'],
    ['is of another kind', {}, sending({ kind: 'video', fileId: 'photo' }), 'egress.media-mismatch', '.kind'],
    ['is no such image', { mimeType: 'image/webp' }, image, 'egress.media-not-allowed', '.file_id'],
    [
      'is of no format that is known',
      { mimeType: 'application/x-what' },
      image,
      'egress.media-not-allowed',
      '.file_id',
    ],
    [
      'is not of the type that is said',
      {},
      sending({ kind: 'image', fileId: 'photo', mimeType: 'image/png' }),
      'egress.media-mismatch',
      '.mime_type',
    ],
    [
      'is no voice note',
      { mimeType: 'audio/mpeg' },
      sending({ kind: 'audio', fileId: 'sound', voice: true }),
      'egress.media-mismatch',
      '.voice',
    ],
    ['is one byte too large', { sizeBytes: 5 * MB + 1 }, image, 'egress.media-too-large', '.file_id'],
    [
      'is a document that is one byte too large',
      { sizeBytes: 100 * MB + 1 },
      sending({ kind: 'document', fileId: 'paper' }),
      'egress.media-too-large',
      '.file_id',
    ],
  ])('is refused when it %s, with the field and what to do', (_what, more, content, code, field) => {
    const refusal = refusedByFiles(content, files(more));

    expect(refusal).toMatchObject({ code, field: `content.media${field}` });
    expect(refusal?.reason).not.toBe('');
    expect(refusal?.remedy).not.toBe('');
  });

  it.each([
    ['above buttons', inHeader({ kind: 'image', fileId: 'x' }), 'content.interactive.header.media.file_id'],
    [
      'in the header of a template',
      inTemplate({ kind: 'image', fileId: 'x' }),
      'content.template.components[0].parameters[0].media.file_id',
    ],
  ])('is looked for %s too', (_where, content, field) => {
    expect(fileIdsIn(content)).toEqual(['x']);
    expect(refusedByFiles(content, files())).toMatchObject({ code: 'egress.media-not-found', field });
  });

  it('gives its name and type to a message that has none; documents alone show a name', () => {
    const document = sending({ kind: 'document', fileId: 'paper', caption: 'yours' });
    const named = sending({ kind: 'document', fileId: 'paper', filename: 'Invoice.pdf' });

    expect(withFiles(document, files())).toEqual(
      sending({
        kind: 'document',
        fileId: 'paper',
        caption: 'yours',
        mimeType: 'application/pdf',
        filename: 'paper.pdf',
      }),
    );
    expect(withFiles(named, files())).toMatchObject({ media: { filename: 'Invoice.pdf' } });
    expect(withFiles(image, files())).toEqual(sending({ kind: 'image', fileId: 'photo', mimeType: 'image/jpeg' }));
    expect(withFiles(inTemplate({ kind: 'document', fileId: 'paper' }), files())).toEqual(
      inTemplate({ kind: 'document', fileId: 'paper', mimeType: 'application/pdf', filename: 'paper.pdf' }),
    );
  });
});
