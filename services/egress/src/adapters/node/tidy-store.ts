import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type FileStore } from '../../use-cases/media/ports.js';

/** So much passes, in all files together, between two collections. */
const EVERY_BYTES = 1_048_576;

/**
 * A store whose bytes do not pile up when they have passed. A file is copied several times on its way (socket, frame, message,
 * piece of the store), each copy is garbage at once, and V8 looks at memory outside of its heap only when some 64 MB of it have
 * come together. A collection of what is young takes a millisecond or two and gives it back before.
 */
export function tidyStore(store: FileStore, collect: () => void = youngCollection()): FileStore {
  let passed = 0;

  async function* tidied(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      yield piece;
      passed += piece.length;
      if (passed < EVERY_BYTES) continue;
      passed = 0;
      collect();
    }
  }

  return {
    ...store,
    write: (object, content) => store.write(object, tidied(content)),
    read: (object, range) => tidied(store.read(object, range)),
  };
}

/** Node has no other name for it than this flag's function. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  return () => {
    gc({ type: 'minor' });
  };
}
