import { join } from 'node:path';
import { readSpan } from './ahead.js';
import { startControl } from './control.js';
import { clientsOf, createDemo, demo, demoToken } from './demo.js';
import { newSecrets, type Secrets } from './plan.js';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { endLeftover } from './process.js';
import { type RunningStack, startStack } from './stack.js';
import { playScene } from './scene.js';
import { readStackFile, writeStackFile } from './stack-file.js';
import type { Say } from './log.js';

export interface RunOptions {
  readonly root: string;
  /** Data, logs, secrets and `stack.json` of this run. */
  readonly directory: string;
  readonly scene: boolean;
  readonly say: Say;
  /** Ends the run, also while it starts. */
  readonly signal: AbortSignal;
}

const FIRST_PORT = 4_700;

/** `npm start`: everything on this machine, with the scene, until it is told to stop. */
export async function runEverything(options: RunOptions): Promise<void> {
  const { root, directory, scene, say } = options;
  const file = join(directory, 'stack.json');
  await replaceEarlierRun(file, root);
  const ending = new AbortController();
  const stop = (): void => {
    ending.abort();
  };
  const { signal } = ending;
  if (options.signal.aborted) return;
  options.signal.addEventListener('abort', stop);
  const told = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

  say('starting MongoDB, Kafka, seven services and a simulated Meta …');
  const began = Date.now();
  let isStarted = false;
  const stack = await startStack({
    root,
    directory,
    keep: true,
    secrets: keptSecrets(directory),
    ports: { mongo: FIRST_PORT + 90, kafka: FIRST_PORT + 91 },
    firstPort: FIRST_PORT,
    say,
    signal,
    onChange: (changed) => {
      if (isStarted) publish(changed);
    },
  });
  const token = await demoToken(stack);
  const control = await startControl(createCommands(stack, stop));

  function publish(of: RunningStack): void {
    const { webhooks, files, simulator } = of.urls();
    const processes = of.processes();
    writeStackFile(file, {
      ingress: { webhookUrl: webhooks[0] ?? '', appSecret: of.secrets.appSecret, verifyToken: of.secrets.verifyToken },
      egress: { filesUrl: files },
      grpc: Object.fromEntries(
        ['ingress', 'account', 'routing', 'egress', 'timer', 'billing', 'template'].map((name) => [
          name,
          of.grpc(name).split(',')[0] ?? '',
        ]),
      ),
      grpcToken: token,
      metaSimulator: { url: simulator, graphUrl: simulator },
      kafka: { brokers: of.infrastructure.brokers },
      mongo: { url: of.infrastructure.mongoUrl },
      metrics: Object.fromEntries(
        processes
          .filter(({ service }) => service !== 'meta-simulator')
          .map(({ name, ports }) => [name, `http://127.0.0.1:${ports.admin}/metrics`]),
      ),
      pids: {
        ...Object.fromEntries(processes.map(({ name }) => [name, of.supervisor.pid(name)])),
        ...of.infrastructure.pids,
      },
      demo,
      control: { url: control.url, pid: process.pid },
    });
  }

  try {
    const clients = clientsOf(stack, token);
    await createDemo(clients);
    clients.close();
    isStarted = true;
    publish(stack);
    say(`everything is up after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    if (scene) await Promise.race([playScene(stack, token, directory, say), told]);
    if (!signal.aborted) say(table(stack, file));
    await told;
  } finally {
    say('stopping …');
    await control.stop();
    await stack.stop();
    const last = readStackFile(file);
    if (last)
      writeStackFile(file, {
        ...last,
        pids: Object.fromEntries(Object.keys(last.pids).map((name) => [name, 0])),
        control: { url: '', pid: 0 },
      });
    say('stopped');
  }
}

/** Two runs on one folder would spoil it; of one that was killed itself, what it left is ended. */
async function replaceEarlierRun(file: string, root: string): Promise<void> {
  const earlier = readStackFile(file);
  if (!earlier) return;
  if (await isUp(earlier.control.url)) {
    throw new Error('it is running already: npm run stack -- status shows it, npm run stop ends it');
  }
  await Promise.all(Object.values(earlier.pids).map((pid) => endLeftover(pid, root)));
}

/** Tokens of earlier runs stay valid, and what they sealed can be opened. */
function keptSecrets(directory: string): Secrets {
  const file = join(directory, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets = newSecrets();
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

async function isUp(url: string): Promise<boolean> {
  if (url === '') return false;
  return fetch(`${url}/status`).then(
    ({ ok }) => ok,
    () => false,
  );
}

const createCommands =
  (stack: RunningStack, stop: () => void) =>
  async ([what = '', name = '', count = '']: readonly string[]): Promise<string> => {
    const { supervisor } = stack;
    const ofService = (): string[] => {
      const names = supervisor
        .planned()
        .filter((each) => each.name === name || each.service === name)
        .map((each) => each.name);
      if (names.length === 0) throw new Error(`there is no service "${name}"; status shows what there is`);
      return names;
    };
    switch (what) {
      case 'status':
        return status(stack);
      case 'start':
        for (const each of ofService()) await supervisor.start(each);
        return status(stack);
      case 'stop':
        for (const each of ofService()) await supervisor.stop(each);
        return status(stack);
      case 'restart':
        for (const each of ofService()) {
          await supervisor.stop(each);
          await supervisor.start(each);
        }
        return status(stack);
      case 'scale':
        if (!/^[1-9]$/.test(count))
          throw new Error('scale a service to 1 … 9 processes: npm run stack -- scale routing 2');
        await stack.scale(name, Number(count));
        return status(stack);
      case 'clock': {
        const ms = readSpan(name);
        if (ms === undefined)
          throw new Error('how far ahead, for example 90s, 15m, 24h or 31d: npm run stack -- clock 15m');
        await stack.advance(ms);
        return status(stack);
      }
      case 'end':
        setTimeout(stop, 50);
        return 'stopping';
      default:
        throw new Error(
          'one of: status, start <service>, stop <service>, restart <service>, scale <service> <n>, clock <how far ahead>',
        );
    }
  };

function status({ supervisor, aheadMs }: RunningStack): string {
  const clock = aheadMs() === 0 ? [] : [`clocks are ahead by ${aheadMs() / 1_000} s`];
  const lines = supervisor.planned().map(({ name, ports }) => {
    const pid = supervisor.pid(name);
    const grpc = ports.grpc === 0 ? '' : `  grpc 127.0.0.1:${ports.grpc}`;
    const http = ports.http === 0 ? '' : `  http 127.0.0.1:${ports.http}`;
    return `${name.padEnd(16)} ${pid === 0 ? 'not running' : `pid ${pid}`}${grpc}${http}`;
  });
  return [...lines, ...clock].join('\n');
}

function table(stack: RunningStack, file: string): string {
  const { webhooks, simulator } = stack.urls();
  const { infrastructure } = stack;
  const rows = [
    ['write as a customer', simulator],
    ['webhook', webhooks.join(', ')],
    ...['account', 'ingress', 'routing', 'egress', 'timer', 'billing', 'template'].map((name) => [
      `gRPC ${name}`,
      stack.grpc(name),
    ]),
    ['MongoDB', infrastructure.mongoUrl],
    ['Kafka', infrastructure.brokers.join(', ')],
    ['everything else', file],
  ];
  const lines = rows.map(([what = '', where = '']) => `  ${what.padEnd(20)} ${where}`);
  return ['', ...lines, '', '  Ctrl-C stops it all; npm run stack -- status shows it.', ''].join('\n');
}
