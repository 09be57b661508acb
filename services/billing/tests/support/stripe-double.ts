import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import Stripe from 'stripe';

interface Payment {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly amount_received: number;
  readonly currency: 'usd';
  readonly status: 'succeeded';
  readonly created: number;
  readonly metadata: Record<string, string>;
}

const WEBHOOK_SECRET = 'whsec_test';

/**
 * Stripe's API as far as buying goes, in the shapes of its reference, with its idempotency keys, its declined card and its
 * signatures; the official SDK speaks to it. It is no copy of Stripe: what a page shows, and money, are not in it.
 */
export async function startStripeDouble() {
  const sessions = new Map<string, { id: string; url: string; amount: number; metadata: Record<string, string> }>();
  const payments = new Map<string, Payment>();
  const answered = new Map<string, object>();
  const customers = new Map<string, 'good' | 'declined' | 'none'>();
  let id = 0;
  const next = (kind: string): string => `${kind}_${(id += 1)}`;

  function pay(amount: number, metadata: Record<string, string>): Payment {
    const paid = { amount, amount_received: amount, metadata, currency: 'usd', status: 'succeeded' } as const;
    const payment: Payment = { id: next('pi'), object: 'payment_intent', created: now(), ...paid };
    payments.set(payment.id, payment);
    return payment;
  }

  function answer(method: string, path: string, form: URLSearchParams): [status: number, body: object] {
    const metadata = (under: string) =>
      Object.fromEntries(
        [...form].flatMap(([key, value]) => {
          const name = key.startsWith(`${under}[`) ? key.slice(under.length + 1, -1) : undefined;
          return name === undefined ? [] : [[name, value]];
        }),
      );
    if (method === 'POST' && path === '/v1/checkout/sessions') {
      const amount = [0, 1].reduce(
        (sum, at) => sum + Number(form.get(`line_items[${at}][price_data][unit_amount]`)),
        0,
      );
      const session = { id: next('cs'), url: `https://checkout.example/${randomUUID()}`, amount };
      sessions.set(session.id, { ...session, metadata: metadata('payment_intent_data[metadata]') });
      return [200, { object: 'checkout.session', ...session }];
    }
    if (method === 'POST' && path === '/v1/payment_intents') {
      if (customers.get(form.get('customer') ?? '') === 'declined') {
        return [402, { error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } }];
      }
      return [200, pay(Number(form.get('amount')), metadata('metadata'))];
    }
    const [, kind = '', key = '', rest] =
      /^\/v1\/(payment_intents|customers)\/([^/]+)(\/payment_methods)?$/.exec(path) ?? [];
    const payment = payments.get(key);
    if (kind === 'payment_intents' && payment) return [200, payment];
    const customer = customers.get(key);
    if (kind === 'customers' && customer) {
      const data = customer === 'none' ? [] : [{ id: 'pm_1', object: 'payment_method' }];
      if (rest) return [200, { object: 'list', data, has_more: false }];
      return [200, { id: key, object: 'customer', invoice_settings: { default_payment_method: null } }];
    }
    return [404, { error: { type: 'invalid_request_error', message: `No such object: ${key}` } }];
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const key = request.headers['idempotency-key'];
      const before = typeof key === 'string' ? answered.get(key) : undefined;
      const { pathname } = new URL(request.url ?? '', 'http://stripe');
      const [status, said] = before ? [200, before] : answer(request.method ?? '', pathname, new URLSearchParams(body));
      if (typeof key === 'string' && status === 200) answered.set(key, said);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    env: { STRIPE_SECRET_KEY: 'sk_test', STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, STRIPE_URL: url },
    sessions,
    payments,
    addCustomer: (customer: string, card: 'good' | 'declined' | 'none') => customers.set(customer, card),
    /** The payer pays on the page. */
    payPage(reference: string): Payment {
      const session = sessions.get(reference);
      if (!session) throw new Error(`no page ${reference}`);
      return pay(session.amount, session.metadata);
    },
    /** Tells an event, signed, and answers with the status that was answered. */
    async tell(to: string, type: string, object: object, secret = WEBHOOK_SECRET): Promise<number> {
      const payload = JSON.stringify({ id: next('evt'), object: 'event', type, created: now(), data: { object } });
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
      const headers = { 'stripe-signature': signature, 'content-type': 'application/json' };
      return (await fetch(`${to}/payments/stripe`, { method: 'POST', headers, body: payload })).status;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const now = (): number => Math.floor(Date.now() / 1_000);

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
