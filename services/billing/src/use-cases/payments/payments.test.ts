import fc from 'fast-check';
import { availableOf } from '../../domain/wallet/accounts.js';
import { foldWallet } from '../../domain/wallet/fold.js';
import { noWallet, type Wallet } from '../../domain/wallet/wallet.js';
import { type PaymentEvent, type Purchase, stateOf } from '../../domain/payments/purchase.js';
import { type AskWallet } from '../looked-up.js';
import { createBuyCredits } from './buy-credits.js';
import { createHearPayment } from './hear-payment.js';
import { type Payments, type Purchases } from './ports.js';
import { createRecharge } from './recharge.js';

const now = () => new Date('2026-11-26T12:00:00Z');
const noLookup = { upTo: 0, holds: new Map(), entries: new Set<string>() };

/** A wallet and purchases in memory; the wallet is the real fold. */
function world(settings: Partial<Wallet> = {}) {
  const base = { at: now(), by: 'test', projected: 0 };
  const created = { kind: 'create', organisation: 'org', name: 'Main', wallet: 'standalone', services: [] } as const;
  let wallet: Wallet = { ...foldWallet(noWallet(), { ...created, ...base }).wallet, ...settings };
  const askWallet = ((_id, _references, input) => {
    const folded = foldWallet(wallet, input({ lookup: noLookup, projected: 0 }));
    wallet = folded.wallet;
    return Promise.resolve(folded.result);
  }) as AskWallet;
  const kept = new Map<string, Purchase>();
  const purchases: Purchases = {
    insertOnce: (purchase) => {
      if (!kept.has(purchase.id)) kept.set(purchase.id, purchase);
      return Promise.resolve(kept.get(purchase.id) ?? purchase);
    },
    find: (id) => Promise.resolve(kept.get(id)),
    list: () => Promise.resolve([...kept.values()]),
    update: (id, change) => {
      const found = kept.get(id);
      if (found) kept.set(id, change(found));
      return Promise.resolve(kept.get(id));
    },
    countSince: (_wallet, by) =>
      Promise.resolve([...kept.values()].filter((each) => each.createdBy === by && each.failure === null).length),
  };
  const calls: string[] = [];
  let answer: PaymentEvent | undefined;
  const payments: Payments = {
    openCheckout: ({ id }) => {
      calls.push(id);
      return Promise.resolve({ reference: `cs_${id}`, url: `https://pay.example/${id}` });
    },
    charge: ({ id }) => {
      calls.push(id);
      return Promise.resolve(answer);
    },
    read: () => Promise.resolve(undefined),
  };
  const wallets = { read: () => Promise.resolve({ aggregateId: 'w', revision: 1, state: wallet } as never) };
  const hearPayment = createHearPayment({ purchases, askWallet, now });
  return {
    kept,
    calls,
    buyCredits: createBuyCredits({ wallets, purchases, payments, hash: (text) => text.replace('\n', '-'), now }),
    buyNothing: createBuyCredits({ wallets, purchases, payments: undefined, hash: (text) => text, now }),
    hearPayment,
    recharge: createRecharge({ wallets, purchases, payments, hearPayment, now }),
    answers: (event: PaymentEvent | undefined) => {
      answer = event;
    },
    wallet: () => wallet,
  };
}

const urls = { success: 'https://shop.example/ok', cancel: 'https://shop.example/back' };
const asked = { walletId: 'w', credits: 10, idempotencyKey: 'k', urls };
const total = 20_600_000n;
const paid: PaymentEvent = { kind: 'paid', total, at: now() };

