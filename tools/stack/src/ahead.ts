import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How far the clocks of a run are ahead of the machine's: a file that its services look at. */
export interface Ahead {
  readonly file: string;
  readonly ms: () => number;
  readonly add: (ms: number) => void;
}

/** A kept folder stays ahead: what was written in it must not lie in the future. */
export function aheadOf(directory: string): Ahead {
  const file = join(directory, 'clock');
  const ms = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, '0');
  return {
    file,
    ms,
    add: (more) => {
      writeFileSync(file, String(ms() + Math.round(more)));
    },
  };
}

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `15m`, `24h` or `31d`; undefined for anything else. */
export function readSpan(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * units[unit as keyof typeof units];
}
