import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { grpcServer, localTokens, unary } from '@switchboard/grpc';

export const SECRET = 'a-secret-of-thirty-two-characters-or-more';

/** A Meta that takes every message and an account that has a token for every number. */
export async function startNeighbours(): Promise<{ meta: string; account: string; stop: () => Promise<void> }> {
  let taken = 0;
  const meta = createServer((request, response) => {
    request.resume().on('end', () => {
      response.end(JSON.stringify({ messages: [{ id: `wamid.BENCH${(taken += 1)}` }], contacts: [{}] }));
    });
  });
  meta.listen(0, '127.0.0.1');
  await once(meta, 'listening');

  const names = Object.keys(AccountServiceService);
  const token = unary(() => Promise.resolve({ metaToken: 'token', version: 1n }));
  const account = grpcServer({
    port: 0,
    services: [
      {
        definition: AccountServiceService,
        implementation: Object.fromEntries(names.map((name) => [name, token])),
        scopes: Object.fromEntries(names.map((name) => [name, 'account.tokens:read'])),
      },
    ],
    verify: localTokens(SECRET),
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet } as never,
    drainMs: 500,
  });
  await account.start();
  return {
    meta: `http://127.0.0.1:${(meta.address() as AddressInfo).port}`,
    account: `127.0.0.1:${account.port()}`,
    async stop() {
      await account.stop();
      meta.closeAllConnections();
      meta.close();
    },
  };
}

function quiet(): void {
  // Nobody reads it.
}
