import { TemplateStatus as Status } from '@switchboard/contracts/template/v1/template';
import { Failure } from '@switchboard/errors';
import { draft, marketing, says, utility } from './support/contents.js';
import { type Client, startWorld, WABA, type World } from './support/world.js';

/** TP-2 All templates of an account, read page by page. */

let world: World;
let acme: Client;
beforeEach(async () => {
  world = await startWorld({ limits: { templates_per_waba: 10_000 } });
  acme = await world.client('acme');
});
afterEach(() => world.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const named = async (name: string) => (await acme.get({ wabaId: WABA, name, language: 'en_US' })).template!;

describe('TP-2 Reconcile', () => {
  it('keeps what Meta has and we have not, page by page, and finds nothing the second time', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 250 });

    expect(await acme.reconcile({ wabaId: WABA })).toMatchObject({ read: 250, found: 250, changed: 0, gone: 0 });
    expect(await acme.reconcile({ wabaId: WABA })).toMatchObject({ read: 250, found: 0, changed: 0, gone: 0 });

    expect(await named('seeded_250')).toMatchObject({
      organisationId: 'acme',
      status: Status.TEMPLATE_STATUS_APPROVED,
      sentVersion: 1,
      category: utility,
      content: says('This is message seeded 250.'),
    });
  });

  it('takes over what no webhook told, and marks what is gone', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 3 });
    await acme.reconcile({ wabaId: WABA });
    world.simulator.templates.act('seeded_1', 'categorise', { category: 'MARKETING', warn_first: false });
    await world.real.deleteTemplate(WABA, 'token', 'seeded_2');
    const unsent = await draft(acme);
    await world.clock.advance(MINUTE);
    world.webhooks.take();

    expect(await acme.reconcile({ wabaId: WABA })).toMatchObject({ read: 2, found: 0, changed: 1, gone: 1 });

    expect(await named('seeded_1')).toMatchObject({ category: marketing });
    expect(await named('seeded_2')).toMatchObject({ status: Status.TEMPLATE_STATUS_DELETED });
    expect(await named(unsent.name)).toMatchObject({ status: Status.TEMPLATE_STATUS_DRAFT });
  });

  it('TP-4 what is heard while a page is on its way is newer than the page', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 2 });
    await acme.reconcile({ wabaId: WABA });
    await world.clock.advance(MINUTE);
    world.intercept.listTemplates = async (...call) => {
      const page = await world.real.listTemplates(...call);
      await world.clock.advance(1_000);
      world.simulator.templates.act('seeded_1', 'categorise', { category: 'MARKETING', warn_first: false });
      await world.pass(0);
      return page;
    };

    await acme.reconcile({ wabaId: WABA });

    expect(await named('seeded_1')).toMatchObject({ category: marketing });
  });

  it('leaves what it cannot read as it is', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 2 });
    await acme.reconcile({ wabaId: WABA });
    world.intercept.listTemplates = async (...call) => {
      const { templates, after } = await world.real.listTemplates(...call);
      return { after, templates: templates.map((each) => ({ ...each, status: 'SOMETHING_NEW' })) };
    };

    expect(await acme.reconcile({ wabaId: WABA })).toMatchObject({ read: 2, changed: 0, gone: 0 });
  });

  it('tells its caller at once when Meta has had enough, and that nothing is gone', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 2 });
    await acme.reconcile({ wabaId: WABA });
    world.intercept.listTemplates = () =>
      Promise.reject(new Failure('exhausted', 'meta.80007', 'too many calls', { retryAfterMs: 1_000 }));

    await expect(acme.reconcile({ wabaId: WABA })).rejects.toMatchObject({ kind: 'exhausted', code: 'meta.80007' });
    expect(await named('seeded_1')).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
  });

  it('a template stays whose it is while that organisation has a number in the account', async () => {
    world.number('999', 'globex');
    const globex = await world.client('globex');
    const { templateId } = await draft(globex);
    await globex.submit({ templateId });
    await world.pass(MINUTE);
    await globex.reconcile({ wabaId: WABA });

    expect((await globex.get({ templateId })).template).toMatchObject({ organisationId: 'globex' });
    world.number('999', '');
    await acme.reconcile({ wabaId: WABA });
    expect((await acme.get({ templateId })).template).toMatchObject({ organisationId: 'acme' });
  });
});

describe('TP-2 the hourly reading', () => {
  it('is armed when the first number of an account is seen: soon, for nothing is known of it', async () => {
    await world.readHourly.start();
    world.number('77', 'globex', '900');
    world.number('78', 'globex', '900');
    await new Promise(setImmediate);

    expect(world.armed.map(({ wabaId }) => wabaId)).toEqual([WABA, '900']);
    expect(world.armed[0]!.due).toEqual(new Date(world.clock.now() + 5_000));
  });

  it('is armed for the next hour before it begins, and does not keep the next event waiting', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 250 });
    await world.readHourly.start();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    world.intercept.listTemplates = async (...call) => {
      await gate;
      return world.real.listTemplates(...call);
    };

    expect(await world.readHourly.fired(WABA)).toBe(true);
    open();
    const [first, next] = world.armed;
    expect(next!.version).toBe(first!.version + 1);
    expect(next!.due.getTime() - world.clock.now()).toBeLessThanOrEqual(HOUR);
    await until(async () => (await acme.list({ pageSize: 500 })).templates.length === 250);
    await world.readHourly.start();
    expect(world.armed.at(-1)).toEqual(next);
  });

  it('ends for an account that is nobody’s any more', async () => {
    world.number('77', 'globex', '900');
    world.number('77', '', '900');

    expect(await world.readHourly.fired('900')).toBe(false);
    expect(world.armed).toEqual([]);
  });
});

describe('the calls of an account', () => {
  it('are limited, and the reading leaves some for people', async () => {
    await world.stop();
    world = await startWorld({ callsPerHour: 20 });
    acme = await world.client('acme');
    const { templateId } = await draft(acme);
    for (let n = 0; n < 18; n += 1) await acme.reconcile({ wabaId: WABA });
    world.simulator.templates.seed({ name: 'theirs' });
    world.readHourly.lookSoon(WABA, 'theirs', 'en_US');
    await until(() => Promise.resolve(world.warnings.length === 1));
    expect(world.warnings[0]).toContain('template.management-limit');

    await acme.submit({ templateId });

    await expect(acme.reconcile({ wabaId: WABA })).rejects.toMatchObject({
      kind: 'exhausted',
      code: 'template.management-limit',
    });
    await world.clock.advance(3 * MINUTE);
    await acme.reconcile({ wabaId: WABA });
  });

  it('use a token of another number where one is lost', async () => {
    world.number('999', 'acme');
    const refused = new Failure('unauthenticated', 'meta.190', 'expired');
    world.intercept.listTemplates = (wabaId, token, query) =>
      token === 'token-999' ? world.real.listTemplates(wabaId, token, query) : Promise.reject(refused);

    await acme.reconcile({ wabaId: WABA });
    world.intercept.listTemplates = () => Promise.reject(refused);

    await expect(acme.reconcile({ wabaId: WABA })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'template.no-token',
    });
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
