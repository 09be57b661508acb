import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createClamd } from './scanner.js';

/** A clamd that speaks its protocol: it reads what comes by INSTREAM and answers by what is in it. */

let server: Server | undefined;
afterEach(() => server?.close());

const COMMAND = Buffer.from('zINSTREAM\0');

interface FakeClamd {
  readonly address: string;
  readonly received: Buffer[];
}

async function startClamd({
  limit = Infinity,
  answer,
}: { limit?: number; answer?: (socket: Socket) => void } = {}): Promise<FakeClamd> {
  const received: Buffer[] = [];
  server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    let at = COMMAND.length;
    let content = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      bytes = Buffer.concat([bytes, Buffer.from(part)]);
      if (bytes.length < COMMAND.length) return;
      if (!bytes.subarray(0, COMMAND.length).equals(COMMAND)) {
        socket.end('UNKNOWN COMMAND\0');
        return;
      }
      for (;;) {
        if (bytes.length < at + 4) return;
        const length = bytes.readUInt32BE(at);
        if (length === 0) break;
        if (bytes.length < at + 4 + length) return;
        content = Buffer.concat([content, bytes.subarray(at + 4, at + 4 + length)]);
        at += 4 + length;
        if (content.length > limit) {
          socket.end('INSTREAM size limit exceeded. ERROR\0');
          return;
        }
      }
      received.push(content);
      if (answer) answer(socket);
      else socket.end(content.includes('EICAR') ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function* pieces(...parts: Buffer[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

it('AT-4: hands over the bytes as they are, in pieces', async () => {
  const clamd = await startClamd();
  const parts = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300_000, 'x'), Buffer.from('end')];

  expect(await createClamd(clamd.address).scan(pieces(...parts))).toBeUndefined();

  expect(clamd.received[0]?.equals(Buffer.concat(parts))).toBe(true);
});

it('AT-4: names what was found', async () => {
  const clamd = await startClamd();

  expect(await createClamd(clamd.address).scan(pieces(Buffer.from('EI'), Buffer.from('CAR')))).toBe(
    'Win.Test.EICAR_HDB-1',
  );
});

it('AT-4: says which setting of the scanner is too small', async () => {
  const clamd = await startClamd({ limit: 1_000_000 });
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < 400; sent += 1) yield await Promise.resolve(Buffer.alloc(65_536));
  }

  await expect(createClamd(clamd.address).scan(endless())).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'egress.media-scanner',
  });
});

it.each<[string, (socket: Socket) => void, string, number]>([
  ['hangs up', (socket) => socket.end(), 'without an answer', 60_000],
  ['says nothing', () => undefined, 'no answer in time', 300],
  ['says an error', (socket) => socket.end('stream: Can not allocate memory ERROR\0'), 'allocate memory', 60_000],
])('AT-4: is unavailable when it %s', async (_what, answer, words, silenceMs) => {
  const clamd = await startClamd({ answer });

  await expect(createClamd(clamd.address, { silenceMs }).scan(pieces(Buffer.from('a')))).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining(words) as string,
  });
});

it('AT-4: is unavailable when nobody listens, and passes on why the bytes did not come', async () => {
  const clamd = await startClamd();
  const broken = new Error('the store broke');
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('a'));
    throw broken;
  }

  await expect(createClamd('127.0.0.1:1').scan(pieces(Buffer.from('a')))).rejects.toMatchObject({
    kind: 'unavailable',
  });
  await expect(createClamd(clamd.address).scan(breaking())).rejects.toMatchObject({ cause: broken });
});
