import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import {
  type Template,
  TemplateCategory,
  TemplateContent,
  TemplateStatus,
} from '@switchboard/contracts/template/v1/template';
import { type TemplateComponent, type TemplateParameter } from '@switchboard/contracts/whatsapp/v1/content';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { type Person } from './support/webhooks.js';

jest.setTimeout(120_000);

/** From a draft to the phone of a customer, over template, Meta, ingress and egress. */

let system: System;
beforeAll(async () => {
  system = await startSystem();
  // Meta sends what it has approved, and checks its parameters.
  await system.simulator.limits(system.demo.wabaId, { templates: 'strict' });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const { TEMPLATE_CATEGORY_UTILITY: utility, TEMPLATE_CATEGORY_MARKETING: marketing } = TemplateCategory;
const nothing = OutboundMessage.decode(new Uint8Array());
const noContent = TemplateContent.decode(new Uint8Array());
let people = 0;
const someone = (): Person & { waId: string } => ({ waId: `49152${String(7_000_000 + (people += 1))}`, name: 'Sara' });
const textOf = (value: string): TemplateParameter => ({ name: '', value: { $case: 'text', value } });
const body = (...values: TemplateParameter[]): TemplateComponent => ({
  kind: 'body',
  buttonKind: '',
  buttonIndex: 0,
  parameters: values,
});
const tracked = (end: string): TemplateComponent => ({
  kind: 'button',
  buttonKind: 'url',
  buttonIndex: 0,
  parameters: [textOf(end)],
});

/** Says where an order is, in words of its own. */
const order = (name: string): TemplateContent => ({
  ...noContent,
  body: {
    text: {
      text: `Hello {{1}}, your order ${name} is on its way to you.`,
      examples: [{ placeholder: '1', value: 'Ana' }],
    },
  },
  buttons: [
    {
      text: 'Track it',
      kind: { $case: 'url', value: { url: 'https://shop.example/{{1}}', example: 'https://shop.example/4821' } },
    },
  ],
});

async function submitted(name: string, verdict: Record<string, unknown> = {}): Promise<Template> {
  await system.simulator.decide(name, { after_ms: 200, ...verdict });
  const { organisationId, wabaId } = system.demo;
  const draft = { organisationId, wabaId, name, language: 'en_US', category: utility, content: order(name) };
  const { template } = await eventually(() => system.templates.create(draft));
  return (await system.templates.submit({ templateId: template?.templateId ?? '' })).template!;
}

async function becomes(templateId: string, what: Partial<Template>): Promise<Template> {
  return eventually(async () => {
    const { template } = await system.templates.get({ templateId });
    expect(template).toMatchObject(what);
    return template!;
  });
}

async function approved(name: string): Promise<Template> {
  const { templateId } = await submitted(name);
  return becomes(templateId, { status: TemplateStatus.TEMPLATE_STATUS_APPROVED });
}

const content = (name: string, components = [body(textOf('Sara')), tracked('4821')]) =>
  ({ kind: { $case: 'template', value: { name, language: 'en_US', components } } }) as const;
const check = (name: string, components?: TemplateComponent[]) =>
  system.messages.check({ phoneNumberId: system.demo.phoneNumberId, content: content(name, components) });
const send = (person: { waId: string }, name: string) => {
  const recipient = { phone: `+${person.waId}`, userId: '' };
  const message = { ...nothing, idempotencyKey: `${name}-${person.waId}`, recipient, content: content(name) };
  return system.messages.send({ phoneNumberId: system.demo.phoneNumberId, message });
};

it('TP-1, TX-6 a draft is reviewed, approved and sent to a customer who never wrote', async () => {
  const name = 'order_sent';
  const person = someone();
  const pending = await submitted(name);
  expect(pending).toMatchObject({ metaTemplateId: expect.stringMatching(/^\d+$/), latestVersion: 1 });
  const { templateId } = await becomes(pending.templateId, { status: TemplateStatus.TEMPLATE_STATUS_APPROVED });
  await eventually(async () => {
    expect((await check(name)).code).toBe('');
  });

  const { message } = await send(person, name);

  await eventually(async () => {
    const found = await system.messages.get({ messageId: message?.messageId ?? '' });
    expect(found.message?.state).toBe(MessageState.MESSAGE_STATE_READ);
  });
  const [sent] = await system.simulator.sentTo(person);
  const told = { name, language: 'en_US', components: [body(textOf('Sara')), tracked('4821')] };
  const rendered = await system.templates.render({ templateId, message: told });
  expect(rendered).toMatchObject({
    version: 1,
    body: `Hello Sara, your order ${name} is on its way to you.`,
    buttons: [{ text: 'Track it', url: 'https://shop.example/4821' }],
  });
  expect(sent?.content['template']).toMatchObject({ name, components: JSON.parse(rendered.componentsJson) });
});

it('TP-1 an example that was uploaded stands in the header of a template that Meta approves', async () => {
  const { organisationId, wabaId } = system.demo;
  async function* pieces() {
    const about = { wabaId, filename: 'shop.png', mimeType: 'image/png', sizeBytes: 7n };
    yield await Promise.resolve({ piece: { $case: 'about' as const, value: about } });
    yield { piece: { $case: 'bytes' as const, value: Buffer.from('pic') } };
    yield { piece: { $case: 'bytes' as const, value: Buffer.from('ture') } };
  }
  const { handle } = await system.templates.uploadExample(pieces());
  const name = 'order_picture';
  await system.simulator.decide(name, { after_ms: 200 });
  const header = { kind: { $case: 'media' as const, value: { kind: 'image', exampleHandle: handle } } };
  const draft = { organisationId, wabaId, name, language: 'en_US', category: utility };

  const { template } = await system.templates.create({ ...draft, content: { ...order(name), header } });
  await system.templates.submit({ templateId: template?.templateId ?? '' });

  await becomes(template?.templateId ?? '', { status: TemplateStatus.TEMPLATE_STATUS_APPROVED });
});

it('TP-2 one that Meta rejects says why, and is not sent', async () => {
  const name = 'order_rejected';
  const recommendation = 'Put it in other words.';
  const { templateId } = await submitted(name, { verdict: 'reject', reason: 'PROMOTIONAL', recommendation });

  await becomes(templateId, {
    status: TemplateStatus.TEMPLATE_STATUS_REJECTED,
    statusReason: 'PROMOTIONAL',
    recommendation,
  });

  await eventually(async () => {
    expect((await check(name)).code).toBe('egress.template-not-approved');
  });
  await expect(send(someone(), name)).rejects.toMatchObject({ code: 'egress.template-not-approved' });
});

it('TP-2 one that Meta pauses is not sent until it is approved again', async () => {
  const name = 'order_paused';
  const { templateId } = await approved(name);
  await system.simulator.act(name, 'pause', { title: 'FIRST_PAUSE' });
  await becomes(templateId, { status: TemplateStatus.TEMPLATE_STATUS_PAUSED, statusReason: 'FIRST_PAUSE' });
  await eventually(async () => {
    expect((await check(name)).code).toBe('egress.template-paused');
  });

  await system.simulator.act(name, 'unpause');

  await eventually(async () => {
    expect((await check(name)).code).toBe('');
  });
});

it('TP-4 one that became dearer is not sent to whom it was accepted for before', async () => {
  const name = 'order_dearer';
  const person = someone();
  const number = system.demo.phoneNumberId;
  const { templateId } = await approved(name);
  await eventually(async () => {
    expect((await check(name)).code).toBe('');
  });
  await system.simulator.faults(number, { outage: true });
  const { message } = await send(person, name);
  const messageId = message?.messageId ?? '';

  await system.simulator.act(name, 'categorise', { category: 'MARKETING', warn_first: false });
  await becomes(templateId, { category: marketing });
  await system.settled();
  await system.simulator.faults(number, {});

  await eventually(async () => {
    const found = await system.messages.get({ messageId });
    expect(found.message).toMatchObject({
      state: MessageState.MESSAGE_STATE_REFUSED,
      troubleCode: 'egress.template-category-changed',
    });
  });
  expect(await system.simulator.sentTo(person)).toEqual([]);
});

describe('TP-3 parameters', () => {
  const name = 'order_parameters';
  let templateId = '';
  beforeAll(async () => {
    ({ templateId } = await approved(name));
    await eventually(async () => {
      expect((await check(name)).code).toBe('');
    });
  });

  it.each([
    ['missing', [body(), tracked('4821')], 'template.parameter-missing'],
    ['surplus', [body(textOf('Sara'), textOf('more')), tracked('4821')], 'template.parameter-surplus'],
    ['too long', [body(textOf('x'.repeat(1_100))), tracked('4821')], 'template.parameter-too-long'],
    [
      'of the wrong type',
      [body({ name: '', value: { $case: 'payload', value: 'yes' } }), tracked('4821')],
      'template.parameter-kind',
    ],
    ['without their button', [body(textOf('Sara'))], 'template.parameter-missing'],
  ] satisfies [string, TemplateComponent[], string][])(
    'that are %s are refused before Meta is called',
    async (_, components, code) => {
      const told = { name, language: 'en_US', components };
      const { problems } = await system.templates.checkParameters({ templateId, message: told });
      expect(problems.map((each) => each.code)).toContain(code);
      const recipient = { phone: `+${someone().waId}`, userId: '' };
      const message = { ...nothing, idempotencyKey: code, recipient, content: content(name, components) };

      await expect(system.messages.send({ phoneNumberId: system.demo.phoneNumberId, message })).rejects.toMatchObject({
        kind: 'invalid',
      });
    },
  );
});

it('TP-2 what was made in WhatsApp Manager is read, kept and sent', async () => {
  const name = 'made_there';
  await system.simulator.seed(name);

  // The reading of the hour may have been faster.
  const { read } = await system.templates.reconcile({ wabaId: system.demo.wabaId });

  expect(read).toBeGreaterThanOrEqual(1);
  const { template } = await system.templates.get({ wabaId: system.demo.wabaId, name, language: 'en_US' });
  expect(template).toMatchObject({ organisationId: system.demo.organisationId, sentVersion: 1 });
  await eventually(async () => {
    expect((await check(name, [])).code).toBe('');
  });
});
