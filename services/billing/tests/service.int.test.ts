import { WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { eventually } from '@switchboard/testing';
import { type BillingProcess, startInstallation } from './support/installation.js';

/** billing as processes on real MongoDB and Kafka. */

jest.setTimeout(180_000);

let installation: Awaited<ReturnType<typeof startInstallation>>;
let process_: BillingProcess;
let clients: Awaited<ReturnType<BillingProcess['as']>>;
beforeAll(async () => {
  installation = await startInstallation('service');
  process_ = await installation.startProcess();
  clients = await process_.as('egress');
}, 180_000);
afterAll(() => installation.stop(), 60_000);

let made = 0;
const CREDIT = 2_000_000n;
const message = {
  phoneNumberId: '15550140077',
  brandId: 'acme',
  country: 'BR',
  market: 'Brazil',
  category: 'utility',
  userInitiated: false,
};

async function newWallet(credits: number, services: string[] = []) {
  const walletId = `w-${Date.now()}-${(made += 1)}`;
  const kind = services.length > 0 ? WalletKind.WALLET_KIND_BUNDLE : WalletKind.WALLET_KIND_STANDALONE;
  const organisationId = `org-${made}`;
  await clients.billing.createWallet({ walletId, organisationId, name: 'Main', kind, services });
  if (credits > 0) {
    await clients.billing.grantCredits({ walletId, credits, reason: 'Invoice 4711', idempotencyKey: 'first' });
  }
  return { walletId, organisationId };
}
const hold = (walletId: string, amountMicros: bigint, ...holdIds: string[]) =>
  clients.billing.holdBatch({
    walletId,
    holds: holdIds.map((holdId) => ({ holdId, amountMicros, message, memo: '', recipient: undefined })),
  });
const balance = async (walletId: string) => {
  const { wallet } = await clients.billing.getWallet({ walletId });
  return [wallet?.availableMicros, wallet?.heldMicros];
};

describe('a wallet', () => {
  it('BL-7 gets granted credits once, and knows why and by whom', async () => {
    const { walletId } = await newWallet(3);

    const again = await clients.billing.grantCredits({
      walletId,
      credits: 3,
      reason: 'Invoice 4711',
      idempotencyKey: 'first',
    });

    expect(await balance(walletId)).toEqual([3n * CREDIT, 0n]);
    expect(again.purchase).toMatchObject({ provider: 'invoice', reason: 'Invoice 4711', createdBy: 'egress' });
    const { purchases } = await clients.billing.listPurchases({ walletId });
    expect(purchases).toEqual([again.purchase]);
    await expect(
      clients.billing.grantCredits({ walletId, credits: 4, reason: 'Invoice 4711', idempotencyKey: 'first' }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'billing.key-reused' });
  });

  it('BL-8 holds, charges and gives back; BL-9 every movement is an entry, and the proof holds', async () => {
    const { walletId } = await newWallet(1);

    await hold(walletId, 500_000n, 'a', 'b', 'c');
    await clients.billing.settleBatch({ walletId, settlements: [{ holdId: 'a', amountMicros: 400_000n }] });
    const released = await clients.billing.releaseBatch({ walletId, holdIds: ['b', 'b2'] });

    expect(released.outcomes.map(({ outcome }) => outcome)).toEqual(['released', 'released']);
    expect(await balance(walletId)).toEqual([1_100_000n, 500_000n]);
    const { entries } = await clients.billing.listEntries({ walletId });
    expect(entries.map(({ sequence, kind, amountMicros }) => [sequence, kind, amountMicros])).toEqual([
      [1n, 'grant', CREDIT],
      [2n, 'hold', 500_000n],
      [3n, 'hold', 500_000n],
      [4n, 'hold', 500_000n],
      [5n, 'settle', 400_000n],
      [6n, 'release', 100_000n],
      [7n, 'release', 500_000n],
      [8n, 'release', 0n],
    ]);
    expect(await clients.billing.prove({ walletId })).toMatchObject({ holds: true, entries: 8n, faults: [] });
  });

  it('BL-8 lets exactly 100 of 1,000 parallel holds pass when it has credits for 100', async () => {
    const { walletId } = await newWallet(1);
    const price = CREDIT / 100n;

    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => hold(walletId, price, `send-${index}`)),
    );

    const outcomes = answers.flatMap((answer) => answer.outcomes);
    expect(outcomes.filter(({ held }) => held)).toHaveLength(100);
    expect(new Set(outcomes.filter(({ held }) => !held).map(({ code }) => code))).toEqual(
      new Set(['billing.balance-too-low']),
    );
    expect(await balance(walletId)).toEqual([0n, CREDIT]);
    expect(await clients.billing.prove({ walletId })).toMatchObject({ holds: true, entries: 101n });
  });

  it('BL-8 remembers holds that have left its document: asked for again they are the same', async () => {
    const { walletId } = await newWallet(10);
    const ids = (from: number): string[] => Array.from({ length: 500 }, (_, index) => `m-${from + index}`);
    for (let from = 0; from < 4_000; from += 500) await hold(walletId, 1n, ...ids(from));

    const again = await hold(walletId, 1n, ...ids(0));
    const other = await hold(walletId, 2n, 'm-0');

    expect(again.outcomes.every(({ held }) => held)).toBe(true);
    expect(other.outcomes).toMatchObject([{ held: false, code: 'billing.hold-conflict' }]);
    expect(await balance(walletId)).toEqual([10n * CREDIT - 4_000n, 4_000n]);
    const stored = await installation.connection
      .collection<{ _id: string; tail: unknown[]; tailFrom: number }>('wallets')
      .findOne({ _id: walletId });
    expect(stored?.tailFrom).toBeGreaterThan(0);
    expect(stored?.tail.length).toBeLessThan(2_001);
    expect(await clients.billing.prove({ walletId })).toMatchObject({ holds: true, entries: 4_001n });
  });

  it('BL-8 TM-3 ends holds that nothing was heard of when their day’s timer fires, and no others', async () => {
    const { walletId } = await newWallet(1);
    await hold(walletId, 500_000n, 'a', 'b');
    await clients.billing.settleBatch({ walletId, settlements: [{ holdId: 'a', amountMicros: 500_000n }] });
    const today = new Date().toISOString().slice(0, 10);

    await installation.fire(walletId, today, 2);
    await installation.fire(walletId, today, 1);

    await eventually(async () => {
      expect(await balance(walletId)).toEqual([1_500_000n, 0n]);
    });
    const late = await clients.billing.settleBatch({
      walletId,
      settlements: [{ holdId: 'b', amountMicros: 500_000n }],
    });
    expect(late.outcomes).toMatchObject([{ outcome: 'captured_late', amountMicros: 500_000n }]);
    const { entries } = await clients.billing.listEntries({ walletId, kinds: ['expire', 'capture'] });
    expect(entries.map(({ kind, flags }) => [kind, flags])).toEqual([
      ['expire', []],
      ['capture', ['late']],
    ]);
  });

  it('BL-6 is spent by the services of its bundle alone', async () => {
    const { walletId, organisationId } = await newWallet(1, ['voice']);
    const [voice, fax] = [await process_.as('voice', organisationId), await process_.as('fax', organisationId)];
    const holds = [{ holdId: 'call-1', amountMicros: 5n, message: undefined, memo: 'a call', recipient: undefined }];

    expect((await voice.billing.holdBatch({ walletId, holds })).outcomes).toMatchObject([{ held: true }]);
    await expect(fax.billing.holdBatch({ walletId, holds })).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'billing.service-out-of-scope',
    });
  });

  it('SE-1 is not there for another organisation', async () => {
    const { walletId } = await newWallet(1);
    const stranger = await process_.as('egress', 'stranger');

    for (const call of [
      () => stranger.billing.getWallet({ walletId }),
      () => stranger.billing.prove({ walletId }),
      () => stranger.billing.listEntries({ walletId }),
      () =>
        stranger.billing.holdBatch({
          walletId,
          holds: [{ holdId: 'x', amountMicros: 1n, message: undefined, memo: '', recipient: undefined }],
        }),
    ]) {
      await expect(call()).rejects.toMatchObject({ kind: 'not-found', code: 'billing.wallet-not-found' });
    }
  });

  it('BL-10 leads from a number, country and category to the entries behind them', async () => {
    const { walletId } = await newWallet(1);
    const other = { ...message, phoneNumberId: '778', country: 'US', category: 'utility' };
    const holds = [
      { holdId: 'a', amountMicros: 5n, message, memo: '', recipient: undefined },
      { holdId: 'b', amountMicros: 7n, message: other, memo: '', recipient: undefined },
    ];
    await clients.billing.holdBatch({ walletId, holds });
    const found = async (asked: object) =>
      (await clients.billing.listEntries({ walletId, ...asked })).entries.map(({ reference }) => reference);

    expect(await found({ phoneNumberId: '778' })).toEqual(['b']);
    expect(await found({ country: 'US' })).toEqual(['b']);
    expect(await found({ category: 'utility', phoneNumberId: '778', country: 'US' })).toEqual(['b']);
    expect(await found({ phoneNumberId: '778', category: 'marketing' })).toEqual([]);
    expect(await found({ phoneNumberId: message.phoneNumberId, kinds: ['hold'] })).toEqual(['a']);
    await expect(found({ phoneNumberId: 'x', country: 'brazil' })).rejects.toMatchObject({
      kind: 'invalid',
      violations: [{ field: 'phone_number_id' }, { field: 'country' }],
    });
  });

  it('BL-9 exports its statement, and adds up what was spent', async () => {
    const { walletId, organisationId } = await newWallet(1);
    await hold(walletId, 6_800n, 'a', 'b');
    await clients.billing.settleBatch({
      walletId,
      settlements: ['a', 'b'].map((holdId) => ({ holdId, amountMicros: 6_800n })),
    });

    const pieces: Uint8Array[] = [];
    for await (const { csv } of clients.billing.exportStatement({ walletId })) pieces.push(csv);
    const lines = Buffer.concat(pieces).toString().trim().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^sequence,time,kind,debit_account,credit_account,amount_usd/);
    expect(lines[4]).toContain(',settle,holds,revenue,0.006800,a,15550140077,acme,BR,utility,');

    await eventually(async () => {
      const { rows } = await clients.billing.reportSpend({
        organisationId,
        from: new Date(Date.now() - 3_600_000),
        until: new Date(Date.now() + 3_600_000),
        groupBy: ['brand', 'category', 'initiator'],
      });
      expect(rows).toEqual([{ keys: ['acme', 'utility', 'business'], messages: 2n, amountMicros: 13_600n }]);
    });
  });

  it('names every field that is wrong, and nothing is written', async () => {
    const { walletId } = await newWallet(1);

    await expect(
      clients.billing.holdBatch({
        walletId,
        holds: [
          { holdId: 'a', amountMicros: 0n, message: undefined, memo: '', recipient: undefined },
          { holdId: 'a', amountMicros: 5n, message: undefined, memo: 'x'.repeat(201), recipient: undefined },
        ],
      }),
    ).rejects.toMatchObject({
      kind: 'invalid',
      violations: [{ field: 'holds' }, { field: 'holds[0].amount_micros' }, { field: 'holds[1].memo' }],
    });
    expect(await balance(walletId)).toEqual([CREDIT, 0n]);
  });
});

