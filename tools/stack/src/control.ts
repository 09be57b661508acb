import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may be asked of a run: a path such as `/restart/routing`, answered with lines for people. */
export type Command = (words: readonly string[]) => Promise<string>;

/** A small server on loopback by which other commands reach the run. */
export async function startControl(
  command: Command,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const words = (request.url ?? '/').slice(1).split('/').map(decodeURIComponent);
    command(words).then(
      (answer) => response.end(`${answer}\n`),
      (error: unknown) => {
        response.statusCode = 400;
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
