// Signed webhooks at a port, as fast as they are answered: node load.ts <port> <connections> <seconds>
// Written on sockets: a full HTTP client costs more per request than the subjects do, and would measure itself.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { signature, webhookBody } from '../webhooks.ts';

const [port = 0, connections = 64, seconds = 4] = process.argv.slice(2).map(Number);
const BODIES = 512;

// Made and signed ahead, and told in turn over all connections.
const requests = Array.from({ length: BODIES }, (_, index) => {
  const number = String(341_280_095_500_000 + (index % 24));
  const phone = String(12_025_000_000 + index);
  const body = webhookBody({ number, phone, wamid: `wamid.BENCH${index}`, at: new Date() });
  const head = [
    'POST /webhook HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'user-agent: facebookexternalua',
    'accept: */*',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-hub-signature-256: ${signature(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
});

let [answered, failed, told, isOver] = [0, 0, 0, false];

function next(socket: Socket): void {
  socket.write(requests[told % BODIES] ?? '');
  told += 1;
}

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  // Answers are shorter than a packet, so each comes in one piece.
  socket.on('data', (answer) => {
    if (isOver) return;
    if (answer.toString('latin1', 9, 12) === '200') answered += 1;
    else failed += 1;
    next(socket);
  });
  socket.on('error', () => (failed += 1));
  return socket;
}

const sockets = await Promise.all(Array.from({ length: connections }, open));
const began = performance.now();
for (const socket of sockets) next(socket);
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
isOver = true;
const took = (performance.now() - began) / 1000;
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify({ answered, failed, seconds: took }));
