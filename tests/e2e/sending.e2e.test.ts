import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { MessageClass, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { TemplateCategory } from '@switchboard/contracts/template/v1/template';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { haveTemplate } from './support/templates.js';
import { body, metadata, oneStatus, type Person, post, postUntilTaken, status } from './support/webhooks.js';

jest.setTimeout(300_000);

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const nothing = OutboundMessage.decode(new Uint8Array());
let people = 0;
const someone = (): Person & { waId: string } => ({ waId: `49151${String(7_000_000 + (people += 1))}`, name: 'Sara' });
const saying = (words: string) => ({ kind: { $case: 'text', value: { body: words } } }) as const;
const to = ({ waId }: { waId: string }) => ({ phone: `+${waId}`, userId: '' });
const stateOf = async (messageId: string) => (await system.messages.get({ messageId })).message?.state;

describe('TX-4 the connection is cut after Meta has accepted', () => {
  it('leaves the message unknown, a status resolves it, and it is never sent twice', async () => {
    const number = system.demo.phoneNumberId;
    const person = someone();
    await system.simulator.write(person, number, 'Hi');
    await system.simulator.faults(number, { timeouts: 1, timeout_mode: 'cut', drop_statuses: 1 });
    const message = { ...nothing, idempotencyKey: 'cut', recipient: to(person), content: saying('Did it go?') };
    const request = { phoneNumberId: number, message };

    const { message: accepted } = await eventually(() => system.messages.send(request));
    const messageId = accepted?.messageId ?? '';
    await eventually(async () => {
      expect(await stateOf(messageId)).toBe(MessageState.MESSAGE_STATE_UNKNOWN);
    });
    await system.simulator.faults(number, {});
    expect((await system.messages.send(request)).message?.messageId).toBe(messageId);
    const [sent] = await system.simulator.sentTo(person);
    const delivered = status(sent!.wamid, 'delivered', { biz_opaque_callback_data: sent!.callbackData });
    await post(system.webhookUrls[0]!, oneStatus(number, delivered), system.appSecret);

    await eventually(async () => {
      expect(await stateOf(messageId)).toBe(MessageState.MESSAGE_STATE_DELIVERED);
    });
    expect(await system.simulator.sentTo(person)).toHaveLength(1);
    await expect(system.messages.resolve({ messageId, resolution: 1 })).rejects.toMatchObject({
      code: 'egress.message-not-unknown',
    });
  });
});

describe('templates', () => {
  const content = (name: string): Content => ({
    kind: { $case: 'template', value: { name, language: 'en', components: [] } },
  });
  beforeAll(async () => {
    const { phoneNumberId, wabaId } = system.demo;
    await haveTemplate(system, { wabaId, name: 'offer', category: TemplateCategory.TEMPLATE_CATEGORY_MARKETING });
    await eventually(async () => {
      expect((await system.messages.check({ phoneNumberId, content: content('offer') })).code).toBe('');
    });
  });

  it('TX-6 one that nobody knows is refused, with what to do', async () => {
    const message = {
      ...nothing,
      idempotencyKey: 'unknown',
      recipient: to(someone()),
      content: content('nobody_knows'),
    };

    await expect(system.messages.send({ phoneNumberId: system.demo.phoneNumberId, message })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.template-unknown',
      violations: [{ field: 'message.content.template.name' }],
    });
  });

  it('TX-3 TM-3 one that is worth sending for a time only expires by its timer while its number cannot send', async () => {
    // Meta does not know this number, so nothing of it goes and its owner asks again after a minute at the earliest.
    const phoneNumberId = await system.newNumber();
    const expiresAt = new Date(Date.now() + 3_000);
    const message = {
      ...nothing,
      idempotencyKey: 'late',
      recipient: to(someone()),
      content: content('offer'),
      expiresAt,
    };

    const { message: accepted } = await system.messages.send({ phoneNumberId, message });

    await eventually(async () => {
      const found = await system.messages.get({ messageId: accepted?.messageId ?? '' });
      expect(found.message).toMatchObject({
        state: MessageState.MESSAGE_STATE_EXPIRED,
        attempts: [{ state: MessageState.MESSAGE_STATE_ACCEPTED }],
        troubleCode: 'egress.expired',
      });
    });
  });

  it('TX-1 marketing is refused to a customer who has stopped it, until it is resumed', async () => {
    const { phoneNumberId } = system.demo;
    const person = someone();
    const code = async () => {
      const recipient = { phone: person.waId };
      return (await system.messages.check({ phoneNumberId, content: content('offer'), recipient })).code;
    };
    expect(await code()).toBe('');

    await prefers(person, 'stop', 1);
    await eventually(async () => {
      expect(await code()).toBe('egress.opted-out');
    });
    await prefers(person, 'resume', 2);

    await eventually(async () => {
      expect(await code()).toBe('');
    });
  });
});

