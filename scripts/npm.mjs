// Every `npm run …` of this repository comes through here, on whatever Node the machine has.
import { dirname } from 'node:path';
import { bootstrap, run } from './bootstrap.mjs';
import { build } from './build.mjs';
import { check, test } from './test.mjs';

const [task = '', ...args] = process.argv.slice(2);
// Ctrl-C reaches the program that runs; it stops in order and this process ends after it.
process.on('SIGINT', () => undefined);

const tasks = {
  start: () => build() && stack('start', args),
  stop: () => stack('stop', args),
  stack: () => stack('stack', args),
  build: () => build(),
  check: () => check(),
  test: () => test(),
  simulate: () => build() && run(node, ['tests/simulation/run.ts', ...args]),
  bench: () => build() && run(node, ['bench/run.ts', ...args]),
  // For people who want to run tools by hand: PATH="$(node scripts/npm.mjs path):$PATH"
  path: () => {
    console.log([dirname(node), 'node_modules/.bin'].join(':'));
    return true;
  },
};

if (!(task in tasks)) {
  console.error(`unknown task "${task}": one of ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
const node = bootstrap();
process.exit((await tasks[task]()) ? 0 : 1);

function stack(command, rest) {
  // kafkajs sets timers in the past for what is due at once; Node would say so each time.
  return run(node, ['--disable-warning=TimeoutNegativeWarning', 'tools/stack/dist/cli.js', command, ...rest]);
}
