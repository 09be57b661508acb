import { MessageKind, MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import {
  Template,
  TemplateCategory,
  TemplateContent,
  TemplateStatus,
} from '@switchboard/contracts/template/v1/template';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { Failure } from '@switchboard/errors';
import { type TemplateContent as TemplateMessage } from '../src/domain/content/template.js';
import { templateFromProto } from '../src/template-proto.js';
import { type MessageToSend } from '../src/use-cases/send-messages.js';
import { createWorld, customerWrote, messageId, NUMBER, refusal, replyQueued, type World } from './support/world.js';

/** What the gate is told by the logs, and that it is asked twice. */

const M1 = messageId(1);
const phone = '4915123456789';

describe('TX-1 marketing that a customer has stopped', () => {
  const preference = (action: string, second: number, more: Partial<MessageReceived> = {}) => ({
    ...MessageReceived.decode(new Uint8Array()),
    kind: MessageKind.MESSAGE_KIND_PREFERENCE,
    phoneNumberId: NUMBER,
    customer: { phone },
    category: 'marketing_messages',
    action,
    sentAt: new Date(second * 1_000),
    ...more,
  });

  it('is refused until it is resumed', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));

    await process.hearMessages(preference('stop', 1));
    expect(await send(world, process)).toMatchObject({ code: 'egress.opted-out' });
    await process.hearMessages(preference('resume', 2));

    expect(await send(world, process)).toMatchObject({ message: { state: 'accepted' } });
  });

  it('is refused by every number of the portfolio, and by no other', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));
    const others = ['556', '557'] as const;
    for (const number of others)
      world.numbers.set(number, { organisation: 'acme', version: 1, sending: 'allowed', waba: 'w' });
    world.portfolios = new Map([NUMBER, ...others].map((number) => [number, number === '557' ? 'another' : 'p']));

    await process.hearMessages(preference('stop', 1));

    expect(await send(world, process, 'same', {}, { number: '556' })).toMatchObject({ code: 'egress.opted-out' });
    expect(await send(world, process, 'another', {}, { number: '557' })).toMatchObject({
      message: { state: 'accepted' },
    });
  });

  it('is refused at dispatch too', async () => {
    const { world, process } = notYetOwning();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));
    const kept = await send(world, process);

    await process.hearMessages(preference('stop', 1));
    process.own();
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.message('messageId' in kept ? kept.messageId : '')).toMatchObject({
      state: 'refused',
      refusal: { code: 'egress.opted-out' },
    });
  });

  it('is refused once Meta has said so of a message (131050)', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));
    world.meta = () => Promise.resolve(refusal(131_050));
    await send(world, process, 'first');
    await process.hearWake();
    await world.settled();

    expect(await send(world, process, 'second')).toMatchObject({ code: 'egress.opted-out' });
  });

  it('is refused once a status has said so (131050)', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));
    const kept = await send(world, process, 'first');
    await process.hearWake();
    await world.settled();
    const errors = [{ code: 131_050, title: '', message: '', details: '', href: '' }];
    const id = 'messageId' in kept ? kept.messageId : '';
    await process.hearStatuses({ messageId: 'wamid.1', status: 'failed', bizOpaqueCallbackData: `${id}:1`, errors });

    expect(await send(world, process, 'second')).toMatchObject({ code: 'egress.opted-out' });
  });

  it.each([
    ['another category', preference('stop', 1, { category: 'calls' })],
    ['a word that Meta adds', preference('signup', 1)],
    ['another kind of item', preference('stop', 1, { kind: MessageKind.MESSAGE_KIND_USER_ACTION })],
    ['another number', preference('stop', 1, { phoneNumberId: '556' })],
    ['another customer', preference('stop', 1, { customer: { phone: '4915100000000' } })],
  ])('is nothing to us: %s', async (_what, event) => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));

    await process.hearMessages(event);

    expect(await send(world, process)).toMatchObject({ message: { state: 'accepted' } });
  });
});

describe('TX-1 a blocked customer', () => {
  const blocked = (world: World, sequence: number): ThreadEvent => ({
    ...customerWrote(world.clock.now(), sequence),
    event: { $case: 'customerBlocked', value: { blockedBy: 'olivia', until: undefined, reason: '', spam: false } },
  });
  const unblocked = (world: World, sequence: number): ThreadEvent => ({
    ...customerWrote(world.clock.now(), sequence),
    event: { $case: 'customerUnblocked', value: { unblockedBy: 'olivia' } },
  });

  it('gets nothing until they are unblocked', async () => {
    const { world, process } = await oneProcess();

    await process.hearThreads(blocked(world, 1), replyQueued(world.clock.now(), 2));
    await world.settled();
    expect(world.message(messageId(2))).toMatchObject({ refusal: { code: 'egress.customer-blocked' } });
    await world.clock.advance(1_000);
    await process.hearThreads(unblocked(world, 3), replyQueued(world.clock.now(), 4));
    await world.settled();

    expect(world.texts()).toEqual(['anna 4']);
  });

  it('gets nothing of what was accepted before', async () => {
    const { world, process } = notYetOwning();
    await process.hearThreads(replyQueued(world.clock.now(), 1));
    await process.hearThreads(blocked(world, 2));

    process.own();
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.message(M1)).toMatchObject({ state: 'refused', refusal: { code: 'egress.customer-blocked' } });
  });
});

