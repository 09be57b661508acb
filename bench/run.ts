// Prints the table of figures and keeps it under bench/results: node bench/run.ts [ingress] [routing] [egress] [timer] [billing] [chats]
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { billingFigures } from './billing/figures.ts';
import { chatFigures } from './chats/figures.ts';
import { egressFigures } from './egress/figures.ts';
import { type Figure, table } from './harness.ts';
import { ingressFigures } from './ingress/figures.ts';
import { routingFigures } from './routing/figures.ts';
import { timerFigures } from './timer/figures.ts';

const suites: Record<string, () => Promise<Figure[]>> = {
  ingress: ingressFigures,
  routing: routingFigures,
  egress: egressFigures,
  timer: timerFigures,
  billing: billingFigures,
  chats: chatFigures,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}; one of ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, run] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`${name} …`);
  figures.push(...(await run()));
}

const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
console.log(`${machine}\n\n${table(figures)}`);
const folder = join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
const name = new Date().toISOString().replaceAll(':', '-');
writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
writeFileSync(join(folder, 'latest.md'), `${machine}\n\n${table(figures)}\n`);
process.exit(0);
