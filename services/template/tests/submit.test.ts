import { TemplateStatus as Status } from '@switchboard/contracts/template/v1/template';
import { Failure } from '@switchboard/errors';
import { draft, marketing, newName, says, utility } from './support/contents.js';
import { type Client, startWorld, WABA, type World } from './support/world.js';

/** Templates at Meta: handed over, reviewed, edited, paused, taken away. */

let world: World;
let acme: Client;
beforeEach(async () => {
  world = await startWorld();
  acme = await world.client('acme');
});
afterEach(() => world.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const get = async (templateId: string) => (await acme.get({ templateId })).template!;
const atMeta = (name: string) => world.simulator.templates.list({ name }).templates;
const lost = () => Promise.reject(new Failure('unavailable', 'meta.unreachable', 'Meta cannot be reached: time-out'));
const submitted = async (more: object = {}) => {
  const { templateId, name } = await draft(acme, more);
  await acme.submit({ templateId });
  return { templateId, name };
};
const approved = async (more: object = {}) => {
  const made = await submitted(more);
  await world.pass(MINUTE);
  expect(await get(made.templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
  return made;
};

describe('TP-1, TP-2 a submitted template', () => {
  it('is reviewed by Meta, and approved: then that version is sent', async () => {
    const { templateId, name } = await draft(acme);

    const { template } = await acme.submit({ templateId });
    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_PENDING, sentVersion: 0 });
    expect(await world.pass(MINUTE)).toEqual(['done']);

    expect(await get(templateId)).toMatchObject({
      status: Status.TEMPLATE_STATUS_APPROVED,
      sentVersion: 1,
      metaTemplateId: atMeta(name)[0]!['id'],
    });
  });

  it('is rejected with Meta’s reason and advice, edited, and handed over anew', async () => {
    const name = newName();
    world.simulator.templates.decide(name, {
      verdict: 'reject',
      reason: 'TAG_CONTENT_MISMATCH',
      recommendation: 'Say less.',
    });
    const { templateId } = await submitted({ name });
    await world.pass(MINUTE);
    expect(await get(templateId)).toMatchObject({
      status: Status.TEMPLATE_STATUS_REJECTED,
      statusReason: 'TAG_CONTENT_MISMATCH',
      recommendation: 'Say less.',
    });

    world.simulator.templates.decide(name, { verdict: 'approve' });
    await acme.edit({ templateId, category: marketing, content: says('Less.') });
    await acme.submit({ templateId });
    await world.pass(MINUTE);

    expect(await get(templateId)).toMatchObject({
      status: Status.TEMPLATE_STATUS_APPROVED,
      category: marketing,
      sentVersion: 2,
      statusReason: '',
    });
    expect(atMeta(name)).toMatchObject([{ components: [{ type: 'BODY', text: 'Less.' }], category: 'MARKETING' }]);
  });

  it('TP-4 is priced as Meta says, from the first moment', async () => {
    const name = newName();
    world.simulator.templates.decide(name, { category: 'MARKETING' });
    const { templateId } = await draft(acme, { name });

    const { template } = await acme.submit({ templateId });

    expect(template).toMatchObject({ category: marketing });
  });

  it('is the same after a second call, and Meta is not asked', async () => {
    const { templateId, name } = await submitted();
    const before = await get(templateId);
    world.intercept.createTemplate = lost;

    expect((await acme.submit({ templateId })).template).toEqual(before);
    expect(atMeta(name)).toHaveLength(1);
  });

  it('knows what Meta decided while it was being handed over', async () => {
    const { templateId } = await draft(acme);
    world.intercept.createTemplate = async (...call) => {
      const answer = await world.real.createTemplate(...call);
      // The webhook comes before our own write.
      expect(await world.pass(MINUTE)).toEqual(['skipped: not known under this id: Meta is asked']);
      return answer;
    };

    expect((await acme.submit({ templateId })).template).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
  });
});

describe('TP-1 the answer is lost', () => {
  it('of a template that Meta has taken: it is looked up, and nothing is made twice', async () => {
    const { templateId, name } = await draft(acme);
    world.intercept.createTemplate = async (...call) => {
      await world.real.createTemplate(...call);
      return lost();
    };

    const { template } = await acme.submit({ templateId });

    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_PENDING, metaTemplateId: atMeta(name)[0]!['id'] });
    expect(atMeta(name)).toHaveLength(1);
  });

  it('and Meta stays away: the caller hears so, and a repetition finds the template', async () => {
    const { templateId, name } = await draft(acme);
    world.intercept.createTemplate = async (...call) => {
      await world.real.createTemplate(...call);
      return lost();
    };
    world.intercept.listTemplates = lost;
    await expect(acme.submit({ templateId })).rejects.toMatchObject({ kind: 'unavailable', code: 'meta.unreachable' });
    delete world.intercept.createTemplate;
    delete world.intercept.listTemplates;

    const { template } = await acme.submit({ templateId });

    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_PENDING, latestVersion: 1 });
    expect(atMeta(name)).toHaveLength(1);
  });

  it.each(['meta.192', 'meta.100'])('and Meta says that it has the template, by %s: it is looked up', async (code) => {
    const { templateId, name } = await draft(acme);
    const details = code === 'meta.100' ? { subcode: '2388024' } : {};
    world.intercept.createTemplate = async (...call) => {
      await world.real.createTemplate(...call);
      throw new Failure('invalid', code, 'there is one already', { details });
    };

    const { template } = await acme.submit({ templateId });

    expect(template).toMatchObject({ metaTemplateId: atMeta(name)[0]!['id'], latestVersion: 1 });
  });

  it('of a template that Meta never got: it can be submitted again', async () => {
    const { templateId, name } = await draft(acme);
    world.intercept.createTemplate = lost;
    await expect(acme.submit({ templateId })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await get(templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_DRAFT });
    delete world.intercept.createTemplate;

    await acme.submit({ templateId });

    expect(atMeta(name)).toHaveLength(1);
  });

  it('of an edit: Meta is asked what it has', async () => {
    const { templateId } = await approved();
    await acme.edit({ templateId, content: says('Something else.') });
    world.intercept.editTemplate = async (...call) => {
      await world.real.editTemplate(...call);
      return lost();
    };

    const { template } = await acme.submit({ templateId });

    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_PENDING, sentVersion: 1, latestVersion: 2 });
    await world.pass(MINUTE);
    expect(await get(templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED, sentVersion: 2 });
  });

  it('and somebody has made another one of the name there: it is kept, and the caller told', async () => {
    const { templateId, name } = await draft(acme);
    world.simulator.templates.seed({ name });
    await acme.edit({ templateId, content: says('Mine.') });

    await expect(acme.submit({ templateId })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'template.says-other-at-meta',
    });
    expect(await get(templateId)).toMatchObject({ sentVersion: 3, status: Status.TEMPLATE_STATUS_APPROVED });
  });
});

