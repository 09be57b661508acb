import { type Entry, WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { TemplateCategory } from '@switchboard/contracts/template/v1/template';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { Failure } from '@switchboard/errors';
import { demo } from '@switchboard/stack';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { haveTemplate } from './support/templates.js';

/** Messages are paid for: from the wallet to Meta and back, on the whole stack. */

const KILLS = Number(process.env['MONEY_KILLS'] ?? 5);
jest.setTimeout(300_000 + KILLS * 20_000);

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const MARKETING_TEMPLATE = TemplateCategory.TEMPLATE_CATEGORY_MARKETING;
const CREDIT = 2_000_000n;
/** A marketing template to Brazil, October 2026. */
const MARKETING = 62_500n;
const offer: Content = { kind: { $case: 'template', value: { name: 'offer', language: 'en', components: [] } } };
const saying = (body: string): Content => ({ kind: { $case: 'text', value: { body } } });

let made = 0;
const someone = () => ({ waId: `55119${String(87_000_000 + (made += 1))}`, name: 'Ana' });

/** A number of its own, of a portfolio of its own, with a wallet of its own: nothing here hears of another test. */
async function paidNumber(credits: number): Promise<{ number: string; walletId: string }> {
  const number = system.unusedNumber();
  const account = { wabaId: `7${number}`, portfolioId: `8${number}` };
  await system.simulator.addNumber(number, account.wabaId);
  await system.simulator.limits(number, { messaging_limit: null });
  await system.accounts.registerNumber({
    ...account,
    phoneNumberId: number,
    displayPhoneNumber: `+1555${number.slice(-7)}`,
    verifiedName: 'Demo',
    metaToken: 'demo-token',
  });
  await system.accounts.connectNumber({
    phoneNumberId: number,
    brandId: demo.brandId,
    departmentId: demo.departmentId,
  });
  await haveTemplate(system, { wabaId: account.wabaId, name: 'offer', category: MARKETING_TEMPLATE });
  const walletId = `paid-${number}`;
  const kind = WalletKind.WALLET_KIND_BUNDLE;
  await system.billing.createWallet({
    walletId,
    organisationId: demo.organisationId,
    name: 'Paid',
    kind,
    services: ['demo'],
  });
  await eventually(() => system.billing.putNumber({ phoneNumberId: number, walletId }));
  // Without credit, so that it is this wallet egress has heard of, and not the one of the organisation.
  await isChecked(number, 'billing.balance-too-low');
  if (credits > 0) {
    await grant(walletId, credits);
    await isChecked(number, '');
  }
  return { number, walletId };
}

const isChecked = (phoneNumberId: string, code: string): Promise<void> =>
  eventually(async () => {
    expect((await system.messages.check({ phoneNumberId, content: offer })).code).toBe(code);
  });

const grant = (walletId: string, credits: number) =>
  system.billing.grantCredits({ walletId, credits, reason: 'test', idempotencyKey: `grant-${(made += 1)}` });

const send = async (phoneNumberId: string, waId: string, content: Content, idempotencyKey = `key-${(made += 1)}`) => {
  const message = { ...OutboundMessage.decode(new Uint8Array()), idempotencyKey, content };
  const sent = await system.messages.send({
    phoneNumberId,
    message: { ...message, recipient: { phone: waId, userId: '' } },
  });
  return sent.message?.messageId ?? '';
};

const entriesOf = async (walletId: string, kinds: string[] = [], reference = ''): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (let pageToken = ''; ;) {
    const page = await system.billing.listEntries({ walletId, kinds, reference, pageSize: 500, pageToken });
    entries.push(...page.entries);
    pageToken = page.nextPageToken;
    if (pageToken === '') return entries;
  }
};

const isProven = async (walletId: string): Promise<void> => {
  expect(await system.billing.prove({ walletId })).toMatchObject({ holds: true, faults: [] });
};

