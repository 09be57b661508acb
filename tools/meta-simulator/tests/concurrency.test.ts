import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator } from '../src/index.js';
import { ANA } from './support/world.js';

describe('on the clock of the machine', () => {
  it('posts concurrently: nobody waits for the answer to another post', async () => {
    const held: ServerResponse[] = [];
    const arrived = new EventEmitter();
    const receiver = createServer((request, response) => {
      request.resume();
      held.push(response);
      if (held.length === 20) arrived.emit('all');
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const simulator = createSimulator({ webhook: { url, app_secret: 'secret', verify_token: '' } });
    await simulator.start();

    const all = once(arrived, 'all');
    simulator.control.write(ANA, { text: 'hello', count: 20 });
    await all;

    expect(simulator.control.webhooks().waiting).toBe(20);
    for (const response of held) response.end();
    await simulator.stop();
    receiver.close();
    receiver.closeAllConnections();
  });
});