describe('SendBatch and Watch', () => {
  it('TX-2 takes 500 at once, again without harm, and Watch tells of each, going on from a cursor', async () => {
    const number = system.demo.phoneNumberId;
    const crowd = Array.from({ length: 25 }, someone);
    await Promise.all(crowd.map((person) => system.simulator.write(person, number, 'Hi')));
    const messages = Array.from({ length: 500 }, (_, index) => ({
      ...nothing,
      idempotencyKey: `batch-${index}`,
      recipient: to(crowd[index % crowd.length]!),
      content: saying(`number ${index}`),
      class: MessageClass.MESSAGE_CLASS_BULK,
    }));
    const start = await cursorNow(number);

    // An answer that is late under load is asked for again, as any caller would.
    const accepted = () =>
      eventually(async () => {
        const answer = await system.messages.sendBatch({ phoneNumberId: number, messages });
        expect(answer.outcomes.map(({ outcome }) => outcome?.$case)).not.toContain('refused');
        return answer;
      });
    const { outcomes } = await accepted();
    const again = await accepted();

    const idsOf = (of: typeof outcomes) =>
      of.map(({ outcome }) => (outcome?.$case === 'message' ? outcome.value.messageId : ''));
    const ids = idsOf(outcomes);
    expect(idsOf(again.outcomes)).toEqual(ids);
    const first = await watched(ids, start, 600);
    const rest = await watched(ids, first.cursor, 500 * 5 - 600);
    const all = new Set([...first.seen, ...rest.seen]);
    expect(all.size).toBe(500 * 5);
    for (const messageId of ids)
      for (const sequence of [1, 2, 3, 4, 5]) expect(all).toContain(`${messageId}:${sequence}`);
    const sent = await Promise.all(crowd.map((person) => system.simulator.sentTo(person)));
    expect(sent.flat()).toHaveLength(500);
    const after = await listed(number);
    expect(ids.filter((id) => !after.has(id))).toEqual([]);
  });
});

/** A customer stops or resumes marketing in WhatsApp. */
async function prefers({ waId }: { waId: string }, value: 'stop' | 'resume', second: number): Promise<void> {
  const preference = {
    wa_id: waId,
    detail: `User requested to ${value} marketing messages`,
    category: 'marketing_messages',
    value,
    timestamp: Math.floor(Date.now() / 1_000) + second,
  };
  const change = {
    field: 'user_preferences',
    value: {
      messaging_product: 'whatsapp',
      metadata: metadata(system.demo.phoneNumberId),
      contacts: [{ wa_id: waId, profile: { name: 'Sara' } }],
      user_preferences: [preference],
    },
  };
  const webhook = body({ id: system.demo.wabaId, changes: [change] });
  await postUntilTaken(system.webhookUrls[0]!, webhook, system.appSecret);
}

/** So many events of these messages after the cursor, and the cursor to go on from. */
async function watched(ids: readonly string[], from: string, count: number) {
  const { phoneNumberId } = system.demo;
  const wanted = new Set(ids);
  const seen = new Set<string>();
  let cursor = from;
  for await (const response of system.messages.watch({ phoneNumberId, cursor })) {
    ({ cursor } = response);
    const { change } = response;
    if (change?.$case !== 'event' || !wanted.has(change.value.messageId)) continue;
    seen.add(`${change.value.messageId}:${change.value.sequence}`);
    if (seen.size >= count) break;
  }
  return { seen, cursor };
}

async function cursorNow(number: string): Promise<string> {
  for await (const { cursor } of system.messages.watch({ phoneNumberId: number, heartbeatMs: 1_000 })) return cursor;
  throw new Error('the stream ended without a sign of life');
}

/** All messages of a number, page by page. */
async function listed(phoneNumberId: string): Promise<Set<string>> {
  const { organisationId } = system.demo;
  const ids = new Set<string>();
  let pageToken = '';
  do {
    const page = await eventually(() =>
      system.messages.list({ organisationId, phoneNumberId, pageSize: 150, pageToken }),
    );
    for (const { messageId } of page.messages) ids.add(messageId);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return ids;
}
