import { type Command, type Timer } from '../../src/domain/timer.js';
import { type Stage } from './stage.js';

/** Says a command; it is in the log then. */
export type Say = (command: Command) => void;

/** The state a timer belongs to, at its owner: obeys a fire exactly when its version is the one last armed. */
export interface Receiver {
  /** Arms, moves or cancels some timer. */
  readonly act: () => void;
  readonly hear: (fired: Timer) => void;
  /** Timers whose fire is due by then and was not obeyed. */
  readonly missing: (by: number) => readonly string[];
  readonly violations: readonly string[];
  readonly counts: () => { readonly obeyed: number; readonly dropped: number };
}

interface Armed {
  readonly version: number;
  readonly due: number;
}

export interface ReceiverOptions {
  readonly timers: number;
  readonly longestMs: number;
  /** Without the rule, to see that it is needed. */
  readonly obeysAll: boolean;
}

export function createReceiver(stage: Stage, say: Say, { timers, longestMs, obeysAll }: ReceiverOptions): Receiver {
  const owner = 'routing';
  const versions = new Map<string, number>();
  const armed = new Map<string, Armed>();
  /** Every deadline there ever was, by key and version. */
  const deadlines = new Map<string, number>();
  const obeyed = new Set<string>();
  const violations: string[] = [];
  let dropped = 0;

  function next(key: string): number {
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    return version;
  }

  function begin(key: string, version: number): number {
    const due = stage.now() + 1_000 + stage.int(longestMs);
    armed.set(key, { version, due });
    deadlines.set(`${key}:${version}`, due);
    return due;
  }

  const content = (key: string, version: number) => ({
    firedKey: 'number',
    payload: Buffer.from(`${key}:${version}`),
  });

  return {
    violations,
    counts: () => ({ obeyed: obeyed.size, dropped }),
    act() {
      const key = `t${stage.int(timers)}`;
      const before = armed.get(key);
      const version = next(key);
      const name = { owner, key, version };
      if (before && stage.chance(0.15)) {
        armed.delete(key);
        say({ ...name, what: { kind: 'cancel', at: stage.now() } });
        return;
      }
      const due = begin(key, version);
      // A reset is for a timer that is there; whoever cannot be sure arms.
      if (before && before.due > stage.now() + 2_000 && stage.chance(0.3))
        say({ ...name, what: { kind: 'reset', due } });
      else say({ ...name, what: { kind: 'arm', due, content: content(key, version) } });
    },
    hear({ key, version, due, payload }) {
      const id = `${key}:${version}`;
      if (due > stage.now()) violations.push(`${id} is early by ${due - stage.now()} ms`);
      if (deadlines.get(id) !== due) violations.push(`${id} fires with a deadline it never had`);
      if (!Buffer.from(payload).toString().startsWith(`${key}:`))
        violations.push(`${id} brings the payload of another`);
      if (!obeysAll && armed.get(key)?.version !== version) {
        dropped += 1;
        return;
      }
      if (obeyed.has(id)) violations.push(`${id} is obeyed twice`);
      obeyed.add(id);
      armed.delete(key);
    },
    missing: (by) => [...armed].filter(([, { due }]) => due <= by).map(([key, { version }]) => `${key}:${version}`),
  };
}
