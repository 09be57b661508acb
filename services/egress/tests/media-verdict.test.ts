import { contentOf, HEAD_BYTES } from '../src/domain/media/content-type.js';
import { type FileKind } from '../src/domain/media/formats.js';
import { defaultPolicy, KB, MB, type MediaPolicy, policyViolations, widestPolicy } from '../src/domain/media/policy.js';
import { oldOffice, samples, zip } from './support/file-samples.js';
import { createTextCheck } from '../src/domain/media/text.js';
import { admit, judgeContent, sizeRefusal } from '../src/domain/media/verdict.js';

/** What a file is, and whether it may be sent, by a table of real beginnings of files. */

async function look(bytes: Buffer) {
  const text = createTextCheck();
  text.push(bytes);
  const readAt = (from: number, length: number) => Promise.resolve(new Uint8Array(bytes.subarray(from, from + length)));
  return contentOf(bytes.subarray(0, HEAD_BYTES), { isText: text.isText(), size: bytes.length, readAt });
}

function admitted(filename: string, policy: MediaPolicy = defaultPolicy, kind?: FileKind) {
  const verdict = admit({ filename, mimeType: '', sizeBytes: undefined, kind }, policy);
  if (!verdict.isAllowed) throw new Error(verdict.refusal.reason);
  return verdict.value;
}

const limits: readonly [kind: string, filename: string, bytes: number, policy: MediaPolicy][] = [
  ['image', 'a.jpg', 5 * MB, defaultPolicy],
  ['image', 'a.png', 5 * MB, defaultPolicy],
  ['document', 'a.pdf', 40 * MB, defaultPolicy],
  ['document', 'a.xlsx', 40 * MB, defaultPolicy],
  ['video', 'a.mp4', 16 * MB, defaultPolicy],
  ['video', 'a.3gp', 16 * MB, defaultPolicy],
  ['audio', 'a.mp3', 16 * MB, defaultPolicy],
  ['audio', 'a.vorbis', 16 * MB, defaultPolicy],
  ['document', 'a.docx', 100 * MB, widestPolicy],
  ['sticker', 'a.webp', 500 * KB, widestPolicy],
];

it.each(limits)(
  'AT-1: takes a file of kind %s (%s) at its limit of %i bytes, and not one byte more',
  (kind, filename, bytes, policy) => {
    const file = admitted(filename, policy);

    expect(file.kind).toBe(kind);
    expect(sizeRefusal(file, bytes)).toBeUndefined();
    expect(sizeRefusal(file, bytes + 1)).toMatchObject({
      code: 'egress.media-too-large',
      details: {
        kind,
        limitBytes: String(bytes),
        formats: expect.stringContaining(filename.split('.')[1] ?? '') as string,
      },
    });
    expect(admit({ filename, mimeType: '', sizeBytes: bytes + 1, kind: undefined }, policy).isAllowed).toBe(false);
  },
);

it.each(Object.entries(samples))('AT-2: tells %s by its content', async (_name, [bytes, mimeType]) => {
  expect((await look(bytes)).mimeType).toBe(mimeType);
});

it.each(Object.entries(samples))('AT-2: takes %s under its own name, and under no other', async (filename, [bytes]) => {
  const content = await look(bytes);
  const [, extension] = filename.split('.');

  expect(judgeContent(admitted(`a.${extension}`, widestPolicy), content, bytes.length)).toBeUndefined();
  for (const [other, [, mimeType]] of Object.entries(samples)) {
    const file = admitted(`a.${other.split('.')[1]}`, widestPolicy);
    // Sound alone in a container for video is told by its name.
    if (mimeType === content.mimeType || (file.format.mimeType === 'audio/mp4' && content.mimeType === 'video/mp4'))
      continue;
    expect(judgeContent(file, content, bytes.length)).toMatchObject({ code: 'egress.media-mismatch' });
  }
});

