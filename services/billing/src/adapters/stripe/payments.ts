import { Failure } from '@switchboard/errors';
import Stripe from 'stripe';
import { type Micros } from '../../domain/money.js';
import { type PaymentEvent, type Purchase } from '../../domain/payments/purchase.js';
import { type Payments } from '../../use-cases/payments/ports.js';
import { createReadEvent, PURCHASE_KEY } from './events.js';

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Where Stripe's API is; undefined = Stripe's. */
  readonly url: string | undefined;
}

const TIMEOUT_MS = 15_000;
const CENT_MICROS = 10_000n;

/**
 * Stripe: hosted Checkout, payments without the payer, signed webhooks. Calls are repeated with the purchase as idempotency
 * key, so that one whose answer was lost has no second effect. Source: Stripe's API reference, Checkout and PaymentIntents.
 */
export function createStripePayments({ secretKey, webhookSecret, url }: StripeSettings): Payments {
  const stripe = new Stripe(secretKey, {
    ...(url !== undefined && addressOf(new URL(url))),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 2,
    telemetry: false,
  });
  const read = createReadEvent(stripe, webhookSecret);

  /** The customer's default for invoices, else the one saved last. */
  async function methodOf(customer: string): Promise<string | undefined> {
    const found = await stripe.customers.retrieve(customer);
    if (found.deleted) return undefined;
    const preferred = found.invoice_settings.default_payment_method;
    if (preferred) return typeof preferred === 'string' ? preferred : preferred.id;
    const { data } = await stripe.customers.listPaymentMethods(customer, { limit: 1 });
    return data[0]?.id;
  }

  const pay = ({ id, amount, fee }: Purchase, customer: string, method: string): Promise<Stripe.PaymentIntent> =>
    stripe.paymentIntents.create(
      {
        amount: centsOf(amount + fee),
        currency: 'usd',
        customer,
        payment_method: method,
        off_session: true,
        confirm: true,
        metadata: { [PURCHASE_KEY]: id, without_payer: 'true' },
      },
      { idempotencyKey: id },
    );

  return {
    read: (body, signature) => asFailure(() => read(body, signature)),

    openCheckout: (purchase, urls) =>
      asFailure(async () => {
        const { credits, amount, fee, id } = purchase;
        const metadata = { [PURCHASE_KEY]: id };
        const session = await stripe.checkout.sessions.create(
          {
            mode: 'payment',
            line_items: [line(`${credits} credits`, amount), line('Fee', fee)],
            client_reference_id: id,
            metadata,
            payment_intent_data: { metadata },
            success_url: urls.success,
            cancel_url: urls.cancel,
          },
          { idempotencyKey: id },
        );
        if (!session.url) throw new Error('a checkout page has no address');
        return { reference: session.id, url: session.url };
      }),

    charge: (purchase, customer) =>
      asFailure(async (): Promise<PaymentEvent | undefined> => {
        try {
          const method = await methodOf(customer);
          if (method === undefined) return failed('the customer has no saved means of payment');
          return told(await pay(purchase, customer, method));
        } catch (error) {
          if (error instanceof Stripe.errors.StripeCardError) return failed(error.message);
          if (error instanceof Stripe.errors.StripeInvalidRequestError) return failed(error.message);
          throw error;
        }
      }),
  };
}

function told({ status, amount_received: cents, created }: Stripe.PaymentIntent): PaymentEvent | undefined {
  if (status === 'succeeded') {
    return { kind: 'paid', total: BigInt(cents) * CENT_MICROS, at: new Date(created * 1_000) };
  }
  return status === 'processing' ? undefined : failed('the bank wants the payer to confirm the payment');
}

const failed = (reason: string): PaymentEvent => ({ kind: 'failed', reason });

const centsOf = (micros: Micros): number => Number(micros / CENT_MICROS);

const line = (name: string, sum: Micros) => ({
  quantity: 1,
  price_data: { currency: 'usd', unit_amount: centsOf(sum), product_data: { name } },
});

const addressOf = ({ protocol, hostname, port }: URL) => ({
  protocol: protocol === 'http:' ? ('http' as const) : ('https' as const),
  host: hostname,
  ...(port !== '' && { port }),
});

async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      throw new Failure('invalid', 'billing.provider-refused', `Stripe refused: ${error.message}`, { cause: error });
    }
    throw new Failure('unavailable', 'billing.provider-away', `Stripe cannot be asked now: ${error.message}`, {
      cause: error,
      retryAfterMs: 5_000,
    });
  }
}
