import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

type Line = Record<string, unknown> & { readonly msg: string };

const running: ChildProcessByStdio<null, Readable, null>[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

describe('a service as a process', () => {
  it('is ready when every part has started, and stops them in reverse when told', async () => {
    const service = start('plain');
    const { adminPort } = await service.says('ready');

    expect(await get(adminPort, '/live')).toMatchObject({ status: 200 });
    expect(await get(adminPort, '/ready')).toEqual({ status: 200, text: 'ready\n' });
    service.kill('SIGTERM');

    expect(await service.ended()).toBe(0);
    expect(service.lines.filter(({ msg }) => msg === 'stopped a part').map(({ part }) => part)).toEqual([
      'second',
      'first',
    ]);
  });

  it('stops at Ctrl-C as well', async () => {
    const service = start('plain');
    await service.says('ready');

    service.kill('SIGINT');

    expect(await service.ended()).toBe(0);
  });

  it('answers that it lives, is not ready and why, while a part waits to start; and can be stopped then', async () => {
    const service = start('waits-to-start');
    const { adminPort } = await service.says('the admin port listens');
    await service.says('started');

    expect(await get(adminPort, '/live')).toMatchObject({ status: 200 });
    expect(await get(adminPort, '/ready')).toEqual({ status: 503, text: 'not ready: second\n' });
    service.kill('SIGTERM');

    expect(await service.ended()).toBe(0);
  });

  it('stays ready when something outside is away, and says so in words and figures', async () => {
    const { adminPort } = await start('away').says('ready');

    expect(await get(adminPort, '/ready')).toEqual({ status: 200, text: 'ready\ndegraded: example log\n' });
    const { text } = await get(adminPort, '/metrics');
    expect(text).toContain('service_ready{service="example"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('says what there is where it has nothing', async () => {
    const { adminPort } = await start('plain').says('ready');

    expect(await get(adminPort, '/')).toEqual({ status: 404, text: 'one of /live, /ready, /metrics\n' });
  });

  it('ends with 1 and the reason when a part fails to start, after stopping the others', async () => {
    const service = start('fails-to-start');

    expect(await service.ended()).toBe(1);
    expect(service.lines.map(({ msg }) => msg)).toContain('stopped a part');
    expect(service.lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'could not start', err: { message: 'no port' } });
  });

  it.each([
    ['when a stop hangs', 'hangs-when-stopped', true],
    ['when a stop hangs after a failed start', 'fails-and-hangs', false],
  ])('ends with 1 %s', async (_, trait, isTold) => {
    const service = start(trait, { SHUTDOWN_MS: '200' });
    if (isTold) {
      await service.says('ready');
      service.kill('SIGTERM');
    }

    expect(await service.ended()).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({ msg: 'stopping takes too long; the process ends', ms: 200 });
  });

  it.each(['forgets-a-rejection', 'throws-later'])('ends with 1 when it %s', async (trait) => {
    const service = start(trait);

    expect(await service.ended()).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({ level: 'fatal', err: { message: 'nobody caught me' } });
  });

  it('tells all that is wrong with its settings at once, in one line; an empty one is missing', async () => {
    const service = start('plain', { ADMIN_PORT: 'x', SHUTDOWN_MS: '-1', LOG_LEVEL: 'loud', WORD: '' });

    expect(await service.ended()).toBe(1);
    expect(service.lines).toEqual([
      expect.objectContaining({
        level: 'fatal',
        service: 'example',
        msg: 'invalid configuration',
        problems: [
          expect.stringContaining('LOG_LEVEL'),
          expect.stringContaining('ADMIN_PORT'),
          expect.stringContaining('SHUTDOWN_MS'),
          'WORD is missing',
        ],
      }),
    ]);
  });

  it('stops in time when the collector of traces does not answer', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const service = start('traced', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    await service.says('ready');

    service.kill('SIGTERM');

    expect(await service.ended()).toBe(0);
    expect(service.lines.at(-1)).toMatchObject({ msg: 'stopped' });
    silent.close();
    silent.closeAllConnections();
  });
});

const script = `${__dirname}/support/process.mjs`;

function start(trait: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, trait], {
    env: { ADMIN_PORT: '0', INSTANCE: 'example-0', WORD: 'yes', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => lines.push(JSON.parse(text) as Line));
  const closed = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  const says = async (msg: string): Promise<Line> => {
    for (;;) {
      const line = lines.find((each) => each.msg === msg);
      if (line) return line;
      await Promise.race([
        once(reader, 'line'),
        closed.then(() => {
          throw new Error(`it ended without saying "${msg}": ${JSON.stringify(lines)}`);
        }),
      ]);
    }
  };
  return {
    lines,
    says,
    ended: async () => {
      await closed;
      return child.exitCode;
    },
    kill: (signal: NodeJS.Signals) => child.kill(signal),
  };
}

async function get(port: unknown, path: string) {
  const response = await fetch(`http://localhost:${String(port)}${path}`);
  return { status: response.status, text: await response.text() };
}
