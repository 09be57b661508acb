import { afterNotSent, afterStop, becauseOf, FEW_TRIES, LONGEST_WAIT_MS, nextAfter, waitedTooLong } from './retry.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const throughput = { consequence: 'back-off', scope: 'number', waitMs: SECOND } as const;
const pair = { consequence: 'back-off', scope: 'pair', waitMs: SECOND } as const;
const callLimit = { consequence: 'back-off', scope: 'account', waitMs: MINUTE } as const;
const unexplained = { consequence: 'few-tries', scope: 'message' } as const;
const spam = { consequence: 'wait', scope: 'number', waitMs: 5 * MINUTE } as const;
const cap = { consequence: 'wait', scope: 'message', waitMs: 24 * 60 * MINUTE } as const;
const stop = { consequence: 'stop', scope: 'account' } as const;

describe('TX-5 after a refusal', () => {
  it.each([
    ['the number waits for its throughput', throughput, 0, 0, { kind: 'slow', afterMs: SECOND }],
    ['longer with each message that met it', throughput, 0, 3, { kind: 'slow', afterMs: 8 * SECOND }],
    ['and with each try of one message', throughput, 3, 1, { kind: 'slow', afterMs: 8 * SECOND }],
    ['a minute at most', throughput, 30, 30, { kind: 'slow', afterMs: MINUTE }],
    ['the customer waits for the pair limit', pair, 0, 0, { kind: 'lane', afterMs: SECOND }],
    ['by 4^n seconds', pair, 2, 0, { kind: 'lane', afterMs: 16 * SECOND }],
    ['whatever holds the number', pair, 0, 9, { kind: 'lane', afterMs: SECOND }],
    ['the number waits a minute for a limit of calls', callLimit, 0, 0, { kind: 'slow', afterMs: MINUTE }],
    ['a quarter of an hour at most', callLimit, 0, 30, { kind: 'slow', afterMs: 15 * MINUTE }],
    ['five minutes for the spam limit', spam, 0, 0, { kind: 'slow', afterMs: 5 * MINUTE }],
    ['what Meta does not explain is tried again', unexplained, 0, 0, { kind: 'lane', afterMs: SECOND }],
    ['with longer waits', unexplained, FEW_TRIES - 2, 0, { kind: 'lane', afterMs: 16 * SECOND }],
    ['a few times only', unexplained, FEW_TRIES - 1, 0, { kind: 'over' }],
    ['a day is not waited for in the lane of a customer', cap, 0, 0, { kind: 'over' }],
    ['the number stops until it is mended', stop, 0, 0, { kind: 'stopped', afterMs: MINUTE }],
    ['and is tried now and then', stop, 0, 30, { kind: 'stopped', afterMs: 15 * MINUTE }],
    ['never is final', { consequence: 'never', scope: 'message' }, 0, 0, { kind: 'over' }],
    ['so is a request that must be mended', { consequence: 'fix', scope: 'message' }, 0, 0, { kind: 'over' }],
  ] as const)('%s', (_what, refused, tries, strikes, expected) => {
    expect(nextAfter(refused, { tries, strikes })).toEqual(expected);
  });

  it('waits as long as Meta asks, and an hour at most', () => {
    const asking = (retryAfterMs: number) => nextAfter({ ...throughput, retryAfterMs }, { tries: 0, strikes: 0 });

    expect(asking(90 * SECOND)).toEqual({ kind: 'slow', afterMs: 90 * SECOND });
    expect(asking(1e12)).toEqual({ kind: 'slow', afterMs: 60 * MINUTE });
  });

  it('nobody answering is an outage: the number waits, a minute at most', () => {
    expect(afterNotSent({ tries: 0, strikes: 0 })).toEqual({ kind: 'slow', afterMs: SECOND });
    expect(afterNotSent({ tries: 30, strikes: 0 })).toEqual({ kind: 'slow', afterMs: MINUTE });
    expect(afterStop(1)).toEqual({ kind: 'stopped', afterMs: 2 * MINUTE });
  });
});

describe('TX-5 a message that cannot go', () => {
  const since = new Date('2026-11-02T10:00:00Z');
  const after = (ms: number) => new Date(since.getTime() + ms);
  const error = { code: 190, title: 'OAuthException', message: 'Invalid token', details: '', href: '' };
  const because = becauseOf({ error, remedy: 'connect the account again' });

  it('waits for twelve hours, then is refused with the reason and the remedy', () => {
    expect(waitedTooLong(since, because, after(LONGEST_WAIT_MS - 1))).toBeUndefined();
    expect(waitedTooLong(since, because, after(LONGEST_WAIT_MS))).toEqual({
      code: 'egress.waited-too-long',
      reason: 'it could not be sent for 12 hours: Invalid token (meta.190)',
      remedy: 'connect the account again; then send it again',
    });
  });
});
