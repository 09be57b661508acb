import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive, pause } from './process.js';
import { runEverything } from './run.js';
import { readStackFile } from './stack-file.js';

const root = resolve(import.meta.dirname, '../../..');
const directory = resolve(process.env['SWITCHBOARD_DIRECTORY'] ?? join(root, '.switchboard'));
const file = join(directory, 'stack.json');
const say = (line: string): void => {
  console.log(line);
};

const [task = '', ...args] = process.argv.slice(2);

async function main(): Promise<number> {
  switch (task) {
    case 'start':
      if (args.includes('--detach')) return detach();
      return attached();
    case 'stop':
      return stop();
    case 'stack':
      return ask(args);
    default:
      console.error('one of: start [--no-scene] [--detach], stop, stack <command>');
      return 2;
  }
}

/** Runs until Ctrl-C, a signal, or the end of whoever started it. */
async function attached(): Promise<number> {
  const ending = new AbortController();
  const stop = (): void => {
    // Told twice, it goes at once, and its guards end what it started.
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (!args.includes(IN_BACKGROUND) && process.ppid !== parent && !ending.signal.aborted) stop();
  }, 500);
  try {
    await runEverything({ root, directory, scene: !args.includes('--no-scene'), say, signal: ending.signal });
    return 0;
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    say('stopped before it was up');
    return 130;
  } finally {
    clearInterval(watch);
  }
}

const IN_BACKGROUND = '--in-background';
const LONGEST_START_MS = 600_000;

/** Leaves the run in the background and returns when it is up, or with its last words when it is not. */
async function detach(): Promise<number> {
  const log = join(directory, 'logs', 'start.log');
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const out = openSync(log, 'w');
  const rest = args.filter((each) => each !== '--detach');
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'start', ...rest, IN_BACKGROUND], {
    detached: true,
    stdio: ['ignore', out, out],
  });
  const began = Date.now();
  let shown = 0;
  while (child.exitCode === null && child.signalCode === null && Date.now() - began < LONGEST_START_MS) {
    const text = readFileSync(log, 'utf8');
    if (text.length > shown) process.stdout.write(text.slice(shown));
    shown = text.length;
    if (text.includes('Ctrl-C stops it all')) {
      child.unref();
      say('  in the background: npm run stop ends it');
      return 0;
    }
    await pause(100);
  }
  process.stdout.write(readFileSync(log, 'utf8').slice(shown));
  return 1;
}

async function stop(): Promise<number> {
  const control = readStackFile(file)?.control;
  if (!control || control.pid === 0 || !isAlive(control.pid)) {
    say('nothing is running here');
    return 0;
  }
  await fetch(`${control.url}/end`).catch(() => undefined);
  for (let waited = 0; isAlive(control.pid) && waited < 120_000; waited += 200) await pause(200);
  say(isAlive(control.pid) ? `it does not stop: pid ${control.pid}` : 'stopped');
  return isAlive(control.pid) ? 1 : 0;
}

async function ask(words: readonly string[]): Promise<number> {
  const control = existsSync(file) ? readStackFile(file)?.control : undefined;
  if (!control || control.url === '') {
    say('nothing is running here: npm start');
    return 1;
  }
  const response = await fetch(`${control.url}/${words.map(encodeURIComponent).join('/')}`).catch(() => undefined);
  if (!response) {
    say('nothing answers here any more: npm start');
    return 1;
  }
  process.stdout.write(await response.text());
  return response.ok ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
