import { Failure } from '@switchboard/errors';
import type Stripe from 'stripe';
import { type PaymentEvent } from '../../domain/payments/purchase.js';
import { type Told } from '../../use-cases/payments/ports.js';

/** Metadata of pages and payments that names our purchase. */
export const PURCHASE_KEY = 'switchboard_purchase';

const CENT_MICROS = 10_000n;

/**
 * Reads Stripe's events that the endpoint is to be subscribed to: `payment_intent.succeeded`, `payment_intent.payment_failed`,
 * `checkout.session.expired`, `checkout.session.async_payment_failed`, `refund.created|updated|failed`,
 * `charge.dispute.created|closed`. Everything else, and payments that are not of purchases here, are none of ours.
 */
export function createReadEvent(stripe: Stripe, webhookSecret: string) {
  return async function read(body: Buffer, signature: string): Promise<Told | undefined> {
    const event = verified(body, signature);
    switch (event.type) {
      case 'payment_intent.succeeded': {
        const { metadata, amount_received: cents, currency } = event.data.object;
        const at = new Date(event.created * 1_000);
        if (currency !== 'usd') return undefined;
        return about(metadata, { kind: 'paid', total: microsOf(cents), at });
      }
      case 'payment_intent.payment_failed': {
        const { metadata, last_payment_error: error } = event.data.object;
        // On a page the payer may try another card.
        if (metadata['without_payer'] === undefined) return undefined;
        return about(metadata, { kind: 'failed', reason: error?.message ?? 'the payment failed' });
      }
      case 'checkout.session.expired':
        return about(event.data.object.metadata, { kind: 'failed', reason: 'the checkout page expired unpaid' });
      case 'checkout.session.async_payment_failed':
        return about(event.data.object.metadata, { kind: 'failed', reason: 'the payment failed' });
      case 'refund.created':
      case 'refund.updated':
      case 'refund.failed': {
        const { id, amount, status, payment_intent: payment } = event.data.object;
        const kind = kindOfRefund(status);
        return kind && ofPayment(payment, { kind, id, amount: microsOf(amount) });
      }
      case 'charge.dispute.created':
      case 'charge.dispute.closed': {
        const { id, amount, status, payment_intent: payment } = event.data.object;
        // An inquiry takes no money yet.
        if (status.startsWith('warning_')) return undefined;
        return ofPayment(payment, { kind: status === 'won' ? 'dispute-won' : 'dispute', id, amount: microsOf(amount) });
      }
      default:
        return undefined;
    }
  };

  function verified(body: Buffer, signature: string): Stripe.Event {
    try {
      return stripe.webhooks.constructEvent(body, signature, webhookSecret);
    } catch (error) {
      throw new Failure(
        'unauthenticated',
        'billing.webhook-unsigned',
        'the signature does not fit; check STRIPE_WEBHOOK_SECRET',
        {
          cause: error,
        },
      );
    }
  }

  /** Refunds and disputes name the payment alone. */
  async function ofPayment(
    payment: string | Stripe.PaymentIntent | null,
    event: PaymentEvent,
  ): Promise<Told | undefined> {
    if (payment === null) return undefined;
    const { metadata } = typeof payment === 'string' ? await stripe.paymentIntents.retrieve(payment) : payment;
    return about(metadata, event);
  }
}

function about(metadata: Stripe.Metadata | null, event: PaymentEvent): Told | undefined {
  const purchaseId = metadata?.[PURCHASE_KEY];
  return purchaseId === undefined ? undefined : { purchaseId, event };
}

function kindOfRefund(status: string | null): 'refund' | 'refund-failed' | undefined {
  switch (status) {
    case 'succeeded':
    case 'pending':
      return 'refund';
    case 'failed':
    case 'canceled':
      return 'refund-failed';
    default:
      return undefined;
  }
}

const microsOf = (cents: number): bigint => BigInt(cents) * CENT_MICROS;
