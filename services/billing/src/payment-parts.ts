import { failureHandler, httpServer } from '@switchboard/http';
import { type Component, part, type Platform } from '@switchboard/service-kit';
import { sha256 } from './adapters/node/machine.js';
import { createMailer } from './adapters/smtp/mailer.js';
import { createStripePayments } from './adapters/stripe/payments.js';
import { type Config } from './config.js';
import { createPaymentApp } from './entrypoints/http/payment-webhook.js';
import { onWalletEvent } from './entrypoints/kafka/wallet-events.js';
import { type AskWallet } from './use-cases/looked-up.js';
import { createBuyCredits } from './use-cases/payments/buy-credits.js';
import { createHearPayment } from './use-cases/payments/hear-payment.js';
import { type Purchases } from './use-cases/payments/ports.js';
import { createRecharge } from './use-cases/payments/recharge.js';
import { createSendNotice } from './use-cases/payments/send-notices.js';
import { type Wallets } from './use-cases/ports.js';

/** Buying credits and telling people of them; where the installation has no provider, or no mail, that part does nothing. */
export function paymentParts(
  { stripe, mail, http }: Config,
  deps: {
    readonly purchases: Purchases;
    readonly wallets: Pick<Wallets, 'read'>;
    readonly askWallet: AskWallet;
    readonly platform: Pick<Platform, 'logger' | 'now'>;
  },
) {
  const { purchases, wallets, askWallet } = deps;
  const { logger, now } = deps.platform;
  const payments = stripe && createStripePayments(stripe);
  const mailer = mail && createMailer(mail);
  const hearPayment = createHearPayment({ purchases, askWallet, now });
  const recharge = createRecharge({ wallets, purchases, payments, hearPayment, now });
  const parts: Component[] = [part('mail', { stop: () => mailer?.close() })];
  if (payments) {
    const app = createPaymentApp(payments, hearPayment);
    app.use(failureHandler(logger));
    parts.push(httpServer({ port: http.port, app }));
  }
  return {
    buyCredits: createBuyCredits({ wallets, purchases, payments, hash: sha256, now }),
    handler: onWalletEvent(createSendNotice({ wallets, mailer }), recharge),
    parts,
  };
}