describe('a message that costs', () => {
  it('BL-3 is held, delivered and charged once, with its country, market and brand', async () => {
    const { number, walletId } = await paidNumber(1);

    const id = await send(number, someone().waId, offer);

    await eventually(async () => {
      const entries = await entriesOf(walletId, [], `${id}:1`);
      expect(entries.map(({ kind, amountMicros }) => [kind, amountMicros])).toEqual([
        ['hold', MARKETING],
        ['settle', MARKETING],
        ['cost', MARKETING],
      ]);
      expect(entries[1]?.message).toMatchObject({ country: 'BR', market: 'Brazil', brandId: demo.brandId });
    });
    await isProven(walletId);
  });

  it('BL-8 has its price given back when it failed, and is charged late when it was delivered after all', async () => {
    const { number, walletId } = await paidNumber(1);
    await system.simulator.faults(number, { delivered: 0, read: 0 });
    const person = someone();
    const kindsOf = async (id: string) => (await entriesOf(walletId, [], `${id}:1`)).map(({ kind }) => kind);

    const id = await send(number, person.waId, offer);
    const sent = await eventually(async () => {
      const [first] = await system.simulator.sentTo(person);
      if (!first) throw new Error('it is not at Meta yet');
      return first;
    });
    await system.simulator.tell(sent.wamid, 'failed');
    await eventually(async () => {
      expect(await kindsOf(id)).toEqual(['hold', 'release']);
    });
    await system.simulator.tell(sent.wamid, 'delivered');

    await eventually(async () => {
      expect(await kindsOf(id)).toEqual(['hold', 'release', 'capture', 'cost']);
    });
    expect(await entriesOf(walletId, ['capture'])).toMatchObject([{ amountMicros: MARKETING, flags: ['late'] }]);
    await isProven(walletId);
  });

  it('BL-8 is refused without credit, with what to do, while answers go; and goes when credits have come', async () => {
    const { number, walletId } = await paidNumber(0);
    const person = someone();
    await system.simulator.write(person, number, 'Hello?');

    await expect(send(number, person.waId, offer)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'billing.balance-too-low',
      details: { remedy: expect.stringContaining('buy credits') },
    });
    await eventually(() => send(number, person.waId, saying('Yes?'), 'answer'));
    await eventually(async () => {
      expect((await system.simulator.sentTo(person)).map(({ text }) => text)).toEqual(['Yes?']);
    });
    expect(await entriesOf(walletId)).toEqual([]);

    await grant(walletId, 1);
    const id = await eventually(() => send(number, person.waId, offer, 'offer'));
    await eventually(async () => {
      expect(await entriesOf(walletId, ['settle'], `${id}:1`)).toHaveLength(1);
    });
    await isProven(walletId);
  });
});

describe('what Meta charged', () => {
  const DAY_MS = 24 * 3_600_000;
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

  it('BL-10 is compared with what was charged here: equal, then one message more at Meta is told, per message', async () => {
    const { number, walletId } = await paidNumber(1);
    await system.simulator.rates([{ country: 'BR', category: 'MARKETING', usd: 0.0625 }]);
    const [yesterday, tomorrow] = [dayOf(Date.now() - DAY_MS), dayOf(Date.now() + DAY_MS)];
    const about = { organisationId: demo.organisationId, wabaId: `7${number}`, from: yesterday, until: tomorrow };
    const id = await send(number, someone().waId, offer);
    await eventually(async () => {
      expect((await entriesOf(walletId, ['settle'], `${id}:1`)).length).toBe(1);
    });

    const one = { messages: 1n, costMicros: MARKETING };
    const equal = await eventually(async () => {
      const { reconciliations } = await system.billing.reconcile(about);
      const report = reconciliations.find(({ rows }) => rows.length > 0);
      expect(report).toMatchObject({ ours: one, meta: one });
      return report;
    });
    expect(equal).toMatchObject({
      organisationId: demo.organisationId,
      currency: 'USD',
      alarm: false,
      costDifferencePpm: 0,
      rows: [{ phoneNumberId: number, country: 'BR', category: 'marketing', messagesDifference: 0n }],
    });

    await system.simulator.charge(number, { country: 'BR', category: 'MARKETING' });
    await system.billing.reconcile(about);
    const { reconciliations } = await system.billing.listReconciliations({ ...about, from: '', until: '' });
    expect(reconciliations[0]).toMatchObject({
      day: equal?.day,
      alarm: true,
      ours: one,
      meta: { messages: 2n, costMicros: 2n * MARKETING },
      previousMeta: one,
      rows: [{ messagesDifference: 1n, costDifferenceMicros: MARKETING, differencePerMessageMicros: MARKETING / 2n }],
    });
  });

  it('BL-10 is asked of accounts of the organisation alone', async () => {
    const about = { organisationId: demo.organisationId, from: dayOf(Date.now()), until: dayOf(Date.now() + DAY_MS) };

    await expect(system.billing.reconcile({ ...about, wabaId: '1' })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'billing.account-not-found',
    });
  });
});

