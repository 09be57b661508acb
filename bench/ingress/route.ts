import { httpServer } from '@switchboard/http';
import type { Producer } from '@switchboard/kafka';
import { createWebhookLog } from '../../services/ingress/dist/adapters/kafka/webhook-log.js';
import { createIsSigned, sha256 } from '../../services/ingress/dist/adapters/node/crypto.js';
import { createWebhookApp } from '../../services/ingress/dist/entrypoints/http/webhook.js';
import { ingressMetrics } from '../../services/ingress/dist/metrics.js';
import { createAcceptWebhook } from '../../services/ingress/dist/use-cases/accept-webhook.js';
import { Registry } from '../../services/ingress/node_modules/prom-client/index.js';
import { SECRET } from '../webhooks.ts';

/** The service's own route with its own metrics; only where the events go is given. */
export async function webhookRoute(producer: Pick<Producer, 'send'>): Promise<number> {
  const metrics = ingressMetrics(new Registry());
  const acceptWebhook = createAcceptWebhook({
    isSigned: createIsSigned([SECRET]),
    append: createWebhookLog(producer),
    hash: sha256,
    now: () => new Date(),
    observe: metrics.appended,
  });
  const app = createWebhookApp({ acceptWebhook, isVerifyToken: () => false, observe: metrics.answered });
  const server = httpServer({ port: 0, app });
  await server.start();
  return server.port();
}
