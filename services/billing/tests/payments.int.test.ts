import { PurchaseState, WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { eventually } from '@switchboard/testing';
import { type BillingProcess, startInstallation } from './support/installation.js';
import { startMailbox } from './support/mailbox.js';
import { startStripeDouble } from './support/stripe-double.js';

/** Buying, on real MongoDB and Kafka, with the official SDK against a double of Stripe, and a real mail server. */

jest.setTimeout(180_000);

const CREDIT = 2_000_000n;
const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/back' };

let stripe: Awaited<ReturnType<typeof startStripeDouble>>;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let current: BillingProcess;
let wallets = 0;

beforeAll(async () => {
  stripe = await startStripeDouble();
  mailbox = await startMailbox();
  installation = await startInstallation('payments', { ...stripe.env, ...mailbox.env });
  current = await installation.startProcess();
});

afterAll(async () => {
  await installation.stop();
  await mailbox.stop();
  stripe.stop();
});

async function newWallet() {
  const { billing } = await current.as('admin');
  const walletId = `w-${Date.now()}-${(wallets += 1)}`;
  const about = { walletId, organisationId: 'org', name: `Shop ${wallets}`, services: [] };
  await billing.createWallet({ ...about, kind: WalletKind.WALLET_KIND_STANDALONE });
  const available = async () => (await billing.getWallet({ walletId })).wallet?.availableMicros;
  return { billing, walletId, name: about.name, available };
}

describe('BL-7 a purchase by checkout', () => {
  it('adds the credits once when it is paid, through a crash, repetitions, a refund and a dispute', async () => {
    const { billing, walletId, available } = await newWallet();
    const asked = { walletId, credits: 10, idempotencyKey: 'k', ...urls };
    const { purchase } = await billing.buyCredits(asked);
    expect(purchase).toMatchObject({ state: PurchaseState.PURCHASE_STATE_OPEN, quote: { totalMicros: 20_600_000n } });
    expect((await billing.buyCredits(asked)).purchase).toEqual(purchase);
    expect(await available()).toBe(0n);

    const payment = stripe.payPage(purchase?.providerReference ?? '');
    const { id: payment_intent } = payment;
    expect(await stripe.tell(current.http, 'payment_intent.succeeded', payment, 'whsec_other')).toBe(401);
    expect(await available()).toBe(0n);
    // The refund overtakes the payment.
    const refund = { id: 're_1', amount: 206, status: 'succeeded', payment_intent };
    expect(await stripe.tell(current.http, 'refund.created', refund)).toBe(200);
    for (let times = 0; times < 2; times += 1) {
      expect(await stripe.tell(current.http, 'payment_intent.succeeded', payment)).toBe(200);
    }
    expect(await available()).toBe(9n * CREDIT);

    await current.kill();
    current = await installation.startProcess();
    const again = await current.as('admin');
    const left = async () => (await again.billing.getWallet({ walletId })).wallet?.availableMicros;
    expect(await stripe.tell(current.http, 'payment_intent.succeeded', payment)).toBe(200);
    expect(await stripe.tell(current.http, 'refund.updated', refund)).toBe(200);
    expect(await left()).toBe(9n * CREDIT);

    const dispute = { id: 'du_1', amount: 1_854, payment_intent };
    expect(await stripe.tell(current.http, 'charge.dispute.created', { ...dispute, status: 'needs_response' })).toBe(
      200,
    );
    expect(await left()).toBe(0n);
    const { purchaseId = '' } = purchase ?? {};
    const disputed = await again.billing.getPurchase({ purchaseId });
    expect(disputed.purchase?.state).toBe(PurchaseState.PURCHASE_STATE_DISPUTED);
    expect(await stripe.tell(current.http, 'charge.dispute.closed', { ...dispute, status: 'won' })).toBe(200);
    expect(await left()).toBe(9n * CREDIT);
    expect((await again.billing.getPurchase({ purchaseId })).purchase).toMatchObject({
      state: PurchaseState.PURCHASE_STATE_REFUNDED,
      reversedMicros: 2_060_000n,
    });
    expect(await again.billing.prove({ walletId })).toMatchObject({ holds: true, faults: [] });
  });

  it('knows which payments are none of ours, and answers what is not known yet so that it is repeated', async () => {
    const { available } = await newWallet();
    const foreign = { id: 'pi_x', amount_received: 100, currency: 'usd', metadata: {} };
    expect(await stripe.tell(current.http, 'payment_intent.succeeded', foreign)).toBe(200);
    const unknown = { ...foreign, metadata: { switchboard_purchase: 'buy-nobody' } };
    expect(await stripe.tell(current.http, 'payment_intent.succeeded', unknown)).toBe(404);
    expect(await stripe.tell(current.http, 'customer.created', { id: 'cus_9' })).toBe(200);
    expect(await available()).toBe(0n);
  });

  it('names every field that is wrong', async () => {
    const { billing, walletId } = await newWallet();
    const wrong = { walletId, credits: 0, idempotencyKey: '', successUrl: 'nowhere', cancelUrl: '' };
    await expect(billing.buyCredits(wrong)).rejects.toMatchObject({
      violations: [
        { field: 'credits' },
        { field: 'idempotency_key' },
        { field: 'success_url' },
        { field: 'cancel_url' },
      ],
    });
  });
});

describe('BL-9 a wallet that is low', () => {
  async function lowWallet(customer: string) {
    const wallet = await newWallet();
    const { billing, walletId, name } = wallet;
    await billing.grantCredits({ walletId, credits: 5, reason: 'test', idempotencyKey: 'k' });
    const settings = { lowMarkMicros: 4n * CREDIT, noticeEmails: ['money@example.com'], budgets: [], services: [] };
    const recharge = { belowMicros: 2n * CREDIT, credits: 20, providerCustomerId: customer, maxPerMonth: 1 };
    await billing.updateWallet({ walletId, expectedVersion: 0n, name, ...settings, recharge });
    const spend = async (holdId: string, credits: bigint) => {
      const holds = [{ holdId, amountMicros: credits * CREDIT, message: undefined, memo: '', recipient: undefined }];
      const egress = (await current.as('egress')).billing;
      await egress.holdBatch({ walletId, holds });
    };
    const got = (subject: string) =>
      eventually(
        () => {
          const found = mailbox.mails.filter((mail) => mail.includes(`Subject: ${subject}`) && mail.includes(walletId));
          if (found.length === 0) throw new Error(`no mail ${subject}`);
          return Promise.resolve(found);
        },
        // A group takes partitions over from a member that was killed.
        { timeoutMs: 60_000 },
      );
    return { ...wallet, spend, got };
  }

  it('tells people by e-mail, and buys by itself once', async () => {
    stripe.addCustomer('cus_good', 'good');
    const { spend, got, available, name, billing, walletId } = await lowWallet('cus_good');
    await spend('one', 2n);
    expect(await got(`Credits of ${name} are running low`)).toHaveLength(1);
    await spend('two', 2n);
    await eventually(async () => {
      expect(await available()).toBe(21n * CREDIT);
    });
    const { purchases } = await billing.listPurchases({ walletId, pageSize: 0, pageToken: '' });
    expect(purchases.map(({ createdBy, state }) => [createdBy, state])).toContainEqual([
      'recharge',
      PurchaseState.PURCHASE_STATE_PAID,
    ]);
    // What Stripe tells of it later moves nothing.
    const [payment] = [...stripe.payments.values()].slice(-1);
    expect(await stripe.tell(current.http, 'payment_intent.succeeded', payment ?? {})).toBe(200);
    expect(await available()).toBe(21n * CREDIT);
  });

  it('tells people that the card was declined', async () => {
    stripe.addCustomer('cus_bad', 'declined');
    const { spend, got, available, name } = await lowWallet('cus_bad');
    await spend('one', 4n);
    const [mail] = await got(`Credits of ${name} could not be bought`);
    expect(mail).toContain('Your card was declined.');
    expect(await available()).toBe(CREDIT);
  });
});
