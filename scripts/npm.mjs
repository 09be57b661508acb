// Every `npm run …` of this repository comes through here, on whatever Node the machine has.
import { bootstrap, run } from './bootstrap.mjs';

const [task = '', ...args] = process.argv.slice(2);
const node = bootstrap();

const tasks = {
  build: () => build(),
};

function build() {
  return (
    run('buf', ['generate']) &&
    run('buf', ['build', '-o', 'packages/contracts/gen/descriptors.binpb']) &&
    run('tsc', ['-b', 'tsconfig.build.json'])
  );
}

if (!(task in tasks)) {
  console.error(`unknown task "${task}": one of ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
process.exit((await tasks[task](args, node)) ? 0 : 1);
