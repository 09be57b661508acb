import type { Engine } from '../engine.js';
import { noSuchObject } from '../errors.js';

export const isWaba = (engine: Engine, id: string): boolean =>
  [...engine.world.numbers.values()].some((number) => number.waba_id === id);

/** @throws Refused as for an object that there is not */
export function mustBeWaba(engine: Engine, id: string, method: string): void {
  if (!isWaba(engine, id)) throw noSuchObject(method, id);
}
