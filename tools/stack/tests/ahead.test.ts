import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aheadOf, readSpan } from '../src/ahead.js';

const directory = mkdtempSync(join(tmpdir(), 'switchboard-ahead-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('clocks that are moved ahead', () => {
  it('add up, and stay ahead for the next run on the folder', () => {
    const ahead = aheadOf(directory);
    expect(ahead.ms()).toBe(0);

    ahead.add(1_000);
    ahead.add(499.7);

    expect(aheadOf(directory).ms()).toBe(1_500);
  });

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['31d', 2_678_400_000],
    ['0s', undefined],
    ['15', undefined],
    ['-1h', undefined],
    ['', undefined],
  ])('"%s" is %s ms', (text, ms) => {
    expect(readSpan(text)).toBe(ms);
  });
});
