export { type Clock, manualClock, systemClock } from './clock.js';
export type { Control } from './control/control.js';
export type { Faults } from './faults.js';
export type { Limits } from './limits.js';
export { createSimulator, demoNumber, type Simulator, type SimulatorOptions } from './simulator.js';
export type { Callback } from './webhooks/callback.js';
export { signatureOf, toBytes } from './webhooks/sign.js';
export type { BusinessNumber } from './world.js';
