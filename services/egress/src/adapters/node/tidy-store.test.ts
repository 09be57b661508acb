import { fileStoreContract } from '../../../tests/support/media-contracts.js';
import { memoryFileStore } from '../../../tests/support/media-twins.js';
import { tidyStore } from './tidy-store.js';

const MB = 1_048_576;
const store = memoryFileStore();

/** One buffer, over and over. */
async function* content(megabytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(MB);
  for (let passed = 0; passed < megabytes; passed += 1) yield await Promise.resolve(piece);
}

fileStoreContract('tidied memory', () => tidyStore(store));

it('AT-2: collects what is young each megabyte, of all files together, in and out', async () => {
  let collected = 0;
  const tidy = tidyStore(store, () => (collected += 1));

  await Promise.all([tidy.write('a', content(5)), tidy.write('b', content(6))]);
  expect(collected).toBe(11);

  for await (const piece of tidy.read('b')) expect(piece.length).toBeGreaterThan(0);
  expect(collected).toBeGreaterThan(11);
});

it('AT-2: what has passed is not in memory until far more has', async () => {
  const passing = {
    ...store,
    async write(_object: string, pieces: AsyncIterable<Uint8Array>) {
      // As drivers do: each piece is copied, and the copy is thrown away.
      for await (const piece of pieces) Uint8Array.from(piece);
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
