/** The next number of a sequence, in [0, 1). */
export type Draw = () => number;

/**
 * All chance of a simulation, from one seed. Every thing that needs luck has a sequence of its own, named by its key, so
 * that one more message on one number does not change the luck of another.
 */
export type Random = (...key: (string | number)[]) => Draw;

export function createRandom(seed: string): Random {
  return (...key) => {
    let state = fingerprint([seed, ...key].join('\u0000'));
    return () => {
      // mulberry32
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  };
}

/** A whole number between the two ends, both included. */
export const between = (draw: Draw, [low, high]: readonly [number, number]): number =>
  low + Math.floor(draw() * (Math.max(low, high) - low + 1));

/** 32 bits of FNV-1a with a final mix; good enough for dice. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
