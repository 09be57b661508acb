import {
  type Template,
  TemplateCategory,
  TemplateContent,
  TemplateStatus,
} from '@switchboard/contracts/template/v1/template';
import { type Client, startWorld, WABA, type World } from './support/world.js';

/** Drafts, their versions, and who may see them; Meta is not asked. */

let world: World;
let acme: Client;
beforeAll(async () => {
  world = await startWorld();
  world.number('77', 'globex', '900');
  acme = await world.client('acme');
});
afterAll(() => world.stop());

let made = 0;
const utility = TemplateCategory.TEMPLATE_CATEGORY_UTILITY;
const nothing = TemplateContent.decode(new Uint8Array());
const says = (text: string): TemplateContent => ({ ...nothing, body: { text: { text, examples: [] } } });
const request = (more: object = {}) => ({
  wabaId: WABA,
  name: `order_${(made += 1)}`,
  language: 'en_US',
  category: utility,
  content: says('Your order is on its way.'),
  ...more,
});
const draft = async (client = acme, more: object = {}): Promise<Template> =>
  (await client.create(request(more))).template!;

describe('TP-1 a draft', () => {
  it('is kept whole, by whoever made it, and found by id and by name', async () => {
    const content: TemplateContent = {
      ...nothing,
      header: {
        kind: { $case: 'text', value: { text: 'Order {{1}}', examples: [{ placeholder: '1', value: '4821' }] } },
      },
      body: { text: { text: 'Hello {{1}}, it is ready.', examples: [{ placeholder: '1', value: 'Ana' }] } },
      footer: 'Acme',
      buttons: [
        { text: 'Yes', kind: { $case: 'quickReply', value: {} } },
        {
          text: 'Track',
          kind: { $case: 'url', value: { url: 'https://a.example/{{1}}', example: 'https://a.example/1' } },
        },
      ],
      sendTtlSeconds: 60,
    };
    const template = await draft(acme, { name: 'whole', content });

    expect(template).toMatchObject({
      organisationId: 'acme',
      wabaId: WABA,
      name: 'whole',
      status: TemplateStatus.TEMPLATE_STATUS_DRAFT,
      category: utility,
      revision: 1n,
      sentVersion: 0,
      latestVersion: 1,
      metaTemplateId: '',
      content,
    });
    expect((await acme.get({ templateId: template.templateId })).template).toEqual(template);
    expect((await acme.get({ wabaId: WABA, name: 'whole', language: 'en_US' })).template).toEqual(template);
    const { versions } = await acme.listVersions({ templateId: template.templateId });
    expect(versions).toMatchObject([{ version: 1, createdBy: 'ada', content }]);
  });

  it('is refused with every field that breaks the grammar, and not kept', async () => {
    const bad = request({ name: 'Bad Name', language: 'xx', content: says('{{1}}') });

    const { problems } = await acme.check(bad);
    const fields = new Set(problems.map(({ field }) => field));

    expect(fields).toEqual(new Set(['name', 'language', 'content.body.text', 'content.body.text.examples']));
    await expect(acme.create(bad)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'template.grammar',
      violations: problems.map(({ field, rule, remedy }) => ({ field, description: `${rule}; ${remedy}` })),
    });
  });

  it('is refused where the account has the name in this language', async () => {
    const { name } = await draft();

    await expect(draft(acme, { name })).rejects.toMatchObject({ kind: 'conflict', code: 'template.exists' });
    expect(await draft(acme, { name, language: 'de' })).toMatchObject({ name, language: 'de' });
  });

  it('is refused in an account where the organisation has no number', async () => {
    await expect(draft(acme, { wabaId: '900' })).rejects.toMatchObject({ code: 'template.account-not-found' });
    await expect(draft(acme, { wabaId: 'x' })).rejects.toMatchObject({ code: 'template.invalid-request' });
  });
});

