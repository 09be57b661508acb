import { type TemplateContent } from '@switchboard/contracts/template/v1/template';
import { type TemplateMessage, type TemplateParameter } from '@switchboard/contracts/whatsapp/v1/content';
import { draft, nothing } from './support/contents.js';
import { type Client, startWorld, WABA, type World } from './support/world.js';

let world: World;
let acme: Client;
beforeAll(async () => {
  world = await startWorld();
  acme = await world.client('acme');
});
afterAll(() => world.stop());

const text = (value: string): TemplateParameter => ({ name: '', value: { $case: 'text', value } });
const content: TemplateContent = {
  ...nothing,
  header: { kind: { $case: 'location', value: {} } },
  body: { text: { text: 'Hello {{1}}, it is ready.', examples: [{ placeholder: '1', value: 'Ana' }] } },
  buttons: [
    { text: 'Yes', kind: { $case: 'quickReply', value: {} } },
    { text: 'Call', kind: { $case: 'phone', value: { phoneNumber: '+15550140077' } } },
  ],
};
const place = { latitude: 52.5, longitude: 13.4, name: 'Shop', address: 'Main Street 1' };
const component = (kind: string, parameters: TemplateParameter[], buttonKind = '') => ({
  kind,
  buttonKind,
  buttonIndex: 0,
  parameters,
});
const message = (name: string): TemplateMessage => ({
  name,
  language: 'en_US',
  components: [
    component('header', [{ name: '', value: { $case: 'location', value: place } }]),
    component('body', [text('Sara')]),
    component('button', [{ name: '', value: { $case: 'payload', value: 'yes' } }], 'quick_reply'),
  ],
});

describe('TP-5 Render', () => {
  it('says how a version reads, and what Meta takes, before anything is sent', async () => {
    const { templateId, name } = await draft(acme, { content });

    const rendered = await acme.render({ templateId, version: 1, message: message(name) });

    expect(rendered).toMatchObject({
      version: 1,
      body: 'Hello Sara, it is ready.',
      buttons: [{ text: 'Yes' }, { url: 'tel:+15550140077' }],
    });
    expect(JSON.parse(rendered.componentsJson)).toEqual([
      { type: 'header', parameters: [{ type: 'location', location: place }] },
      { type: 'body', parameters: [{ type: 'text', text: 'Sara' }] },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'yes' }] },
    ]);
    const byName = { wabaId: WABA, version: 1, message: message(name) };
    expect(await acme.render(byName)).toEqual(rendered);
  });

  it('TP-3 names every parameter that is missing or surplus, as CheckParameters does', async () => {
    const { templateId, name } = await draft(acme, { content });
    const wrong = { ...message(name), components: [component('body', [text('Sara'), text('more')])] };

    const { problems, version } = await acme.checkParameters({ templateId, version: 1, message: wrong });

    expect(version).toBe(1);
    expect(problems.map(({ field, code }) => [field, code])).toEqual([
      ['message.components', 'template.parameter-missing'],
      ['message.components[0].parameters[1]', 'template.parameter-surplus'],
    ]);
    await expect(acme.render({ templateId, version: 1, message: wrong })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'template.parameters',
      violations: [{ field: 'message.components' }, { field: 'message.components[0].parameters[1]' }],
    });
  });

  it('needs a version while none is sent, and a template that is there', async () => {
    const { templateId, name } = await draft(acme, { content });

    await expect(acme.render({ templateId, message: message(name) })).rejects.toMatchObject({
      code: 'template.version-unknown',
      violations: [{ field: 'version' }],
    });
    await expect(acme.render({ message: message(name) })).rejects.toMatchObject({ violations: [{ field: 'waba_id' }] });
    await acme.delete({ templateId });
    await expect(acme.render({ templateId, version: 1 })).rejects.toMatchObject({ code: 'template.not-found' });
  });
});

describe('TP-1 UploadExample', () => {
  const about = { wabaId: WABA, filename: 'a.png', mimeType: 'image/png', sizeBytes: 5n };
  type Piece = { $case: 'about'; value: typeof about } | { $case: 'bytes'; value: Buffer };
  async function* pieces(...all: Piece[]) {
    for (const piece of all) yield await Promise.resolve({ piece });
  }
  const bytes = (words: string): Piece => ({ $case: 'bytes', value: Buffer.from(words) });
  const upload = (...all: Piece[]) => acme.uploadExample(pieces(...all));

  it('hands the bytes to Meta and tells the handle', async () => {
    const { handle } = await upload({ $case: 'about', value: about }, bytes('pic'), bytes('tu'));

    const header = { kind: { $case: 'media' as const, value: { kind: 'image', exampleHandle: handle } } };
    const { templateId } = await draft(acme, { content: { ...content, header } });
    await acme.submit({ templateId });
  });

  it.each([
    ['bytes come first', [bytes('x')], 'template.pieces'],
    [
      'it is told twice',
      [
        { $case: 'about', value: about },
        { $case: 'about', value: about },
      ],
      'template.pieces',
    ],
    ['too few bytes come', [{ $case: 'about', value: about }, bytes('x')], 'template.example-size'],
    ['too many bytes come', [{ $case: 'about', value: about }, bytes('sixsix')], 'template.example-size'],
    [
      'it is of no kind that Meta takes',
      [{ $case: 'about', value: { ...about, mimeType: 'image/gif' } }],
      'template.invalid-request',
    ],
    ['it is too large', [{ $case: 'about', value: { ...about, sizeBytes: 5_000_001n } }], 'template.invalid-request'],
    ['it has a path', [{ $case: 'about', value: { ...about, filename: '../a.png' } }], 'template.invalid-request'],
    [
      'the account is another’s',
      [{ $case: 'about', value: { ...about, wabaId: '900' } }],
      'template.account-not-found',
    ],
  ] satisfies [string, Piece[], string][])('is refused when %s', async (_, all, code) => {
    await expect(upload(...all)).rejects.toMatchObject({ code });
  });
});
