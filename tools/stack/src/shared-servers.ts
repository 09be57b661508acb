// One pair of servers for a whole test run: `start` prints where they are and leaves them up, `stop <pid>` ends them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { provideInfrastructure } from './infrastructure.js';
import { java } from './local/java.js';
import { kafkaJars } from './local/kafka-jars.js';
import { pause } from './process.js';

const [task = '', argument = ''] = process.argv.slice(2);

switch (task) {
  case 'start':
    await start();
    break;
  case 'serve': {
    const directory = mkdtempSync(join(tmpdir(), 'switchboard-servers-'));
    const say = (text: string): void => {
      console.error(text);
    };
    const { mongoUrl, brokers, stop } = await provideInfrastructure({ directory, say });
    // For suites that start brokers of their own.
    const jars = await kafkaJars().catch(() => '');
    const javaCommand = await java().then(
      ({ command }) => command,
      () => '',
    );
    console.log(JSON.stringify({ mongoUrl, brokers: brokers.join(','), jars, java: javaCommand }));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void stop().then(() => process.exit(0)));
    }
    break;
  }
  case 'stop': {
    const pid = Number(argument);
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < 30_000 && isAlive(pid); waited += 100) await pause(100);
    break;
  }
  default:
    console.error('one of: start, stop <pid>');
    process.exitCode = 2;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function start(): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'serve'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [string | number];
  if (typeof line !== 'string') process.exit(1);
  console.log(JSON.stringify({ ...(JSON.parse(line) as object), pid: child.pid }));
  process.exit(0);
}
