import { runHistory } from './history.ts';
import { mutations, type Mutation } from './mutations.ts';

// npm run simulate -- --seeds 1000 [--from 1] [--mutation '3 dropped inputs are silent']
// npm run simulate -- --seed 7 [--mutation …]
// npm run simulate -- --hunt 300: the first seed that notices each mutation
const args = new Map<string, string>();
for (let index = 2; index < process.argv.length; index += 2) {
  args.set(process.argv[index] ?? '', process.argv[index + 1] ?? '');
}
const one = args.get('--seed');
const hunt = args.get('--hunt');
const mutation = mutations.find((name) => name === args.get('--mutation'));
if (args.has('--mutation') && mutation === undefined) throw new Error(`mutations are:\n  ${mutations.join('\n  ')}`);

if (hunt !== undefined) await huntAll(Number(hunt));
else if (one !== undefined) await runAll(Number(one), 1, mutation);
else await runAll(Number(args.get('--from') ?? 1), Number(args.get('--seeds') ?? 100), mutation);

async function runAll(from: number, seeds: number, without: Mutation | undefined): Promise<void> {
  let [wrong, steps] = [0, 0];
  const started = performance.now();
  for (let seed = from; seed < from + seeds; seed += 1) {
    const history = await runHistory(seed, new Set(without === undefined ? [] : [without]));
    steps += history.steps;
    if (history.violations.length === 0) continue;
    wrong += 1;
    if (wrong <= 10) console.log(`seed ${seed}: ${history.violations.slice(0, 3).join('\n  ')}`);
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${wrong} of ${seeds} histories wrong; ${steps} steps in ${seconds} s`);
  process.exitCode = wrong > 0 ? 1 : 0;
}

async function huntAll(limit: number): Promise<void> {
  for (const without of mutations) {
    let [first, wrong, what] = [0, 0, ''];
    for (let seed = 1; seed <= limit; seed += 1) {
      const { violations } = await runHistory(seed, new Set([without]));
      if (violations.length === 0) continue;
      wrong += 1;
      if (first === 0) [first, what] = [seed, violations[0] ?? ''];
    }
    console.log(`${without} | seed ${first} | ${((100 * wrong) / limit).toFixed(1)} % | ${what.slice(0, 120)}`);
  }
}
