import { SendingState } from '@switchboard/contracts/account/v1/events';
import { WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { type NumberState } from '@switchboard/contracts/billing/v1/events';
import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { AccountChange, ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { accountNumbers, egressMessages, whatsappChanges } from '@switchboard/contracts/topics';
import { eventRecord } from '@switchboard/kafka';
import { eventually } from '@switchboard/testing';
import { createPositionStore } from '../src/adapters/mongo/positions.js';
import { createTierStore } from '../src/adapters/mongo/tiers.js';
import { type BillingProcess, startInstallation } from './support/installation.js';
import { positionStoreContract, tierStoreContract } from './support/store-contracts.js';

/** Who pays for numbers, and what messages cost, by the logs alone: on real MongoDB and Kafka. */

jest.setTimeout(180_000);

let installation: Awaited<ReturnType<typeof startInstallation>>;
let process_: BillingProcess;
let clients: Awaited<ReturnType<BillingProcess['as']>>;
beforeAll(async () => {
  installation = await startInstallation('payers');
  process_ = await installation.startProcess();
  clients = await process_.as('egress');
}, 180_000);
afterAll(() => installation.stop(), 60_000);

let made = 0;
const CREDIT = 2_000_000n;
const NOW = new Date();
const names = () => {
  const tag = `${Date.now()}${(made += 1)}`;
  return { number: `77${tag}`, organisationId: `org-${tag}`, walletId: `w-${tag}` };
};

const tellNumber = (
  number: string,
  organisationId: string,
  version = 1n,
  { wabaId, portfolioId } = { wabaId: '1', portfolioId: '1' },
): Promise<void> =>
  installation.say(
    eventRecord(
      accountNumbers,
      {
        phoneNumberId: number,
        version,
        wabaId,
        portfolioId,
        displayPhoneNumber: '1',
        verifiedName: 'Demo',
        connection: 1,
        organisationId,
        brandId: 'brand',
        departmentId: 'sales',
        sending: SendingState.SENDING_STATE_ALLOWED,
        changedAt: NOW,
        stop: undefined,
      },
      { key: number, id: `${number}:${version}`, time: NOW },
    ),
  );

const newWallet = async (
  walletId: string,
  organisationId: string,
  credits = 0,
  kind = WalletKind.WALLET_KIND_STANDALONE,
) => {
  await clients.billing.createWallet({ walletId, organisationId, name: 'Main', kind });
  if (credits > 0) await clients.billing.grantCredits({ walletId, credits, reason: 'test', idempotencyKey: walletId });
};

const toldOf = (number: string): NumberState | undefined => installation.numbers.get(number);
const isTold = (number: string, about: Partial<NumberState>) =>
  eventually(() => {
    expect(toldOf(number)).toMatchObject(about);
  });

/** What egress says of an attempt, as often as it is asked to. */
const sayMessage = (
  { number, walletId }: { number: string; walletId: string },
  messageId: string,
  event: NonNullable<MessageEvent['event']>,
  cost: { category: string; held: boolean },
  occurredAt = NOW,
): Promise<void> => {
  const value: MessageEvent = {
    ...MessageEvent.decode(new Uint8Array()),
    messageId,
    sequence: 2n,
    phoneNumberId: number,
    walletId,
    occurredAt,
    cost: { ...cost, windowOpen: false, recipient: { phone: '5511987654321' } },
    event,
  };
  return installation.say(eventRecord(egressMessages, value, { key: number, id: `${messageId}:2`, time: NOW }));
};
const status = (status: string, type: string, category: string): NonNullable<MessageEvent['event']> => ({
  $case: 'statusChanged',
  value: {
    attempt: 1,
    status,
    pricing: { model: 'PMP', type, category },
    errors: [],
    doubled: false,
    delivered: status !== 'failed',
  },
});

const holdFor = async (
  { number, walletId }: { number: string; walletId: string },
  messageId: string,
  category: string,
) => {
  const message = { phoneNumberId: number, brandId: '', country: '', market: '', category, userInitiated: false };
  const recipient = { phone: '5511987654321', userId: '' };
  const holds = [{ holdId: `${messageId}:1`, amountMicros: 0n, message, memo: '', recipient }];
  const { outcomes } = await clients.billing.holdBatch({ walletId, holds });
  return outcomes[0];
};
const entriesOf = async (walletId: string, reference: string) => {
  const { entries } = await clients.billing.listEntries({ walletId, reference });
  return entries.map(({ kind, amountMicros, flags }) => [kind, amountMicros, ...flags]);
};

describe('who pays for a number', () => {
  it('ON-7 BL-6 the organisation’s only standalone wallet, also one that is made later; BL-8 with what is left', async () => {
    const { number, organisationId, walletId } = names();
    await tellNumber(number, organisationId);
    await isTold(number, { organisationId, walletId: '', hasCredit: false });

    await newWallet(walletId, organisationId);
    await isTold(number, { walletId, hasCredit: false });
    await clients.billing.grantCredits({ walletId, credits: 1, reason: 'test', idempotencyKey: 'k' });
    await isTold(number, { walletId, hasCredit: true, freeServiceLeft: 1_000 });

    const all = [{ holdId: 'all', amountMicros: CREDIT, message: undefined, memo: '', recipient: undefined }];
    await clients.billing.holdBatch({ walletId, holds: all });
    await isTold(number, { walletId, hasCredit: false });
    await clients.billing.releaseBatch({ walletId, holdIds: ['all'] });
    await isTold(number, { walletId, hasCredit: true });
  });

  it('BL-6 the one that was chosen for it, else for its brand, and none of two', async () => {
    const { number, organisationId, walletId } = names();
    await newWallet(walletId, organisationId, 1);
    await newWallet(`${walletId}-2`, organisationId, 1);
    await tellNumber(number, organisationId);
    await isTold(number, { organisationId, walletId: '' });

    await clients.billing.putBrand({ organisationId, brandId: 'brand', walletId });
    await isTold(number, { walletId });
    const timeZone = 'America/Sao_Paulo';
    const { number: put } = await clients.billing.putNumber({
      phoneNumberId: number,
      walletId: `${walletId}-2`,
      timeZone,
    });

    expect(put).toMatchObject({ walletId: `${walletId}-2`, timeZone });
    await isTold(number, {
      walletId: `${walletId}-2`,
      timeZone,
      serviceChargedSince: new Date('2026-10-01T03:00:00Z'),
    });
  });

  it('SE-1 never another organisation’s, and nobody’s number is not there', async () => {
    const [mine, other] = [names(), names()];
    await newWallet(other.walletId, other.organisationId, 1);
    await tellNumber(mine.number, mine.organisationId);
    await isTold(mine.number, { organisationId: mine.organisationId });
    const stranger = await process_.as('demo', other.organisationId);

    await expect(
      clients.billing.putNumber({ phoneNumberId: mine.number, walletId: other.walletId }),
    ).rejects.toMatchObject({ code: 'billing.wallet-not-found' });
    await expect(stranger.billing.getNumber({ phoneNumberId: mine.number })).rejects.toMatchObject({
      code: 'billing.number-not-found',
    });
    await expect(clients.billing.putNumber({ phoneNumberId: mine.number, timeZone: 'Brazil' })).rejects.toMatchObject({
      violations: [{ field: 'time_zone' }],
    });
  });
});

describe('messages of egress', () => {
  it('BL-3 are held at the price of the day and charged once when delivered, whatever is repeated; BL-9 the proof holds', async () => {
    const about = names();
    await newWallet(about.walletId, about.organisationId, 1);
    await tellNumber(about.number, about.organisationId);
    await isTold(about.number, { walletId: about.walletId });

    expect(await holdFor(about, 'm', 'marketing')).toMatchObject({ held: true, amountMicros: 62_500n });
    expect(await holdFor(about, 'm', 'marketing')).toMatchObject({ held: true, amountMicros: 62_500n });
    for (const each of ['delivered', 'read', 'delivered'])
      await sayMessage(about, 'm', status(each, 'regular', 'marketing'), { category: 'marketing', held: true });

    await eventually(async () => {
      expect(await entriesOf(about.walletId, 'm:1')).toEqual([
        ['hold', 62_500n],
        ['settle', 62_500n],
        ['cost', 62_500n],
      ]);
    });
    const { entries } = await clients.billing.listEntries({ walletId: about.walletId, reference: 'm:1' });
    expect(entries[1]?.message).toMatchObject({ brandId: 'brand', country: 'BR', market: 'Brazil' });
    expect(await clients.billing.prove({ walletId: about.walletId })).toMatchObject({ holds: true, faults: [] });
  });

  it('BL-8 failed and then delivered are captured late; refused ones are given back; BL-4 free ones cost nothing', async () => {
    const about = names();
    const { walletId } = about;
    await newWallet(walletId, about.organisationId, 1);
    await tellNumber(about.number, about.organisationId);
    await isTold(about.number, { walletId });
    for (const [id, category] of [
      ['late', 'utility'],
      ['refused', 'utility'],
      ['free', 'service'],
    ] as const)
      await holdFor(about, id, category);

    const paid = { category: 'utility', held: true };
    await sayMessage(about, 'late', status('failed', '', ''), paid);
    await sayMessage(about, 'late', status('delivered', 'regular', 'utility'), paid);
    const refusal = { code: 'egress.expired', reason: 'late', remedy: '', nextAttempt: 1 };
    await sayMessage(about, 'refused', { $case: 'refused', value: refusal }, { category: 'utility', held: false });
    await sayMessage(about, 'free', status('delivered', 'free_customer_service', 'service'), {
      category: 'service',
      held: true,
    });

    await eventually(async () => {
      expect(await entriesOf(walletId, 'late:1')).toEqual([
        ['hold', 6_800n],
        ['release', 6_800n],
        ['capture', 6_800n, 'late'],
        ['cost', 6_800n],
      ]);
      expect(await entriesOf(walletId, 'refused:1')).toEqual([
        ['hold', 6_800n],
        ['release', 6_800n],
      ]);
      expect(await entriesOf(walletId, 'free:1')).toEqual([
        ['hold', 6_800n],
        ['release', 6_800n],
      ]);
    });
    expect(await clients.billing.prove({ walletId })).toMatchObject({ holds: true, faults: [] });
  });

  it('BL-4 delivered service messages count once for the allowance of their number, also where nobody pays', async () => {
    const about = names();
    await tellNumber(about.number, about.organisationId);
    await isTold(about.number, { freeServiceLeft: 1_000 });
    const service = { category: 'service', held: false };

    for (let index = 0; index < 30; index += 1)
      for (const each of ['delivered', 'read'])
        await sayMessage(
          { ...about, walletId: '' },
          `s${index}`,
          status(each, 'free_customer_service', 'service'),
          service,
        );
    await isTold(about.number, { freeServiceLeft: 950 });

    await sayMessage({ ...about, walletId: '' }, 'charged', status('delivered', 'regular', 'service'), service);
    await isTold(about.number, { freeServiceLeft: 0 });
  });

  it('BL-9 count for the budget of the brand of their number; BL-4 the price knows the number’s allowance', async () => {
    const about = names();
    const { walletId, number } = about;
    await newWallet(walletId, about.organisationId, 1);
    await tellNumber(number, about.organisationId);
    await isTold(number, { walletId });
    const budgets = [{ brandId: 'brand', monthlyMicros: 100_000n }];
    await clients.billing.updateWallet({ walletId, name: 'Main', budgets });

    expect(await holdFor(about, 'a', 'marketing')).toMatchObject({ held: true });
    expect(await holdFor(about, 'b', 'marketing')).toMatchObject({ held: false, code: 'billing.budget-spent' });
    const service = { phone: '5511987654321', category: 'service' };
    expect(await clients.pricing.getPrice({ ...service, phoneNumberId: number })).toMatchObject({
      amountMicros: 0n,
      rule: 'free-allowance',
    });
    expect(await clients.pricing.getPrice(service)).toMatchObject({ amountMicros: 6_800n, rule: 'rate' });
  });

  it('of a wallet that does not exist hold nobody up', async () => {
    const about = names();
    await newWallet(about.walletId, about.organisationId, 1);
    await holdFor(about, 'm', 'marketing');

    await sayMessage({ ...about, walletId: 'gone' }, 'x', status('delivered', 'regular', 'utility'), {
      category: 'utility',
      held: true,
    });
    await sayMessage(about, 'm', status('read', 'regular', 'marketing'), { category: 'marketing', held: true });

    await eventually(async () => {
      expect(await entriesOf(about.walletId, 'm:1')).toHaveLength(3);
    });
  });
});

describe('volume tiers', () => {
  /** The fifth of the month after next: tiers begin with a month to come. */
  const month = new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() + 2, 1)).toISOString().slice(0, 7);
  const at = new Date(`${month}-05T12:00:00Z`);
  const utility = { category: 'utility', held: true };
  const inVolume = async () => {
    const about = names();
    const ids = { wabaId: `88${about.number}`, portfolioId: `99${about.number}` };
    await newWallet(about.walletId, about.organisationId, 1);
    await tellNumber(about.number, about.organisationId, 1n, ids);
    await isTold(about.number, { walletId: about.walletId });
    const next = async () => {
      const asked = { phoneNumberId: about.number, phone: '5511987654321', category: 'utility', at };
      const { amountMicros, rule } = await clients.pricing.getPrice(asked);
      return [amountMicros, rule];
    };
    return { ...about, ...ids, next };
  };
  const chargedFor = async (walletId: string, messageId: string) =>
    (await entriesOf(walletId, `${messageId}:1`)).find(([kind]) => kind === 'settle')?.[1];

  beforeAll(async () => {
    const csv = Buffer.from(
      [
        'market,marketing,utility,authentication,effective_date,currency,tier',
        `Brazil,,0.0068,,${month}-01,USD,0:2`,
        `Brazil,,0.0060,,${month}-01,USD,3:10`,
        `Brazil,,0.0050,,${month}-01,USD,11:MAX`,
      ].join('\n'),
    );
    const { changes, problems } = await clients.pricing.importRates({ csv, dryRun: false });
    expect([changes.map(({ tierFrom }) => tierFrom), problems]).toEqual([[1n, 3n, 11n], []]);
    const { rates } = await clients.pricing.listRates({ day: `${month}-01`, market: 'Brazil' });
    expect(rates.filter(({ tierFrom }) => tierFrom > 0n).map(({ amountMicros }) => amountMicros)).toEqual([
      6_800n,
      6_000n,
      5_000n,
    ]);
  });

  it('BL-10 each delivered message costs what its position says, once; Meta’s word moves the next one', async () => {
    const about = await inVolume();
    for (const id of ['a', 'b', 'c']) await holdFor(about, id, 'utility');
    for (const id of ['a', 'b', 'a', 'c', 'b'])
      await sayMessage(about, id, status('delivered', 'regular', 'utility'), utility, at);

    await eventually(async () => {
      expect(await chargedFor(about.walletId, 'c')).toBe(6_000n);
    });
    expect([await chargedFor(about.walletId, 'a'), await chargedFor(about.walletId, 'b')]).toEqual([6_800n, 6_800n]);
    expect(await about.next()).toEqual([6_000n, 'tier']);

    for (const seconds of [60, 0]) {
      const since = (at.getTime() - 3_600_000) / 1_000 + seconds;
      const tier = { tier_update_time: since, pricing_category: 'UTILITY', tier: '11:MAX', region: 'Brazil' };
      const value: ChangeReceived = {
        ...ChangeReceived.decode(new Uint8Array()),
        eventId: `${about.wabaId}:${seconds}`,
        wabaId: about.wabaId,
        event: 'VOLUME_BASED_PRICING_TIER_UPDATE',
        occurredAt: NOW,
        detail: {
          $case: 'account',
          value: {
            ...AccountChange.decode(new Uint8Array()),
            volumeTier: tier.tier,
            pricingCategory: tier.pricing_category,
            region: tier.region,
            effectiveMonth: month,
          },
        },
        raw: Buffer.from(JSON.stringify({ volume_tier_info: { ...tier, effective_month: month } })),
      };
      await installation.say(eventRecord(whatsappChanges, value, { key: about.wabaId, id: value.eventId, time: NOW }));
    }
    await eventually(async () => {
      expect(await about.next()).toEqual([5_000n, 'tier']);
    });
    expect(await clients.billing.prove({ walletId: about.walletId })).toMatchObject({ holds: true, faults: [] });
  });

  it('BL-10 two accounts of one portfolio count together, and a killed process counts nothing twice', async () => {
    const [one, other] = [await inVolume(), names()];
    await newWallet(other.walletId, other.organisationId, 1);
    await tellNumber(other.number, other.organisationId, 1n, {
      wabaId: `77${other.number}`,
      portfolioId: one.portfolioId,
    });
    await isTold(other.number, { walletId: other.walletId });
    for (const id of ['x1', 'x2']) await holdFor(one, id, 'utility');
    await holdFor(other, 'x3', 'utility');
    for (const id of ['x1', 'x2']) await sayMessage(one, id, status('delivered', 'regular', 'utility'), utility, at);
    await eventually(async () => {
      expect(await chargedFor(one.walletId, 'x1')).toBe(6_800n);
      expect(await chargedFor(one.walletId, 'x2')).toBe(6_800n);
    });

    await process_.kill();
    process_ = await installation.startProcess();
    clients = await process_.as('egress');
    for (const id of ['x1', 'x2']) await sayMessage(one, id, status('read', 'regular', 'utility'), utility, at);
    await sayMessage(other, 'x3', status('delivered', 'regular', 'utility'), utility, at);

    await eventually(async () => {
      expect(await chargedFor(other.walletId, 'x3')).toBe(6_000n);
    });
    expect(await one.next()).toEqual([6_000n, 'tier']);
  });

  describe('the store of tiers', () => {
    tierStoreContract(() => createTierStore(installation.connection.useDb('billing-tier-contract')));
  });
  describe('the store of positions', () => {
    positionStoreContract(() => createPositionStore(installation.connection.useDb('billing-position-contract')));
  });
});
