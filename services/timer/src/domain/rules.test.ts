import { contentRules, deadlineRules, nameRules, saidDeadlineRules, versionRules } from './rules.js';
import { DAY_MS } from './timer.js';

const owners = new Set(['routing']);
const now = 1_800_000_000_000;
const fields = (violations: readonly { field: string }[]) => violations.map(({ field }) => field);

describe('what may be asked', () => {
  it.each([
    ['routing', 'k'.repeat(256), []],
    ['routing', '', ['timer_key']],
    ['routing', 'k'.repeat(257), ['timer_key']],
    ['Routing', 'k', ['owner']],
    ['egress', 'k', ['owner']],
  ])('TM-1 of owner %s and key %s', (owner, timerKey, wrong) => {
    expect(fields(nameRules({ owner, timerKey }, owners))).toEqual(wrong);
  });

  it.each([
    [0n, 1],
    [1n, 0],
    [BigInt(Number.MAX_SAFE_INTEGER), 0],
    [2n ** 53n, 1],
  ])('TM-1 as version: %s', (version, wrong) => {
    expect(versionRules(version)).toHaveLength(wrong);
  });

  it.each([
    [now + 999 - 500, 1],
    [now + 1_000, 0],
    [now + 400 * DAY_MS, 0],
    [now + 400 * DAY_MS + 1, 1],
    [now - 5_000, 1],
    [NaN, 1],
    [undefined, 1],
  ])('TM-1 as a deadline of a call: %s', (due, wrong) => {
    expect(deadlineRules('due_at', due, now)).toHaveLength(wrong);
  });

  it.each([
    [now - DAY_MS, 0],
    [now + 400 * DAY_MS, 0],
    [now + 401 * DAY_MS, 1],
    [NaN, 1],
    [undefined, 1],
  ])('TM-1 as a deadline of an event, which may have waited: %s', (due, wrong) => {
    expect(saidDeadlineRules('arm.due_at', due, now)).toHaveLength(wrong);
  });

  it('TM-1 as a payload: 4,096 bytes', () => {
    expect(contentRules({ firedKey: '', payload: new Uint8Array(4_096) })).toEqual([]);
    expect(fields(contentRules({ firedKey: 'k'.repeat(257), payload: new Uint8Array(4_097) }))).toEqual([
      'fired_key',
      'payload',
    ]);
  });
});
