import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Control, createSimulator } from '@switchboard/meta-simulator';
import { startReceiver } from './webhooks.js';

/** A simulated Meta behind a wire that a test can cut: what was asked gets there, the answer does not come back. */
export async function startMeta(wabaIds: readonly string[]) {
  const receiver = await startReceiver();
  const simulator = createSimulator({
    limits: { template_review_ms: 200, templates_per_waba: 10_000 },
    webhook: { url: receiver.url, app_secret: 'secret', verify_token: 'verify' },
    numbers: wabaIds.map((waba_id) => ({
      phone_number_id: `${waba_id}1`,
      waba_id,
      display_phone_number: `1555${waba_id.slice(-7)}`,
    })),
  });
  const { url } = await simulator.start();
  const wire: {
    /** Called when Meta has answered; the answer waits for it. */
    before: (method: string, path: string) => Promise<void>;
  } = { before: () => Promise.resolve() };
  const server = createServer((request, response) => {
    void (async () => {
      const { method = 'GET', url: path = '/' } = request;
      const body = method === 'POST' ? await buffer(request) : undefined;
      const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
      const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: new Uint8Array(body) }) });
      const text = await answer.text();
      await wire.before(method, path);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(text);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get control(): Control {
      return simulator.control;
    },
    wire,
    webhooks: receiver,
    async stop() {
      server.closeAllConnections();
      server.close();
      await simulator.stop();
      await receiver.stop();
    },
  };
}
