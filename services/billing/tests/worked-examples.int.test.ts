import { SendingState } from '@switchboard/contracts/account/v1/events';
import { WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { accountNumbers, egressMessages } from '@switchboard/contracts/topics';
import { eventRecord } from '@switchboard/kafka';
import { eventually } from '@switchboard/testing';
import { type BillingProcess, startInstallation } from './support/installation.js';

/** The product's rules by example and date, on real MongoDB and Kafka; and the reports and spenders of one wallet. */

jest.setTimeout(180_000);

const [NUMBER, OTHER_NUMBER, ORGANISATION, WALLET] = ['15550140077', '15550140078', 'org', 'w'];
const [BRAZIL, US, CANADA] = ['5511987654321', '12025550188', '14165550188'];
const SEPTEMBER = new Date('2026-09-30T12:00:00Z');
const OCTOBER = new Date('2026-10-01T12:00:00Z');

let installation: Awaited<ReturnType<typeof startInstallation>>;
let process_: BillingProcess;
let egress: Awaited<ReturnType<BillingProcess['as']>>;

beforeAll(async () => {
  installation = await startInstallation('examples');
  process_ = await installation.startProcess();
  egress = await process_.as('egress');
  const kind = WalletKind.WALLET_KIND_BUNDLE;
  const services = ['voice'];
  await egress.billing.createWallet({ walletId: WALLET, organisationId: ORGANISATION, name: 'Main', kind, services });
  await egress.billing.grantCredits({ walletId: WALLET, credits: 5, reason: 'test', idempotencyKey: 'k' });
  await egress.billing.putBrand({ organisationId: ORGANISATION, brandId: 'acme', walletId: WALLET });
  for (const number of [NUMBER, OTHER_NUMBER]) {
    const state = {
      phoneNumberId: number,
      version: 1n,
      wabaId: '1',
      portfolioId: '2',
      displayPhoneNumber: number,
      verifiedName: 'Demo',
      connection: 1,
      organisationId: ORGANISATION,
      brandId: 'acme',
      departmentId: 'sales',
      sending: SendingState.SENDING_STATE_ALLOWED,
      changedAt: OCTOBER,
      stop: undefined,
    };
    await installation.say(eventRecord(accountNumbers, state, { key: number, id: `${number}:1`, time: OCTOBER }));
    await eventually(() => {
      expect(installation.numbers.get(number)).toMatchObject({ walletId: WALLET, hasCredit: true });
    });
  }
}, 180_000);
afterAll(() => installation.stop(), 60_000);

interface Told {
  /** `delivered`, `read`, `failed`. */
  readonly status: string;
  /** What Meta reports: type and category; absent = no price. */
  readonly priced?: readonly [string, string];
}
interface Example {
  readonly at: Date;
  readonly category: string;
  readonly phone?: string;
  readonly windowOpen?: boolean;
  readonly number?: string;
  /** Put aside before, so much. */
  readonly held?: bigint;
  readonly told: readonly Told[];
}

const charged = (category: string): Told => ({ status: 'delivered', priced: ['regular', category] });
const free = (type: string, category: string): Told => ({ status: 'delivered', priced: [type, category] });

/** Lets billing hear of a message, after its price was put aside where it says so. */
async function heard(messageId: string, example: Example): Promise<void> {
  const { at, category, phone = BRAZIL, windowOpen = false, number = NUMBER, held, told } = example;
  if (held !== undefined) {
    const message = {
      phoneNumberId: number,
      brandId: 'acme',
      country: phone === CANADA ? 'CA' : 'BR',
      market: '',
      category,
      userInitiated: windowOpen,
    };
    const holds = [{ holdId: `${messageId}:1`, amountMicros: held, message, memo: '', recipient: undefined }];
    expect((await egress.billing.holdBatch({ walletId: WALLET, holds })).outcomes).toMatchObject([{ held: true }]);
  }
  for (const [index, { status, priced }] of told.entries()) {
    const value: MessageEvent = {
      ...MessageEvent.decode(new Uint8Array()),
      messageId,
      sequence: BigInt(index + 2),
      phoneNumberId: number,
      walletId: WALLET,
      occurredAt: at,
      cost: { category, held: held !== undefined, windowOpen, recipient: { phone } },
      event: {
        $case: 'statusChanged',
        value: {
          attempt: 1,
          status,
          pricing: priced && { model: 'PMP', type: priced[0], category: priced[1] },
          errors: [],
          doubled: false,
          delivered: status !== 'failed',
        },
      },
    };
    const id = `${messageId}:${index + 2}`;
    await installation.say(eventRecord(egressMessages, value, { key: number, id, time: at }));
  }
}
const entriesOf = async (messageId: string) =>
  (await egress.billing.listEntries({ walletId: WALLET, reference: `${messageId}:1` })).entries;
const spentOn = async (messageId: string): Promise<bigint> =>
  (await entriesOf(messageId))
    .filter(({ kind }) => kind === 'settle' || kind === 'capture')
    .reduce((sum, { amountMicros }) => sum + amountMicros, 0n);

const examples: readonly [string, Example, bigint][] = [
  [
    'BL-4 utility outside the window before October 2026',
    { at: SEPTEMBER, category: 'utility', held: 6_800n, told: [charged('utility')] },
    6_800n,
  ],
  [
    'BL-4 utility inside the window before October 2026',
    { at: SEPTEMBER, category: 'utility', windowOpen: true, told: [free('free_customer_service', 'utility')] },
    0n,
  ],
  [
    'BL-4 utility outside the window from October 2026',
    { at: OCTOBER, category: 'utility', held: 6_800n, told: [charged('utility')] },
    6_800n,
  ],
  [
    'BL-4 utility inside the window from October 2026',
    { at: OCTOBER, category: 'utility', windowOpen: true, held: 6_800n, told: [charged('utility')] },
    6_800n,
  ],
  [
    'BL-2 marketing to Brazil',
    { at: OCTOBER, category: 'marketing', held: 62_500n, told: [charged('marketing')] },
    62_500n,
  ],
  [
    'BL-2 marketing to Canada',
    { at: OCTOBER, category: 'marketing', phone: CANADA, held: 25_000n, told: [charged('marketing')] },
    25_000n,
  ],
  [
    'TX-7 marketing to the US, which Meta does not deliver',
    { at: OCTOBER, category: 'marketing', phone: US, told: [{ status: 'failed' }] },
    0n,
  ],
  [
    'BL-4 service message number 1,000, which Meta reports as free',
    { at: OCTOBER, category: 'service', windowOpen: true, told: [free('free_customer_service', 'service')] },
    0n,
  ],
  [
    'BL-4 service message number 1,001, which Meta charges',
    {
      at: OCTOBER,
      category: 'service',
      windowOpen: true,
      number: OTHER_NUMBER,
      held: 6_800n,
      told: [charged('service')],
    },
    6_800n,
  ],
  [
    'BL-3 delivered twice',
    { at: OCTOBER, category: 'marketing', held: 62_500n, told: [charged('marketing'), charged('marketing')] },
    62_500n,
  ],
  [
    'BL-3 read without delivered',
    { at: OCTOBER, category: 'marketing', held: 62_500n, told: [{ status: 'read', priced: ['regular', 'marketing'] }] },
    62_500n,
  ],
  [
    'BL-3 read, and Meta never reports a price',
    { at: OCTOBER, category: 'marketing', held: 62_500n, told: [{ status: 'read' }] },
    62_500n,
  ],
  [
    'BL-8 failed, and delivered after its price was given back',
    { at: OCTOBER, category: 'utility', held: 6_800n, told: [{ status: 'failed' }, charged('utility')] },
    6_800n,
  ],
  [
    'BL-4 marketing inside of the 72 hours of a free entry',
    { at: OCTOBER, category: 'marketing', held: 62_500n, told: [free('free_entry_point', 'marketing')] },
    0n,
  ],
];

describe('by the rules of the day', () => {
  beforeAll(async () => {
    for (const [index, [, example]] of examples.entries()) await heard(`e${index}`, example);
    // One partition brings them in order: when the last one is there, all are.
    await heard('last', { at: OCTOBER, category: 'utility', told: [charged('utility')] });
    await heard('last-too', { at: OCTOBER, category: 'utility', number: OTHER_NUMBER, told: [charged('utility')] });
    await eventually(async () => {
      expect([await spentOn('last'), await spentOn('last-too')]).toEqual([6_800n, 6_800n]);
    });
  }, 60_000);

  it.each(examples.map(([name, , amount], index) => [name, amount, index] as const))(
    '%s costs %d',
    async (_name, amount, index) => {
      expect(await spentOn(`e${index}`)).toBe(amount);
      const entries = await entriesOf(`e${index}`);
      expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(entries.length);
    },
  );

  it('BL-8 what came late is flagged, nothing stays held, and BL-9 the proof holds', async () => {
    const late = examples.findIndex(([name]) => name.startsWith('BL-8 failed'));
    expect((await entriesOf(`e${late}`)).map(({ kind, flags }) => [kind, ...flags])).toEqual([
      ['hold'],
      ['release'],
      ['capture', 'late'],
      ['cost'],
    ]);
    const { wallet } = await egress.billing.getWallet({ walletId: WALLET });
    expect(wallet?.heldMicros).toBe(0n);
    expect(await egress.billing.prove({ walletId: WALLET })).toMatchObject({ holds: true, faults: [] });
  });

  it.each<[string, string[], [string[], bigint, bigint][]]>([
    ['brand', ['brand'], [[['acme'], 12n, 322_600n]]],
    [
      'number',
      ['number'],
      [
        [[NUMBER], 10n, 309_000n],
        [[OTHER_NUMBER], 2n, 13_600n],
      ],
    ],
    [
      'country',
      ['country'],
      [
        [['BR'], 11n, 297_600n],
        [['CA'], 1n, 25_000n],
      ],
    ],
    [
      'category',
      ['category'],
      [
        [['marketing'], 5n, 275_000n],
        [['service'], 1n, 6_800n],
        [['utility'], 6n, 40_800n],
      ],
    ],
    [
      'initiator',
      ['initiator'],
      [
        [['business'], 10n, 309_000n],
        [['user'], 2n, 13_600n],
      ],
    ],
  ])('BL-5 BL-9 what was spent is added up by %s', async (_by, groupBy, expected) => {
    const about = { organisationId: ORGANISATION, from: new Date(Date.now() - 3_600_000) };
    const { rows } = await egress.billing.reportSpend({ ...about, until: new Date(Date.now() + 3_600_000), groupBy });

    expect(rows.map(({ keys, messages, amountMicros }) => [keys, messages, amountMicros])).toEqual(expected);
  });

  it('BL-9 and by day, in UTC', async () => {
    const about = { organisationId: ORGANISATION, from: new Date(Date.now() - 3_600_000), groupBy: ['day'] };
    const { rows } = await egress.billing.reportSpend({ ...about, until: new Date(Date.now() + 3_600_000) });

    // Midnight may have passed meanwhile.
    expect(rows.reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(322_600n);
    for (const { keys } of rows) expect(keys[0]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

describe('another service of the bundle', () => {
  const call = (holdId: string) => ({
    holdId,
    amountMicros: 1_000n,
    message: undefined,
    memo: 'a call',
    recipient: undefined,
  });

  it('BL-6 holds, charges at most what it held, and gives back; one outside of the bundle does none of it', async () => {
    const [voice, fax] = [await process_.as('voice', ORGANISATION), await process_.as('fax', ORGANISATION)];
    const walletId = WALLET;

    await voice.billing.holdBatch({ walletId, holds: [call('call-1'), call('call-2')] });
    const settlements = [{ holdId: 'call-1', amountMicros: 700n }];
    const outside = { kind: 'forbidden', code: 'billing.service-out-of-scope' };
    await expect(fax.billing.holdBatch({ walletId, holds: [call('fax-1')] })).rejects.toMatchObject(outside);
    await expect(fax.billing.settleBatch({ walletId, settlements })).rejects.toMatchObject(outside);
    await expect(fax.billing.releaseBatch({ walletId, holdIds: ['call-2'] })).rejects.toMatchObject(outside);
    for (let twice = 0; twice < 2; twice += 1) {
      await voice.billing.settleBatch({ walletId, settlements });
      await voice.billing.releaseBatch({ walletId, holdIds: ['call-2'] });
    }

    const { wallet } = await egress.billing.getWallet({ walletId });
    expect(wallet).toMatchObject({ availableMicros: 10_000_000n - 322_600n - 700n, heldMicros: 0n });
    expect(await egress.billing.prove({ walletId })).toMatchObject({ holds: true, faults: [] });
  });
});