describe('TP-1 what Meta limits', () => {
  it('an approved template is handed over once in 24 hours, and told before Meta is asked', async () => {
    const { templateId } = await approved();
    const edit = async (text: string) => {
      await acme.edit({ templateId, content: says(text) });
      return acme.submit({ templateId });
    };
    await edit('One.');
    await world.pass(MINUTE);

    await expect(edit('Two.')).rejects.toMatchObject({ kind: 'exhausted', code: 'template.edited-too-often' });
    await world.pass(DAY);
    await acme.submit({ templateId });
  });

  it('100 new ones an hour, told before Meta is asked', async () => {
    for (let n = 0; n < 100; n += 1) await submitted();
    const { templateId } = await draft(acme);
    world.intercept.createTemplate = () => Promise.reject(new Error('Meta is asked'));

    const refusal = expect(acme.submit({ templateId })).rejects;
    await refusal.toMatchObject({ kind: 'exhausted', code: 'template.too-many-new', retryAfterMs: HOUR });
    delete world.intercept.createTemplate;
    await world.pass(HOUR);
    await acme.submit({ templateId });
  });

  it('6,000 in all are told before Meta is asked, 250 by Meta', async () => {
    world.simulator.templates.seed({ name: 'seeded', count: 250 });
    const { templateId } = await draft(acme);

    await expect(acme.submit({ templateId })).rejects.toMatchObject({ code: 'template.account-full' });
    expect(await get(templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_DRAFT });
  });
});

