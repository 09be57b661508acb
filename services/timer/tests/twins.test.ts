import { shardsContract, timersContract } from './support/contracts.js';
import { memoryShards, memoryTimers } from './support/twins.js';

const [timers, shards] = [memoryTimers(), memoryShards()];

timersContract('memory', () => timers);
shardsContract('memory', () => shards);
