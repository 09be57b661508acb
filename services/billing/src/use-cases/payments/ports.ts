import { type PaymentEvent, type Purchase } from '../../domain/payments/purchase.js';

/** Where credits are paid: Stripe, or what else is put behind this. */
export interface Payments {
  /** Opens a page where the purchase is paid. The same purchase has the same page as long as it is open. */
  readonly openCheckout: (purchase: Purchase, urls: CheckoutUrls) => Promise<Checkout>;
  /**
   * Takes the sum from the payer's saved means of payment. Once per purchase, however often it is asked. What the provider
   * refuses is an event; that nobody answers is a `Failure`.
   */
  readonly charge: (purchase: Purchase, customer: string) => Promise<PaymentEvent | undefined>;
  /**
   * What a signed webhook says; undefined when it is nothing of ours. Throws a `Failure`: `unauthenticated` when it is not
   * signed, `unavailable` when the provider cannot be asked whose it is.
   */
  readonly read: (body: Buffer, signature: string) => Promise<Told | undefined>;
}

export interface CheckoutUrls {
  readonly success: string;
  readonly cancel: string;
}

export interface Checkout {
  /** The provider's id. */
  readonly reference: string;
  readonly url: string;
}

export interface Told {
  readonly purchaseId: string;
  readonly event: PaymentEvent;
}

/** Purchases and grants. */
export interface Purchases {
  /** The one that is there, or this one. */
  readonly insertOnce: (purchase: Purchase) => Promise<Purchase>;
  readonly find: (id: string) => Promise<Purchase | undefined>;
  /** Of a wallet, newest first, behind one. */
  readonly list: (walletId: string, after: string, limit: number) => Promise<readonly Purchase[]>;
  /** Writes what `change` makes of it, anew when somebody else was faster. Undefined when there is none. */
  readonly update: (id: string, change: (purchase: Purchase) => Purchase) => Promise<Purchase | undefined>;
  /** How many of a wallet were begun by `by` since, and did not fail. */
  readonly countSince: (walletId: string, by: string, since: Date) => Promise<number>;
}

/** Sends notices. */
export interface Mailer {
  /** `id` makes the message's own id, so that a repeated one is known as such. Throws a `Failure` when nobody takes it. */
  readonly send: (mail: Mail) => Promise<void>;
}

export interface Mail {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}
