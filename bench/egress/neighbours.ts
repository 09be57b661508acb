import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { CustomerServiceService, type ResolveBatchRequest } from '@switchboard/contracts/routing/v1/customer_service';
import { grpcServer, localTokens, type ServedService, unary } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';

/** A Meta that takes every message, or the one that is given; an account with a token, and a routing that knows everybody. */
export async function startNeighbours(
  answer: Answer = taken(),
): Promise<{ meta: string; services: string; stop: () => Promise<void> }> {
  const meta = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      answer(request.url ?? '', Buffer.concat(parts).toString(), (status, body) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  });
  meta.listen(0, '127.0.0.1');
  await once(meta, 'listening');

  const token = unary(() => Promise.resolve({ metaToken: 'token', version: 1n }));
  const resolve = unary(({ phoneNumberId, recipients }: ResolveBatchRequest) =>
    Promise.resolve({
      recipients: recipients.map(({ phone }) => ({
        customerId: `c-${phone}`,
        threadId: `${phoneNumberId}.1.c-${phone}`,
        address: { phone },
        lastInbound: { whatsappMessageId: 'wamid.in', sentAt: new Date(), freeEntryUntil: undefined },
        openChatId: '',
      })),
    }),
  );
  const services = grpcServer({
    port: 0,
    services: [
      served(AccountServiceService, token, 'account.tokens:read'),
      served(CustomerServiceService, resolve, 'routing.customers:write'),
    ],
    verify: localTokens(jwtSecret),
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet } as never,
    drainMs: 500,
  });
  await services.start();
  return {
    meta: `http://127.0.0.1:${(meta.address() as AddressInfo).port}`,
    services: `127.0.0.1:${services.port()}`,
    async stop() {
      await services.stop();
      meta.closeAllConnections();
      meta.close();
    },
  };
}

/** What Meta says to a call. */
export type Answer = (url: string, body: string, say: (status: number, body: object) => void) => void;

export const wamid = (count: number): object => ({ messages: [{ id: `wamid.BENCH${count}` }], contacts: [{}] });

function taken(): Answer {
  let count = 0;
  return (_url, _body, say) => {
    say(200, wamid((count += 1)));
  };
}

/** All calls of a service are answered in one way. */
const served = (definition: ServedService['definition'], call: unknown, scope: string): ServedService => {
  const names = Object.keys(definition);
  return {
    definition,
    implementation: Object.fromEntries(names.map((name) => [name, call])) as ServedService['implementation'],
    scopes: Object.fromEntries(names.map((name) => [name, scope])),
  };
};

function quiet(): void {
  // Nobody reads it.
}