describe('BL-7 buying credits', () => {
  it('opens one page for one key', async () => {
    const { buyCredits, calls } = world();
    const first = await buyCredits(undefined, 'me', asked);
    expect(await buyCredits(undefined, 'me', asked)).toEqual(first);
    expect([first.checkoutUrl, first.fee, calls.length]).toEqual([`https://pay.example/${first.id}`, 600_000n, 1]);
    await expect(buyCredits(undefined, 'me', { ...asked, credits: 11 })).rejects.toMatchObject({
      code: 'billing.key-reused',
    });
  });

  it('opens the page that could not be opened before', async () => {
    const { buyCredits, kept } = world();
    const { id } = await buyCredits(undefined, 'me', asked);
    const known = kept.get(id);
    if (known) kept.set(id, { ...known, checkoutUrl: '', reference: '' });
    expect((await buyCredits(undefined, 'me', asked)).checkoutUrl).toBe(`https://pay.example/${id}`);
  });

  it('is refused without a provider, with what to do, and for the wallet of somebody else', async () => {
    const { buyNothing, buyCredits } = world();
    await expect(buyNothing(undefined, 'me', asked)).rejects.toMatchObject({ code: 'billing.no-provider' });
    await expect(buyCredits('another', 'me', asked)).rejects.toMatchObject({ code: 'billing.wallet-not-found' });
  });

  it('adds the credits once, and what is told in any order and repetition ends the same', async () => {
    const told: PaymentEvent[] = [
      paid,
      { kind: 'failed', reason: 'expired' },
      { kind: 'refund', id: 're_1', amount: 2_060_000n },
      { kind: 'refund', id: 're_2', amount: 4_120_000n },
      { kind: 'refund-failed', id: 're_2', amount: 4_120_000n },
      { kind: 'dispute', id: 'du_1', amount: 10_300_000n },
      { kind: 'dispute-won', id: 'du_1', amount: 10_300_000n },
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...told, ...told], { minLength: 14 }), async (events) => {
        const { buyCredits, hearPayment, wallet, kept } = world();
        const { id } = await buyCredits(undefined, 'me', asked);
        for (const event of events) await hearPayment(id, event, 'stripe');
        // 10 credits less the one that was paid back; of the fee 0.06 USD went back with it.
        expect(availableOf(wallet().balances)).toBe(18_000_000n);
        const { gave, got } = wallet().balances.fees;
        expect(got - gave).toBe(540_000n);
        const purchase = kept.get(id);
        expect(purchase && stateOf(purchase)).toBe('refunded');
      }),
      { numRuns: 60 },
    );
  });

  it('flags credits that are taken back after they were spent', async () => {
    const { buyCredits, hearPayment, wallet } = world();
    const { id } = await buyCredits(undefined, 'me', asked);
    await hearPayment(id, { kind: 'dispute', id: 'du_1', amount: total }, 'stripe');
    expect(availableOf(wallet().balances)).toBe(-20_000_000n);
    expect(wallet().tail.map(({ flags }) => flags)).toContainEqual(['reversed']);
  });

  it('does not add credits for another sum than was asked for', async () => {
    const { buyCredits, hearPayment, wallet } = world();
    const { id } = await buyCredits(undefined, 'me', asked);
    const less: PaymentEvent = { kind: 'paid', total: total - 10_000n, at: now() };
    await expect(hearPayment(id, less, 'stripe')).rejects.toMatchObject({ code: 'billing.payment-differs' });
    expect(availableOf(wallet().balances)).toBe(0n);
  });
});

describe('BL-9 a wallet that buys by itself', () => {
  const recharge = { below: 1_000_000n, credits: 10, providerCustomer: 'cus_1', maxPerMonth: 2 };

  it('says so once, until the balance has risen again', () => {
    const { wallet } = world({ recharge });
    const asked = { at: now(), by: 'test', projected: 0, lookup: noLookup };
    const credit = (id: string, amount: bigint) =>
      ({ kind: 'credit', cause: 'grant', id, purchase: id, amount, fee: 0n, memo: '', ...asked }) as const;
    const low = foldWallet(wallet(), credit('a', 1n));
    expect(low.events.map(({ kind }) => kind)).toContain('recharge-due');
    const still = foldWallet(low.wallet, credit('b', 1n));
    expect(still.events.map(({ kind }) => kind)).not.toContain('recharge-due');
    const risen = foldWallet(still.wallet, credit('c', 5_000_000n));
    expect(risen.wallet.told.recharge).toBe(false);
  });

  it('buys once for one event, and at most so often in a month', async () => {
    const { recharge: run, answers, wallet, calls } = world({ recharge });
    answers(paid);
    expect((await run('w', 'w:1')).outcome).toBe('bought');
    expect((await run('w', 'w:1')).outcome).toBe('bought');
    expect((await run('w', 'w:2')).outcome).toBe('bought');
    expect((await run('w', 'w:3')).outcome).toBe('limit-reached');
    expect([calls.length, availableOf(wallet().balances)]).toEqual([2, 40_000_000n]);
  });

  it('says what the provider refused, and that does not count', async () => {
    const { recharge: run, answers } = world({ recharge: { ...recharge, maxPerMonth: 1 } });
    answers({ kind: 'failed', reason: 'Your card was declined.' });
    expect(await run('w', 'w:1')).toMatchObject({
      outcome: 'failed',
      purchase: { failure: 'Your card was declined.' },
    });
    answers(paid);
    expect((await run('w', 'w:2')).outcome).toBe('bought');
  });

  it('waits for the provider where the payment takes its time; a wallet without the wish buys nothing', async () => {
    const { recharge: run, wallet } = world({ recharge });
    expect((await run('w', 'w:1')).outcome).toBe('bought');
    expect(availableOf(wallet().balances)).toBe(0n);
    expect((await world().recharge('w', 'w:1')).outcome).toBe('not-wanted');
  });
});
