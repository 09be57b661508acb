import { fileStoreContract } from '../../../tests/support/media-contracts.js';
import { memoryFileStore } from '../../../tests/support/media-twins.js';
import { type Memory, tidyStore } from './tidy-store.js';

const MB = 1_048_576;
const store = memoryFileStore();

/** One buffer, over and over. */
async function* content(megabytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(MB);
  for (let passed = 0; passed < megabytes; passed += 1) yield await Promise.resolve(piece);
}

const nothing = (): void => undefined;
const memory: Memory = { collectYoung: nothing, collectAll: nothing, heldBytes: () => 0 };

fileStoreContract('tidied memory', () => tidyStore(store));

it('AT-2: collects what is young each megabyte, of all files together, in and out', async () => {
  let collected = 0;
  const tidy = tidyStore(store, { ...memory, collectYoung: () => (collected += 1) });

  await Promise.all([tidy.write('a', content(5)), tidy.write('b', content(6))]);
  expect(collected).toBe(11);

  for await (const piece of tidy.read('b')) expect(piece.length).toBeGreaterThan(0);
  expect(collected).toBeGreaterThan(11);
});

it('AT-2: collects everything once 8 MB have come together that were not young any more', async () => {
  let held = 100 * MB;
  let collected = 0;
  const tidy = tidyStore(store, {
    collectYoung: () => (held += MB / 2),
    collectAll() {
      collected += 1;
      // Something else needs more from now on.
      held = 103 * MB;
    },
    heldBytes: () => held,
  });

  await tidy.write('a', content(15));
  expect(collected).toBe(0);
  await tidy.write('a', content(1));
  expect(collected).toBe(1);
  await tidy.write('a', content(15));
  expect(collected).toBe(1);
  held = 10 * MB;
  await tidy.write('a', content(16));
  expect(collected).toBe(1);
  await tidy.write('a', content(1));
  expect(collected).toBe(2);
});

it.each([
  ['at once', 0],
  ['in use for a while', 4],
])('AT-2: what has passed, %s, is not in memory until far more has', async (_how, inUse) => {
  const passing = {
    ...store,
    async write(_object: string, pieces: AsyncIterable<Uint8Array>) {
      const used: Uint8Array[] = [];
      // As drivers do: each piece is copied, and the copy is thrown away.
      for await (const piece of pieces) {
        used.push(Uint8Array.from(piece));
        if (used.length > inUse) used.shift();
      }
    },
  };
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of content(60)) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      yield piece;
    }
  };

  await tidyStore(passing).write('a', watched());

  expect(most).toBeLessThan(16 * MB);
});