it.each([
  ['a program under the name of a document', 'a.pdf', Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1')],
  ['text with a control character', 'a.txt', Buffer.from('one\x00two')],
  ['text that is no UTF-8', 'a.txt', Buffer.from([0x67, 0xfc, 0x6e])],
  ['text that breaks off in a character', 'a.txt', Buffer.from([0x67, 0xc3])],
  ['a document with macros', 'a.xlsx', zip(['[Content_Types].xml', 'xl/workbook.xml', 'xl/vbaProject.bin'])],
  ['an archive under the name of a document', 'a.pptx', zip(['a.txt'])],
  ['a document in which a sheet is embedded', 'a.xls', oldOffice('WordDocument', ['Workbook'])],
  ['a compound file of something else', 'a.xls', oldOffice('__properties_version1.0')],
])('AT-2: refuses %s', async (_what, filename, bytes) => {
  const refusal = judgeContent(admitted(filename), await look(bytes), bytes.length);

  expect(refusal?.code).toBe('egress.media-mismatch');
  expect(refusal?.reason).toContain('40 MB');
  expect(refusal?.reason).toContain('pdf, txt, xls, xlsx, ppt, pptx');
});

it('AT-2: finds sound behind a tag with a picture that is larger than what is looked at first', async () => {
  const tag = Buffer.concat([
    Buffer.from('ID3\x04\x00\x00', 'latin1'),
    Buffer.from([0, 8, 0, 0]),
    Buffer.alloc(8 * 128 * 128),
  ]);
  const sound = samples['sound.mp3']?.[0] ?? Buffer.alloc(0);

  expect((await look(Buffer.concat([tag, sound]))).mimeType).toBe('audio/mpeg');
});

it.each([
  ['a.jpg', 'image/png', 'egress.media-mismatch', 'declare image/jpeg'],
  ['a.docx', '', 'egress.media-not-allowed', 'document files may be pdf, txt, xls, xlsx, ppt, pptx up to 40 MB'],
  ['a.exe', '', 'egress.media-not-allowed', 'image (jpeg, jpg, png, up to 5 MB)'],
  ['noextension', '', 'egress.media-not-allowed', 'without an extension'],
  ['a.webp', 'image/webp', 'egress.media-not-allowed', 'as sticker'],
])('AT-2: refuses %s declared as "%s" before its first byte', (filename, mimeType, code, words) => {
  const verdict = admit({ filename, mimeType, sizeBytes: undefined, kind: undefined }, defaultPolicy);

  expect(verdict).toMatchObject({
    isAllowed: false,
    refusal: { code, reason: expect.stringContaining(words) as string },
  });
});

it.each([
  ['a.ogg', 'audio/ogg; codecs=opus'],
  ['a.jpg', 'image/jpg'],
  ['a.PDF', 'Application/PDF'],
  ['a.mp3', 'application/octet-stream'],
])('AT-2: takes %s declared as %s', (filename, mimeType) => {
  expect(admit({ filename, mimeType, sizeBytes: 1, kind: undefined }, defaultPolicy).isAllowed).toBe(true);
});

it('AT-2: an image may go as a document where the policy says so, up to the limit of documents', () => {
  const about = { filename: 'a.png', mimeType: '', sizeBytes: 6 * MB, kind: 'document' as const };

  expect(admit(about, widestPolicy).isAllowed).toBe(true);
  expect(admit(about, defaultPolicy).isAllowed).toBe(false);
});

it('AT-2: a sticker that does not move has a smaller limit', async () => {
  const sticker = admitted('a.webp', widestPolicy);

  expect(judgeContent(sticker, { mimeType: 'image/webp', isAnimated: false }, 100 * KB)).toBeUndefined();
  expect(judgeContent(sticker, { mimeType: 'image/webp', isAnimated: false }, 100 * KB + 1)?.reason).toContain(
    '100 KB',
  );
  expect(judgeContent(sticker, { mimeType: 'image/webp', isAnimated: true }, 500 * KB)).toBeUndefined();
  const moving = samples['moving.webp']?.[0] ?? Buffer.alloc(0);
  expect((await look(moving)).isAnimated).toBe(true);
});

it('AT-2: refuses a file without bytes', () => {
  expect(judgeContent(admitted('a.txt'), { mimeType: 'text/plain', isAnimated: false }, 0)?.code).toBe(
    'egress.media-empty',
  );
});

it.each([
  ['the default', defaultPolicy.rules, []],
  ['what Meta takes', widestPolicy.rules, []],
  ['nothing at all', [], []],
  ['more than Meta takes', [{ kind: 'image', maxBytes: 5 * MB + 1, formats: ['png'] }], ['policy.rules[0].max_bytes']],
  ['a format that Meta does not take', [{ kind: 'image', maxBytes: 1, formats: ['gif'] }], ['policy.rules[0].formats']],
  ['a kind that is none', [{ kind: 'film', maxBytes: 1, formats: ['mp4'] }], ['policy.rules[0].kind']],
  [
    'a kind twice, without formats',
    [
      { kind: 'image', maxBytes: 1, formats: ['png'] },
      { kind: 'image', maxBytes: 0, formats: [] },
    ],
    ['policy.rules[1].kind', 'policy.rules[1].max_bytes', 'policy.rules[1].formats'],
  ],
])('AT-2: a policy may be %s', (_what, rules, fields) => {
  expect(policyViolations(rules).map(({ field }) => field)).toEqual(fields);
});
