import { readFileSync } from 'node:fs';
import { setUp } from './setup.js';

const commands: Record<string, () => Promise<unknown>> = {
  account: () => import('@switchboard/account/main'),
  billing: () => import('@switchboard/billing/main'),
  egress: () => import('@switchboard/egress/main'),
  ingress: () => import('@switchboard/ingress/main'),
  routing: () => import('@switchboard/routing/main'),
  setup: setUp,
  template: () => import('@switchboard/template/main'),
  timer: () => import('@switchboard/timer/main'),
};

const [name = 'help'] = process.argv.slice(2);
const command = commands[name];
if (command) {
  await command();
} else {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  process.stdout.write(`switchboard ${version}\nusage: switchboard ${Object.keys(commands).join('|')}\n`);
  process.exitCode = name === 'help' ? 0 : 2;
}
