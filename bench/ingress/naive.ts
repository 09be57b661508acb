import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whatsappMessages } from '@switchboard/contracts/topics';
import express, { type Request, type Response } from 'express';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { isSigned, recordsOf } from './events.ts';

/** As it is written first: `express.json`, and one `producer.send` for each request. */
export async function naiveRoute(brokers: string[]): Promise<number> {
  const kafka = new Kafka({ brokers, clientId: 'bench-naive', logLevel: logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const bodies = new WeakMap<IncomingMessage, Buffer>();
  const app = express();
  app.use(express.json({ limit: '3mb', verify: (request, _response, bytes) => void bodies.set(request, bytes) }));
  app.post('/webhook', async (request: Request, response: Response) => {
    const bytes = bodies.get(request);
    if (!bytes || !isSigned(bytes, request.headers['x-hub-signature-256'])) {
      response.sendStatus(401);
      return;
    }
    const messages = recordsOf(bytes, request.body).map(({ key, value, headers }) => ({
      key,
      value: value && Buffer.from(value),
      headers: { ...headers },
    }));
    await producer.send({ topic: whatsappMessages.name, acks: -1, messages });
    response.sendStatus(200);
  });
  const server = app.listen(0, '::');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
