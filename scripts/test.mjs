// Everything that must pass, part by part, and one line at the end that counts it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './bootstrap.mjs';
import { build, generate } from './build.mjs';

// kafkajs sets timers in the past for what is due at once; Node would say so each time.
const JEST_OPTIONS =
  '--experimental-vm-modules --disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning';

/** What needs no servers. */
export async function check() {
  const counts = createCounts();
  await checks(counts);
  jest(counts, 'unit');
  return counts.report();
}

/** Everything. Suites on real servers get them from `jest-servers.cjs`, or take some of their own; two at a time. */
export async function test() {
  const counts = createCounts();
  if (await checks(counts)) {
    jest(counts, 'unit');
    jest(counts, 'sim');
    jest(counts, 'int');
    jest(counts, 'e2e');
  }
  return counts.report();
}

/** True when the tree is built, so that suites make sense. */
async function checks(counts) {
  const step = (name, command, args) => {
    console.log(`\n— ${name}`);
    return counts.part(name, run(command, args));
  };
  console.log('\n— generate and compile');
  const isBuilt = counts.part('generate', generate()) && step('compile', 'tsc', ['-b', 'tsconfig.build.json']);
  if (!isBuilt) return false;
  // The longest of them, on a core of its own beside the others.
  const linted = beside('eslint', ['.', '--max-warnings', '0']);
  step('types of tests', 'tsc', ['-b', 'tsconfig.json']);
  step('lint of the contracts', 'buf', ['lint']);
  breaking(counts, step);
  step('dependency rules', 'depcruise', [
    'services',
    'packages',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
  ]);
  step('format', 'prettier', ['--check', '--log-level', 'warn', '.']);
  console.log('\n— lint');
  const { isGood, output } = await linted;
  process.stdout.write(output);
  counts.part('lint', isGood);
  return true;
}

/** Runs while others do; what it prints is told at the end. */
function beside(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => said.push(bytes));
  return new Promise((resolve) => {
    const end = (isGood) => resolve({ isGood, output: Buffer.concat(said).toString() });
    child.once('error', ({ message }) => {
      said.push(Buffer.from(`${command}: ${message}\n`));
      end(false);
    });
    child.once('close', (status) => end(status === 0));
  });
}

/** Contracts are compared with the last release; before the first one they may change. */
function breaking(counts, step) {
  const { stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], {
    cwd: root,
    encoding: 'utf8',
  });
  const tag = stdout.trim();
  if (tag === '') counts.skip('breaking changes of the contracts: there is no release yet');
  else step('breaking changes of the contracts', 'buf', ['breaking', '--against', `.git#tag=${tag}`]);
}

function jest(counts, project) {
  console.log(`\n— ${project}`);
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-jest-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const output = join(folder, 'result.json');
  const args = ['--selectProjects', project, '--json', '--outputFile', output, '--passWithNoTests'];
  if (['unit', 'sim'].includes(project)) args.push('--maxWorkers=100%');
  // Given servers are there once.
  else if (project === 'int' && process.env.MONGO_URL && process.env.KAFKA_BROKERS) args.push('--runInBand');
  const passed = run('jest', args, {
    // The JSON goes to the file; what it prints beside it is for people.
    stdio: ['ignore', 'ignore', 'inherit'],
    // Here suites without servers are a failure, not skipped.
    env: { ...process.env, NODE_OPTIONS: JEST_OPTIONS, FORCE_COLOR: '0', SWITCHBOARD_GATE: 'yes' },
  });
  if (existsSync(output)) {
    const result = JSON.parse(readFileSync(output, 'utf8'));
    counts.add(result);
    if (!passed && result.numFailedTests === 0) counts.part(`${project}: suites that could not run`, false);
  } else {
    counts.part(`${project} did not finish`, false);
  }
  process.off('exit', remove);
  remove();
}

function createCounts() {
  let [passed, failed] = [0, 0];
  const skipped = [];
  const failures = [];
  return {
    part(name, isGood) {
      if (isGood) passed += 1;
      else {
        failed += 1;
        failures.push(name);
      }
      return isGood;
    },
    skip: (reason) => void skipped.push(reason),
    add({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
      passed += numPassedTests;
      failed += numFailedTests;
      for (const { name, assertionResults, status, message } of testResults) {
        const file = name.replace(`${root}/`, '');
        for (const { status: how, fullName } of assertionResults)
          if (how === 'failed') failures.push(`${file}: ${fullName}`);
        if (status === 'failed' && assertionResults.length === 0) {
          failed += 1;
          failures.push(`${file} could not run: ${message.split('\n')[0]}`);
        }
      }
      if (numPendingTests > 0) skipped.push(`${numPendingTests} tests`);
    },
    report() {
      console.log('');
      for (const failure of failures) console.log(`failed: ${failure}`);
      for (const reason of skipped) console.log(`skipped: ${reason}`);
      console.log(`${passed} passed, ${failed} failed`);
      return failed === 0;
    },
  };
}
