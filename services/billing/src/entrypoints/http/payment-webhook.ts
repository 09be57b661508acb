import { Failure } from '@switchboard/errors';
import { createApp, readBody } from '@switchboard/http';
import type { Express, Request, Response } from 'express';
import { type HearPayment } from '../../use-cases/payments/hear-payment.js';
import { type Payments } from '../../use-cases/payments/ports.js';

const LARGEST_BODY = 1024 * 1024;

/**
 * `POST /payments/stripe`: what the provider tells, signed. 200 when it is done, or none of ours; anything else is repeated by
 * the provider, for days.
 */
export function createPaymentApp({ read }: Pick<Payments, 'read'>, hearPayment: HearPayment): Express {
  const app = createApp();
  app.post('/payments/stripe', async (request: Request, response: Response) => {
    const body = await readBody(request, LARGEST_BODY);
    if (body.kind !== 'read') {
      response.status(413).end();
      return;
    }
    const signature = request.headers['stripe-signature'];
    if (typeof signature !== 'string') {
      throw new Failure('unauthenticated', 'billing.webhook-unsigned', 'there is no header Stripe-Signature');
    }
    const told = await read(body.bytes, signature);
    if (told) await hearPayment(told.purchaseId, told.event, 'stripe');
    response.status(200).end();
  });
  return app;
}