describe('TP-3 versions', () => {
  it('are written, told apart field by field, and guarded against somebody else’s', async () => {
    const { templateId } = await draft();
    const edit = { templateId, expectedLatestVersion: 1, content: says('Your order has come.') };

    const { template } = await acme.edit(edit);

    expect(template).toMatchObject({ latestVersion: 2, revision: 2n, content: { body: edit.content.body } });
    expect((await acme.edit(edit)).template).toEqual(template);
    await expect(acme.edit({ ...edit, content: says('No.') })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'template.edited-meanwhile',
      details: { latest_version: '2' },
    });
    expect((await acme.diff({ templateId, fromVersion: 1 })).changes).toEqual([
      { field: 'body.text', before: 'Your order is on its way.', after: 'Your order has come.' },
    ]);
    await expect(acme.diff({ templateId })).rejects.toMatchObject({
      code: 'template.version-unknown',
      violations: [{ field: 'from_version' }],
    });
    const first = await acme.listVersions({ templateId, pageSize: 1 });
    expect(first).toMatchObject({ versions: [{ version: 2 }], nextPageToken: '2' });
    expect(await acme.listVersions({ templateId, pageSize: 1, pageToken: first.nextPageToken })).toMatchObject({
      versions: [{ version: 1 }],
      nextPageToken: '',
    });
  });

  it('TP-1 a copy says the same under another name', async () => {
    const { templateId, content } = await draft();

    const { template } = await acme.duplicate({ templateId, name: 'copied', language: 'de' });

    expect(template).toMatchObject({ name: 'copied', language: 'de', wabaId: WABA, content });
    await expect(acme.duplicate({ templateId })).rejects.toMatchObject({ code: 'template.exists' });
  });

  it('a draft that Meta never had is simply gone, and its name is free', async () => {
    const { templateId, name } = await draft();

    const { templates } = await acme.delete({ templateId });

    expect(templates).toMatchObject([{ status: TemplateStatus.TEMPLATE_STATUS_DELETED }]);
    expect((await acme.delete({ templateId })).templates).toEqual(templates);
    await expect(acme.edit({ templateId, content: says('x') })).rejects.toMatchObject({ code: 'template.not-found' });
    expect(await draft(acme, { name })).toMatchObject({ templateId, latestVersion: 2 });
  });
});

describe('lists', () => {
  it('go by name and language in pages, and narrow', async () => {
    const name = (n: number) => `list_${n}`;
    for (const n of [3, 1, 2]) await draft(acme, { name: name(n) });
    const about = { namePrefix: 'list_', wabaId: WABA, pageSize: 2 };

    const first = await acme.list(about);
    const rest = await acme.list({ ...about, pageToken: first.nextPageToken });

    expect([first, rest].map(({ templates }) => templates.map((each) => each.name))).toEqual([
      [name(1), name(2)],
      [name(3)],
    ]);
    expect(rest.nextPageToken).toBe('');
    const approved = [TemplateStatus.TEMPLATE_STATUS_APPROVED];
    expect((await acme.list({ ...about, statuses: approved })).templates).toEqual([]);
    const marketing = TemplateCategory.TEMPLATE_CATEGORY_MARKETING;
    expect((await acme.list({ ...about, category: marketing })).templates).toEqual([]);
    await expect(acme.list({ pageToken: 'x', pageSize: 501, wabaId: 'x' })).rejects.toMatchObject({
      violations: [{ field: 'waba_id' }, { field: 'page_size' }, { field: 'page_token' }],
    });
    await expect(acme.list({ statuses: [0] })).rejects.toMatchObject({ violations: [{ field: 'statuses[0]' }] });
  });
});

describe('SE-1 an organisation', () => {
  it('sees its own templates alone', async () => {
    const { templateId, name } = await draft();
    const globex = await world.client('globex');
    const none = { kind: 'not-found', code: 'template.not-found' };

    await expect(globex.get({ templateId })).rejects.toMatchObject(none);
    await expect(globex.get({ wabaId: WABA, name, language: 'en_US' })).rejects.toMatchObject(none);
    await expect(globex.submit({ templateId })).rejects.toMatchObject(none);
    await expect(globex.delete({ templateId })).rejects.toMatchObject(none);
    expect((await globex.list({})).templates).toEqual([]);
    await expect(globex.list({ organisationId: 'acme' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(globex.create(request({ organisationId: 'acme' }))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(globex.reconcile({ wabaId: WABA })).rejects.toMatchObject({ code: 'template.account-not-found' });
  });

  it('is named by internal services, which see all', async () => {
    const internal = await world.client();
    const template = await draft(internal, { organisationId: 'acme' });

    expect(template.organisationId).toBe('acme');
    await expect(internal.create(request())).rejects.toMatchObject({ violations: [{ field: 'organisation_id' }] });
    await expect(internal.get({ templateId: 'x' })).rejects.toMatchObject({ violations: [{ field: 'template_id' }] });
  });

  it.each([
    ['read', 'template.templates:write', (client: Client) => client.get({ templateId: 'x' })],
    ['write', 'template.templates:read', (client: Client) => client.submit({ templateId: 'x' })],
  ] as const)('needs the scope to %s', async (_, scope, call) => {
    await expect(call(await world.client('acme', scope))).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
