import { whatsappChanges, whatsappMessages, whatsappQuarantine, whatsappStatuses } from '@switchboard/contracts/topics';
import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import { failureHandler, httpServer } from '@switchboard/http';
import { connectKafka, createLookback, createProducer, topicsPart } from '@switchboard/kafka';
import { type Component, part, type Platform } from '@switchboard/service-kit';
import { createQuarantine } from './adapters/kafka/quarantine.js';
import { createWebhookLog } from './adapters/kafka/webhook-log.js';
import { createIsSigned, isSameSecret, sha256 } from './adapters/node/crypto.js';
import type { Config } from './config.js';
import { ingressServer } from './entrypoints/grpc/ingress-server.js';
import { createWebhookApp } from './entrypoints/http/webhook.js';
import { ingressMetrics } from './metrics.js';
import { createAcceptWebhook } from './use-cases/accept-webhook.js';
import { createQuarantineUseCases } from './use-cases/quarantine.js';

const topics = [whatsappMessages, whatsappStatuses, whatsappChanges, whatsappQuarantine];

/** The parts of ingress, in the order they start. */
export function ingressService(config: Config, platform: Platform): Component[] {
  const { logger, metrics: registry, now } = platform;
  const metrics = ingressMetrics(registry);
  const kafka = connectKafka({ ...config.kafka, clientId: 'ingress', logger, metrics: registry });
  const producer = createProducer(kafka, { name: 'webhooks', recordBytes: whatsappMessages.largestRecordBytes ?? 0 });
  const lookback = createLookback(kafka, whatsappQuarantine.name);

  const append = createWebhookLog(producer);
  const acceptWebhook = createAcceptWebhook({
    isSigned: createIsSigned(config.meta.appSecrets),
    append,
    hash: sha256,
    now,
    observe: metrics.appended,
  });
  const quarantine = createQuarantineUseCases({
    quarantine: createQuarantine(lookback),
    append,
    hash: sha256,
    observe: metrics.appended,
  });

  const app = createWebhookApp({
    acceptWebhook,
    isVerifyToken: (token) => isSameSecret(token, config.meta.verifyToken),
    observe: metrics.answered,
  });
  app.use(failureHandler(logger));

  return [
    topicsPart(kafka, topics, config.kafka.layout),
    producer,
    part('lookback', { stop: lookback.close }),
    grpcServer({
      port: config.grpc.port,
      services: [ingressServer(quarantine)],
      verify: localTokens(config.grpc.jwtSecret),
      logger,
      metrics: grpcMetrics(registry),
    }),
    httpServer({ port: config.http.port, app }),
  ];
}
