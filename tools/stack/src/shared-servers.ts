// One MongoDB and one Kafka for a worker of a test run: says where they are, and stops them when its input ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideInfrastructure } from './infrastructure.js';
import { java } from './local/java.js';
import { kafkaJars } from './local/kafka-jars.js';

const say = (text: string): void => {
  console.error(text);
};
const directory = mkdtempSync(join(tmpdir(), 'switchboard-servers-'));
const ending = new AbortController();
const end = (): void => {
  ending.abort();
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
// The runner holds the other end; it closes when the runner is done, and when it is killed.
process.stdin.on('end', end).on('error', end).resume();

try {
  const { mongoUrl, brokers, stop } = await provideInfrastructure({ directory, say, signal: ending.signal });
  // For suites that start brokers of their own.
  const [jars, command] = await Promise.all([
    kafkaJars().catch(() => ''),
    java().then(
      (found) => found.command,
      () => '',
    ),
  ]);
  console.log(JSON.stringify({ mongoUrl, brokers: brokers.join(','), jars, java: command }));
  if (!ending.signal.aborted) {
    await new Promise((resolve) => {
      ending.signal.addEventListener('abort', resolve);
    });
  }
  await stop();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exit();
