// Bytes per loaded timer: node --expose-gc memory.ts <timers>
import { createWheel } from '@switchboard/timer/wheel';
import { idOf } from './world.ts';

const count = Number(process.argv[2]);
const collect = (globalThis as { gc?: () => void }).gc;

function used(): number {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const start = Date.now();
const before = used();
const wheel = createWheel(start);
for (let index = 0; index < count; index += 1) wheel.put(idOf(index), start + (index % 60_000));
const bytes = (used() - before) / wheel.size();
console.log(JSON.stringify({ bytes }));
process.exit(0);
