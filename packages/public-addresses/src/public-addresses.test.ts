import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { closedHostOf, isClosedHost, isPublicAddress, publicLookup } from './index.js';

it.each([
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['nobody', false],
])('SE-5, AT-4: takes %s for public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

it.each([
  ['127.0.0.1', true],
  ['[::1]', true],
  ['localhost.', true],
  ['files.localhost', true],
  ['8.8.8.8', false],
  ['example.org', false],
])('SE-5, AT-4: takes the host %s for closed: %s', (host, isClosed) => {
  expect(isClosedHost(host)).toBe(isClosed);
});

it('SE-5, AT-4: connects to no name that leads to this machine', async () => {
  const server = createServer((_, response) => response.end('a secret'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const guarded = new Agent({ connect: { lookup: publicLookup } });
  const open = new Agent();

  const refused = await request(`http://localhost:${port}/`, { dispatcher: guarded }).catch((error: unknown) => error);

  expect(closedHostOf(refused)).toBe('localhost');
  expect((await request(`http://localhost:${port}/`, { dispatcher: open })).statusCode).toBe(200);
  await Promise.all([guarded.close(), open.close()]);
  server.closeAllConnections();
  server.close();
});