describe('TP-1 deleting', () => {
  it('takes one language away here and at Meta, and holds the name', async () => {
    const { templateId, name } = await approved();
    const other = await approved({ name, language: 'de' });

    const { templates } = await acme.delete({ templateId });

    expect(templates).toMatchObject([{ templateId, status: Status.TEMPLATE_STATUS_PENDING_DELETION }]);
    expect(atMeta(name)).toMatchObject([{ language: 'de' }]);
    expect((await acme.delete({ templateId })).templates).toEqual(templates);
    await expect(draft(acme, { name })).rejects.toMatchObject({ code: 'template.name-held' });
    expect(await get(other.templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
    await world.pass(30 * DAY);
    expect(await get(templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_DELETED });
  });

  it('takes all languages away, also drafts and what is gone at Meta already', async () => {
    const { templateId, name } = await approved();
    await approved({ name, language: 'de' });
    await draft(acme, { name, language: 'fr' });
    await world.real.deleteTemplate(WABA, 'token', name);

    const { templates } = await acme.delete({ templateId, allLanguages: true });

    expect(templates).toHaveLength(3);
    expect(atMeta(name)).toEqual([]);
  });

  it('is refused of one that Meta has disabled', async () => {
    const { templateId, name } = await approved();
    world.simulator.templates.act(name, 'disable', {});
    await world.pass(0);

    await expect(acme.delete({ templateId })).rejects.toMatchObject({ code: 'template.disabled' });
  });
});

describe('TP-2 what Meta tells', () => {
  it('of pauses, pace and quality; a pause for pace is ended after five minutes', async () => {
    const { templateId, name } = await approved();
    world.simulator.templates.act(name, 'quality', { score: 'RED' });
    world.simulator.templates.act(name, 'pause', { title: 'RATE_LIMITING_PAUSE' });
    expect(await world.pass(0)).toEqual(['done', 'done']);
    expect(await get(templateId)).toMatchObject({ status: Status.TEMPLATE_STATUS_PAUSED, quality: 3 });

    await expect(acme.unpause({ templateId })).rejects.toMatchObject({ code: 'template.paced-just-now' });
    await world.pass(5 * MINUTE);
    const { template } = await acme.unpause({ templateId });

    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_APPROVED });
    expect(atMeta(name)).toMatchObject([{ status: 'APPROVED' }]);
    await expect(acme.unpause({ templateId })).rejects.toMatchObject({ code: 'template.not-paced' });
  });

  it('TP-4 of another category, a day before and when it is so', async () => {
    const { templateId, name } = await approved();
    world.simulator.templates.act(name, 'categorise', { category: 'MARKETING' });
    await world.pass(0);
    const at = new Date(world.clock.now() + DAY);
    at.setMilliseconds(0);
    expect(await get(templateId)).toMatchObject({ category: utility, categoryWarning: { category: marketing, at } });

    await world.pass(DAY);

    expect(await get(templateId)).toMatchObject({ category: marketing, categoryWarning: undefined });
  });

  it('twice, or in another order, comes to the same', async () => {
    const { templateId, name } = await submitted();
    await world.clock.advance(MINUTE);
    const approval = world.webhooks.take();
    await world.clock.advance(MINUTE);
    world.simulator.templates.act(name, 'pause', { title: 'FIRST_PAUSE' });
    await world.clock.advance(0);
    const pause = world.webhooks.take();

    await world.hear([...pause, ...approval, ...pause, ...approval]);

    const template = await get(templateId);
    expect(template).toMatchObject({ status: Status.TEMPLATE_STATUS_PAUSED, statusReason: 'FIRST_PAUSE' });
    await world.hear([...approval, ...pause]);
    expect(await get(templateId)).toEqual(template);
  });

  it('of one that was made at Meta: it is looked up, and kept', async () => {
    const [made] = world.simulator.templates.seed({ name: 'theirs' }).templates;
    world.simulator.templates.act('theirs', 'quality', { score: 'GREEN' });

    expect(await world.pass(0)).toEqual(['skipped: not known under this id: Meta is asked']);
    await world.readHourly.stop();

    const { template } = await acme.get({ wabaId: WABA, name: 'theirs', language: 'en_US' });
    expect(template).toMatchObject({ metaTemplateId: made!.id, sentVersion: 1, organisationId: 'acme' });
  });
});
