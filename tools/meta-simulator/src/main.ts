import { systemClock } from './clock.js';
import { readConfig } from './config.js';
import { createSimulator } from './simulator.js';

const { speed, ...options } = readConfig(process.env);
const simulator = createSimulator({ ...options, clock: systemClock({ speed, onError: console.error }) });
const { url } = await simulator.start();
console.log(
  JSON.stringify({ level: 'info', msg: 'meta-simulator is ready', url, webhook: options.webhook?.url ?? null }),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
}