describe('an answer beyond the allowance of the month', () => {
  it('BL-4 costs as soon as Meta charges one: the first is charged unheld, the next is held and charged', async () => {
    const { number, walletId } = await paidNumber(1);
    await system.simulator.limits(number, { free_service_messages: 0 });
    const person = someone();
    await system.simulator.write(person, number, 'Hello?');
    const kindsOf = async (id: string) => {
      const entries = await entriesOf(walletId, [], `${id}:1`);
      return entries.map(({ kind, amountMicros, flags }) => [kind, amountMicros, ...flags]);
    };

    const first = await eventually(() => send(number, person.waId, saying('Yes?'), 'first'));
    await eventually(async () => {
      expect(await kindsOf(first)).toEqual([
        ['capture', 6_800n, 'unheld'],
        ['cost', 6_800n],
      ]);
    });
    await eventually(async () => {
      const told = await system.billing.getNumber({ phoneNumberId: number });
      expect(told.number).toMatchObject({ freeServiceLeft: 0 });
    });

    // Egress hears of it from `billing.numbers`, in order: with what comes after it, it knows this too.
    const { wallet } = await system.billing.getWallet({ walletId });
    const rest = { amountMicros: wallet?.availableMicros ?? 0n, message: undefined, memo: '', recipient: undefined };
    await system.billing.holdBatch({ walletId, holds: [{ holdId: 'rest', ...rest }] });
    await isChecked(number, 'billing.balance-too-low');
    await grant(walletId, 1);
    await isChecked(number, '');
    const next = await send(number, person.waId, saying('Anything else?'), 'next');

    await eventually(async () => {
      expect(await kindsOf(next)).toEqual([
        ['hold', 6_800n],
        ['settle', 6_800n],
        ['cost', 6_800n],
      ]);
    });
    await isProven(walletId);
  });
});

describe(`billing killed ${KILLS} times while messages are sent`, () => {
  it('BL-8 of 1,000 parallel sends with a balance for 100 exactly 100 pass; BL-9 the proof holds', async () => {
    const { number, walletId } = await paidNumber(4);
    const rest = 4n * CREDIT - 100n * MARKETING;
    const other = { amountMicros: rest, message: undefined, memo: '', recipient: undefined };
    await system.billing.holdBatch({ walletId, holds: [{ holdId: 'rest', ...other }] });
    const people = Array.from({ length: 1_000 }, someone);
    const codes: string[] = [];
    let isOver = false;

    const sending = Promise.all(
      people.map(async ({ waId }, index) => {
        try {
          await eventually(
            () =>
              send(number, waId, offer, `parallel-${index}`).catch((error: unknown) => {
                // Busy is asked again; a refusal is an answer.
                if (error instanceof Failure && error.kind === 'invalid') codes.push(error.code);
                else throw error;
              }),
            { timeoutMs: 120_000, everyMs: 200 },
          );
        } finally {
          if (index === people.length - 1) isOver = true;
        }
      }),
    );
    for (let kills = 0; kills < KILLS; kills += 1) {
      await new Promise((resume) => setTimeout(resume, isOver ? 0 : 200 + Math.random() * 500));
      await system.kill('billing');
      await system.start('billing');
    }
    await sending;

    await eventually(
      async () => {
        const { wallet } = await system.billing.getWallet({ walletId });
        expect([wallet?.availableMicros, wallet?.heldMicros]).toEqual([0n, rest]);
      },
      { timeoutMs: 120_000, everyMs: 500 },
    );
    await eventually(
      async () => {
        const events = (await system.messageEvents()).filter(({ phoneNumberId }) => phoneNumberId === number);
        const last = new Map(events.map((event) => [event.messageId, event]));
        const refused = [...last.values()].filter(({ state }) => state === MessageState.MESSAGE_STATE_REFUSED);
        expect(new Set([...codes, ...refused.map(codeOf)])).toEqual(new Set(['billing.balance-too-low']));
        expect(codes.length + refused.length).toBe(900);
      },
      { timeoutMs: 120_000, everyMs: 1_000 },
    );
    expect(await system.simulator.sentBy(number)).toHaveLength(100);
    expect(await entriesOf(walletId, ['settle', 'capture'])).toHaveLength(100);
    await isProven(walletId);
  });
});

const codeOf = ({ event }: Awaited<ReturnType<System['messageEvents']>>[number]): string =>
  event?.$case === 'refused' ? event.value.code : '';
