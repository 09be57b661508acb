import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type FileStore } from '../../use-cases/media/ports.js';

/** So much passes, in all files together, between two collections. */
const EVERY_BYTES = 1_048_576;
/** So much may have come together after one of them before everything is collected. */
const PILE_BYTES = 8 * EVERY_BYTES;

export interface Memory {
  /** Collects what is young: a millisecond or two. */
  readonly collectYoung: () => void;
  /** Collects everything: some ten milliseconds. */
  readonly collectAll: () => void;
  /** What is held outside of the heap. */
  readonly heldBytes: () => number;
}

/**
 * A store whose bytes do not pile up when they have passed. A file is copied several times on its way (socket, frame, message,
 * piece of the store), each copy is garbage at once, and V8 looks at memory outside of its heap only when some 64 MB of it have
 * come together. A collection of what is young gives it back before; what was in use during two of them, since the other
 * side was slow, is young no longer, and goes once there is much of it.
 */
export function tidyStore(store: FileStore, memory: Memory = ofThisProcess()): FileStore {
  let passed = 0;
  let least = memory.heldBytes();

  function collect(): void {
    memory.collectYoung();
    const held = memory.heldBytes();
    least = Math.min(least, held);
    if (held - least < PILE_BYTES) return;
    memory.collectAll();
    least = memory.heldBytes();
  }

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
function ofThisProcess(): Memory {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;
  return {
    collectYoung() {
      gc({ type: 'minor' });
    },
    collectAll() {
      gc({ type: 'major' });
    },
    heldBytes: () => process.memoryUsage().arrayBuffers,
  };
}
