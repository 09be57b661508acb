import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Producer } from '@switchboard/kafka';
import { isSigned, recordsOf } from './events.ts';

/** `node:http` without anything else: reads, verifies, splits, encodes, sends, answers. */
export async function bareRoute(producer: Pick<Producer, 'send'>): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const end = (status: number): void => {
      response.statusCode = status;
      response.end();
    };
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (!isSigned(bytes, request.headers['x-hub-signature-256'])) {
        end(401);
        return;
      }
      const records = recordsOf(bytes, JSON.parse(bytes.toString()));
      producer.send(records).then(
        () => {
          end(200);
        },
        () => {
          end(503);
        },
      );
    });
  });
  server.listen(0, '::');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