describe('TX-6 a template', () => {
  it('goes outside the window, with the version it was checked against (TP-3)', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ sentVersion: 4 }));

    const kept = await send(world, process);
    await process.hearWake();
    await world.settled();

    expect(kept).toMatchObject({ message: { category: 'utility', content: { version: 4 } } });
    expect(world.calls).toHaveLength(1);
  });

  it('that nobody knows is refused', async () => {
    const { world, process } = await oneProcess();
    await process.hearTemplates(order({ name: 'another' }));

    expect(await send(world, process)).toMatchObject({ code: 'egress.template-unknown' });
  });

  it('passes unchecked while nobody tells of templates', async () => {
    const { world, process } = await oneProcess();

    expect(await send(world, process)).toMatchObject({ message: { state: 'accepted', content: { kind: 'template' } } });
  });

  it('that was not told yet is asked for, and known from then on', async () => {
    const asked: string[] = [];
    const { world, process } = await oneProcess((world) => {
      world.directory = {
        get: (waba, name, language) => {
          asked.push(`${waba} ${name} ${language}`);
          return Promise.resolve(name === 'order_ready' ? templateFromProto(order({ sentVersion: 2 })) : undefined);
        },
      };
    });

    expect(await send(world, process)).toMatchObject({ message: { content: { version: 2 } } });
    await world.clock.advance(2_000);
    expect(await send(world, process, 'again')).toMatchObject({ message: { content: { version: 2 } } });
    expect(asked).toEqual(['w order_ready en']);
    expect(await send(world, process, 'other', { name: 'other' })).toMatchObject({ code: 'egress.template-unknown' });
  });

  it('that was not told yet is unavailable to a caller while template is away, and unchecked to a reply', async () => {
    const { world, process } = await oneProcess((world) => {
      world.directory = { get: () => Promise.reject(new Failure('unavailable', 'grpc.unavailable', 'away')) };
    });

    await expect(send(world, process)).rejects.toMatchObject({ kind: 'unavailable' });
    await process.hearThreads(withTemplate(replyQueued(world.clock.now(), 1)));
    await world.settled();

    expect(world.calls).toHaveLength(1);
    expect(world.warnings).toEqual(expect.arrayContaining([expect.stringContaining('unchecked')]));
  });

  it('TP-4 that Meta has made dearer since is not sent', async () => {
    const { world, process } = notYetOwning();
    await process.hearTemplates(order({ revision: 1n }));
    const kept = await send(world, process);

    await process.hearTemplates(order({ revision: 2n, category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING }));
    await world.clock.advance(2_000);
    process.own();
    await world.settled();

    expect(world.calls).toEqual([]);
    expect(world.message('messageId' in kept ? kept.messageId : '')).toMatchObject({
      refusal: { code: 'egress.template-category-changed', reason: expect.stringContaining('utility to marketing') },
    });
  });

  it('TP-3 whose new version leaves other things open is not sent', async () => {
    const { world, process } = notYetOwning();
    await process.hearTemplates(order({ revision: 1n }));
    const kept = await send(world, process);

    const body = { text: { text: 'Order {{1}} is ready', examples: [] } };
    const content = { ...TemplateContent.decode(new Uint8Array()), body };
    await process.hearTemplates(order({ revision: 2n, sentVersion: 2, content }));
    await world.clock.advance(2_000);
    process.own();
    await world.settled();

    expect(world.message('messageId' in kept ? kept.messageId : '')).toMatchObject({
      refusal: { code: 'egress.template-parameters' },
    });
  });
});

describe('TX-3 a message whose time runs out while its number cannot send', () => {
  it('expires by its timer', async () => {
    const { world, process } = notYetOwning();
    const expiresAt = new Date(world.clock.now().getTime() + 60_000);
    const kept = await send(world, process, 'key', {}, { expiresAt });

    await world.clock.advance(60_000);
    await process.hearTimers();

    expect(world.message('messageId' in kept ? kept.messageId : '')).toMatchObject({ state: 'expired' });
  });
});

const order = (more: Partial<Template>): Template => ({
  ...Template.decode(new Uint8Array()),
  templateId: 't1',
  revision: 1n,
  wabaId: 'w',
  name: 'order_ready',
  language: 'en',
  category: TemplateCategory.TEMPLATE_CATEGORY_UTILITY,
  status: TemplateStatus.TEMPLATE_STATUS_APPROVED,
  sentVersion: 1,
  ...more,
});

const withTemplate = (event: ThreadEvent): ThreadEvent => {
  const template = { name: 'order_ready', language: 'en', components: [] };
  const content: Content = { kind: { $case: 'template', value: template } };
  if (event.event?.$case === 'replyQueued') event.event.value.content = content;
  return event;
};

async function send(
  world: World,
  process: ReturnType<World['start']>,
  key = `key-${world.store.documents.size}`,
  template: Partial<TemplateMessage> = {},
  { number = NUMBER, ...more }: Partial<MessageToSend> & { number?: string } = {},
) {
  const content = { kind: 'template', name: 'order_ready', language: 'en', components: [], ...template } as const;
  const recipient = { phone, userId: '' };
  const asked = { idempotencyKey: key, recipient, content, replyTo: '', priority: 0, expiresAt: undefined } as const;
  const [outcome] = await process.engine.sendMessages('acme', number, [{ ...asked, fingerprint: key, ...more }]);
  if (!outcome) throw new Error('nothing came of it');
  return outcome;
}

function notYetOwning(prepare: (world: World) => void = () => undefined) {
  const world = createWorld();
  prepare(world);
  return { world, process: world.start() };
}

async function oneProcess(prepare?: (world: World) => void) {
  const { world, process } = notYetOwning(prepare);
  process.own();
  await world.settled();
  return { world, process };
}
