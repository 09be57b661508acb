import { TemplateCategory, TemplateStatus as Status } from '@switchboard/contracts/template/v1/template';
import { eventually } from '@switchboard/testing';
import { type Installation, startInstallation, type TemplateProcess } from './support/installation.js';
import { says } from './support/contents.js';
import { startMeta } from './support/meta.js';
import { changeOf } from './support/webhooks.js';

/** template as processes on real MongoDB and Kafka, with a simulated Meta. */

jest.setTimeout(240_000);

// One account for each test: they are told apart by nothing else.
const account = (n: number): string => `${process.pid}${String(Date.now()).slice(-6)}${n}`;
const [large, moving, heard, killed] = [account(1), account(2), account(3), account(4)];
let meta: Awaited<ReturnType<typeof startMeta>>;
let installation: Installation;
let template: TemplateProcess;
beforeAll(async () => {
  meta = await startMeta([large, moving, heard, killed]);
  installation = await startInstallation('service', meta.url);
  for (const wabaId of [large, moving, heard, killed]) await installation.number(wabaId);
  template = await installation.startProcess();
}, 180_000);
afterAll(async () => {
  await (installation as Installation | undefined)?.stop();
  await (meta as typeof meta | undefined)?.stop();
}, 60_000);

const { TEMPLATE_CATEGORY_UTILITY: utility, TEMPLATE_CATEGORY_MARKETING: marketing } = TemplateCategory;
const draft = (wabaId: string, name: string) => {
  const content = says(`This is message ${name}.`);
  return template.client.create({ wabaId, name, language: 'en_US', category: utility, content });
};
const named = async (wabaId: string, name: string) =>
  (await template.client.get({ wabaId, name, language: 'en_US' })).template!;
const lastTold = (templateId: string) => installation.told(templateId).at(-1);

it('TP-2 an account of 6,000 templates is read page by page, each is told, and a second reading finds nothing', async () => {
  meta.control.templates.seed({ waba_id: large, name: 'many', count: 6_000 });

  await installation.fire(large);

  await eventually(
    async () => {
      expect(await named(large, 'many_1')).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
    },
    { timeoutMs: 120_000 },
  );
  expect(await template.client.reconcile({ wabaId: large })).toMatchObject({
    read: 6_000,
    found: 0,
    changed: 0,
    gone: 0,
  });
  for (const name of ['many_1', 'many_3000', 'many_6000']) {
    const { templateId } = await named(large, name);
    await eventually(
      () => {
        expect(lastTold(templateId)).toMatchObject({ template: { name, organisationId: 'acme', revision: 1n } });
      },
      { timeoutMs: 60_000 },
    );
  }
});

it('TP-4 a category that changes in the middle of a reading is noticed, and told with what it was', async () => {
  meta.control.templates.seed({ waba_id: moving, name: 'moved', count: 101 });
  await template.client.reconcile({ wabaId: moving });
  const { templateId } = await named(moving, 'moved_101');
  let isChanged = false;
  meta.wire.before = async (method, path) => {
    if (isChanged || method !== 'GET' || !path.includes(moving)) return;
    isChanged = true;
    // The page has been read, and is on its way.
    const change = { waba_id: moving, category: 'MARKETING', warn_first: false } as const;
    meta.control.templates.act('moved_101', 'categorise', change);
    await eventually(async () => {
      await installation.tell(moving, meta.webhooks.take());
      expect(await named(moving, 'moved_101')).toMatchObject({ category: marketing });
    });
  };

  await template.client.reconcile({ wabaId: moving });
  meta.wire.before = () => Promise.resolve();

  expect(isChanged).toBe(true);
  expect(await named(moving, 'moved_101')).toMatchObject({ category: marketing });
  await eventually(() => {
    expect(lastTold(templateId)).toMatchObject({ template: { category: marketing }, categoryBefore: utility });
  });
});

it('TP-2 webhooks that come twice and in another order end where Meta is, and unreadable ones are set aside', async () => {
  const { template: made } = await draft(heard, 'heard');
  const templateId = made?.templateId ?? '';
  await template.client.submit({ templateId });
  const approval = await eventually(() => {
    const taken = meta.webhooks.take();
    expect(taken).not.toEqual([]);
    return taken;
  });
  // Meta's times are whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  meta.control.templates.act('heard', 'pause', { waba_id: heard, title: 'FIRST_PAUSE' });
  const pause = await eventually(() => {
    const taken = meta.webhooks.take();
    expect(taken).not.toEqual([]);
    return taken;
  });

  await installation.tell(heard, [...pause, ...approval, ...approval, ...pause]);
  await eventually(() => {
    expect(lastTold(templateId)).toMatchObject({ template: { status: Status.TEMPLATE_STATUS_PAUSED } });
  });
  const nameless = { message_template_id: 168, event: 'APPROVED' };
  await installation.tell(heard, [changeOf(heard, Date.now() / 1_000, 'message_template_status_update', nameless)]);

  await eventually(() => {
    expect(installation.setAside).toContain('it does not name account, id, name and language of its template');
  });
  expect(lastTold(templateId)).toMatchObject({ template: { statusReason: 'FIRST_PAUSE' } });
});

it('TP-1 a process that is killed during Submit, and asked again, leaves one template at Meta', async () => {
  const { template: made } = await draft(killed, 'killed');
  const templateId = made?.templateId ?? '';
  const created = new Promise<void>((resolve) => {
    meta.wire.before = (method) => {
      if (method !== 'POST') return Promise.resolve();
      resolve();
      // The answer never comes.
      return new Promise<void>(() => undefined);
    };
  });
  const lost = template.client.submit({ templateId }).catch((error: unknown) => error);
  await created;
  await template.kill();
  meta.wire.before = () => Promise.resolve();
  await lost;
  template = await installation.startProcess();

  const { template: submitted } = await template.client.submit({ templateId });

  expect(meta.control.templates.list({ waba_id: killed }).templates).toMatchObject([
    { name: 'killed', id: submitted?.metaTemplateId },
  ]);
  expect(submitted).toMatchObject({ latestVersion: 1 });
  await eventually(() => {
    expect(lastTold(templateId)).toMatchObject({ template: { metaTemplateId: submitted?.metaTemplateId } });
  });
});