describe('prices', () => {
  it('BL-2 are told with their rule, and forecast for an audience', async () => {
    const at = new Date('2026-11-26T12:00:00Z');
    const price = await clients.pricing.getPrice({ phone: '5511987654321', category: 'marketing', at });
    const paused = await clients.pricing.getPrice({ phone: '12025550188', category: 'marketing', at });
    const canada = await clients.pricing.getPrice({ phone: '14165550188', category: 'marketing', at });

    expect([price, paused, canada].map(({ amountMicros, rule }) => [amountMicros, rule])).toEqual([
      [62_500n, 'rate'],
      [0n, 'paused'],
      [25_000n, 'rate'],
    ]);
    const { groups, mostMicros } = await clients.pricing.quote({
      at,
      groups: [
        { country: 'BR', category: 'marketing', recipients: 1_000, windowsOpen: 0 },
        { country: 'US', category: 'marketing', recipients: 10, windowsOpen: 0 },
      ],
    });
    expect(groups).toMatchObject([{ mostMicros: 62_500_000n }, { paused: 10, mostMicros: 0n }]);
    expect(mostMicros).toBe(62_500_000n);
  });

  it('BL-2 are imported for days to come, after a dry run', async () => {
    const csv = Buffer.from(
      'market,marketing,utility,authentication,effective_date,currency\nBrazil,0.0700,0.0068,0.0068,2027-01-01,USD\n',
    );

    const dry = await clients.pricing.importRates({ csv, dryRun: true });
    const before = await clients.pricing.listRates({ day: '2027-01-01', market: 'Brazil' });
    await clients.pricing.importRates({ csv, dryRun: false });
    const after = await clients.pricing.listRates({ day: '2027-01-01', market: 'Brazil' });

    expect(dry.changes).toEqual([
      {
        market: 'Brazil',
        category: 'marketing',
        since: '2027-01-01',
        tierFrom: 0n,
        beforeMicros: 62_500n,
        afterMicros: 70_000n,
      },
    ]);
    const marketing = ({ rates }: typeof before) =>
      rates.find(({ category }) => category === 'marketing')?.amountMicros;
    expect([marketing(before), marketing(after)]).toEqual([62_500n, 70_000n]);
    const past = Buffer.from(csv.toString().replace('2027-01-01', '2026-10-01'));
    await expect(clients.pricing.importRates({ csv: past, dryRun: true })).rejects.toMatchObject({
      code: 'billing.past-rates',
    });
  });
});
