import { type MessageEvent, MessageState } from '@switchboard/contracts/egress/v1/events';
import { MessageClass, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { demo } from '@switchboard/stack';
import { eventually } from '@switchboard/testing';
import { type SentMessage } from './support/simulator.js';
import { startSystem, type System } from './support/system.js';
import { haveTemplate } from './support/templates.js';
import { body, type Person, post } from './support/webhooks.js';

/** TX-5: with Meta's limits in force no call is refused for speed, and nothing is lost or out of order. */

jest.setTimeout(120_000);

const PER_SECOND = 20;
const HIGH_PER_SECOND = 200;
const PAIR_SECONDS = 0.3;

let system: System;
beforeAll(async () => {
  system = await startSystem({
    env: {
      THROUGHPUT_STANDARD: String(PER_SECOND),
      THROUGHPUT_HIGH: String(HIGH_PER_SECOND),
      PAIR_SECONDS: String(PAIR_SECONDS),
    },
  });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

let people = 0;
const someone = (): Person & { waId: string } => ({ waId: `49152${String(7_000_000 + (people += 1))}`, name: 'Sara' });
const template: Content = {
  kind: { $case: 'template', value: { name: 'order_ready', language: 'en', components: [] } },
};
const saying = (words: string): Content => ({ kind: { $case: 'text', value: { body: words } } });
const to = ({ waId }: { waId: string }) => ({ phone: `+${waId}`, userId: '' });
const message = (more: Partial<OutboundMessage>): OutboundMessage => ({
  ...OutboundMessage.decode(new Uint8Array()),
  ...more,
});

const ofDemo = { wabaId: demo.wabaId, portfolioId: '9001' };

async function numberOf(account: typeof ofDemo, limits: Record<string, unknown> = {}): Promise<string> {
  const number = system.unusedNumber();
  await system.simulator.addNumber(number, account.wabaId);
  const displayPhoneNumber = `+1555${number.slice(-7)}`;
  const register = {
    ...account,
    phoneNumberId: number,
    displayPhoneNumber,
    verifiedName: 'Demo',
    metaToken: 'demo-token',
  };
  await system.accounts.registerNumber(register);
  await system.accounts.connectNumber({
    phoneNumberId: number,
    brandId: demo.brandId,
    departmentId: demo.departmentId,
  });
  await haveTemplate(system, { wabaId: account.wabaId, name: 'order_ready' });
  await system.simulator.limits(number, limits);
  await eventually(async () => {
    const { code } = await system.messages.check({ phoneNumberId: number, content: template });
    expect(code).toBe('');
  });
  return number;
}

/** As many bulk messages, each to somebody else. */
async function sendBulk(phoneNumberId: string, count: number, name: string): Promise<void> {
  const all = Array.from({ length: count }, (_, index) =>
    message({
      idempotencyKey: `${name}-${index}`,
      recipient: to(someone()),
      content: template,
      class: MessageClass.MESSAGE_CLASS_BULK,
    }),
  );
  for (let from = 0; from < count; from += 500) {
    const request = { phoneNumberId, messages: all.slice(from, from + 500) };
    const { outcomes } = await eventually(() => system.messages.sendBatch(request), { timeoutMs: 30_000 });
    expect(outcomes.filter(({ outcome }) => outcome?.$case !== 'message')).toEqual([]);
  }
}

async function sent(number: string, count: number): Promise<string[]> {
  return eventually(
    async () => {
      const all = await system.simulator.sentBy(number);
      expect(all).toHaveLength(count);
      return all.map(({ callbackData }) => callbackData);
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
}

/** Nothing was refused by Meta and tried again. */
async function expectFirstAttempts(callbacks: readonly string[]): Promise<void> {
  const again = callbacks.filter((data) => !data.endsWith(':1')).map((data) => data.replace(/:\d+$/, ''));
  expect(await Promise.all(again.map((messageId) => system.messages.get({ messageId })))).toEqual([]);
  expect(new Set(callbacks).size).toBe(callbacks.length);
}

describe('TX-5 a number at its limit', () => {
  it('sends 600 bulk messages without a 429, interactive ones between them, and follows an upgrade', async () => {
    const number = await numberOf(ofDemo, { throughput: true, throughput_per_second: PER_SECOND });
    await sendBulk(number, 600, 'backlog');
    await eventually(async () => {
      expect((await system.simulator.sentBy(number)).length).toBeGreaterThan(20);
    });

    for (let index = 0; index < 5; index += 1) {
      const asked = (await system.simulator.sentBy(number)).length;
      const request = message({ idempotencyKey: `person-${index}`, recipient: to(someone()), content: template });
      const { message: accepted } = await system.messages.send({ phoneNumberId: number, message: request });
      const before = (await system.simulator.sentBy(number)).length;
      await eventually(
        async () => {
          const callbacks = (await system.simulator.sentBy(number)).map(({ callbackData }) => callbackData);
          const place = callbacks.indexOf(`${accepted?.messageId ?? ''}:1`);
          // Nobody waits behind the backlog: only what goes in the moments until it is accepted, and is on its way then.
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place - asked).toBeLessThan(3 * PER_SECOND);
          expect(place - before).toBeLessThan(2 * PER_SECOND);
        },
        { everyMs: 50 },
      );
    }
    const slowly = await system.simulator.sentBy(number);
    expect(slowly.length).toBeLessThan(305);
    expect(mostInASecond(slowly)).toBeLessThan(2 * PER_SECOND);

    await system.simulator.limits(number, { throughput_per_second: HIGH_PER_SECOND });
    await tell(demo.wabaId, upgradeOf(number));

    await expectFirstAttempts(await sent(number, 605));
    expect(mostInASecond(await system.simulator.sentBy(number))).toBeGreaterThan(3 * PER_SECOND);
  });
});

describe('TX-5 one customer', () => {
  it('gets 60 messages in order, none lost and none refused (131056)', async () => {
    const person = someone();
    const number = await numberOf(ofDemo, { pair: true, pair_seconds: PAIR_SECONDS });
    await system.simulator.write(person, number, 'Hi');
    const texts = Array.from({ length: 60 }, (_, index) => `Line ${index}`);

    await eventually(() =>
      system.messages.send({
        phoneNumberId: number,
        message: message({ idempotencyKey: 'line-0', recipient: to(person), content: saying('Line 0') }),
      }),
    );
    for (const [index, words] of texts.entries()) {
      const request = message({ idempotencyKey: `line-${index}`, recipient: to(person), content: saying(words) });
      await system.messages.send({ phoneNumberId: number, message: request });
    }

    await expectFirstAttempts(await sent(number, 60));
    expect((await system.simulator.sentTo(person)).map(({ text }) => text)).toEqual(texts);
  });
});

describe('TX-5 a portfolio', () => {
  it('writes first to no more people than it may, over its two numbers', async () => {
    const account = { wabaId: '210000000009002', portfolioId: '9002' };
    const [one, other] = [await numberOf(account), await numberOf(account)];
    // All that Meta would be asked for is told, so that this limit is its word.
    for (const number of [one, other]) await tell(account.wabaId, upgradeOf(number));
    await tell(account.wabaId, {
      field: 'business_capability_update',
      value: { max_daily_conversations_per_business: 25 },
    });
    await system.settled();

    await Promise.all([sendBulk(one, 20, 'many-one'), sendBulk(other, 20, 'many-other')]);

    const outcomes = await eventually(
      async () => {
        const all = (await system.messageEvents()).filter(isOf(one, other));
        const ended = all.filter(({ event }) => event?.$case === 'sent' || event?.$case === 'refused');
        expect(ended).toHaveLength(40);
        return ended;
      },
      { timeoutMs: 30_000, everyMs: 500 },
    );
    const refused = outcomes.filter(({ state }) => state === MessageState.MESSAGE_STATE_REFUSED);
    expect(refused.map(({ event }) => event?.$case === 'refused' && event.value.code)).toEqual(
      refused.map(() => 'egress.messaging-limit'),
    );
    const reached = (await system.simulator.sentBy(one)).length + (await system.simulator.sentBy(other)).length;
    expect(reached).toBe(25);
    expect(refused).toHaveLength(15);
  });
});

const isOf =
  (...numbers: string[]) =>
  ({ phoneNumberId }: MessageEvent): boolean =>
    numbers.includes(phoneNumberId);

const mostInASecond = (all: readonly SentMessage[]): number =>
  Math.max(...all.map(({ at: from }) => all.filter(({ at }) => at >= from && at < from + 1_000).length));

const upgradeOf = (number: string) => ({
  field: 'phone_number_quality_update',
  value: { display_phone_number: `1555${number.slice(-7)}`, event: 'THROUGHPUT_UPGRADE' },
});

/** A change of the account, as Meta tells it. */
async function tell(wabaId: string, change: { field: string; value: Record<string, unknown> }): Promise<void> {
  const time = Math.floor(Date.now() / 1_000);
  const told = { ...body({ id: wabaId, changes: [change] }) };
  const entry = told.entry.map((each) => ({ ...each, time }));
  expect(await post(system.webhookUrls[0]!, { ...told, entry }, system.appSecret)).toBe(200);
}
