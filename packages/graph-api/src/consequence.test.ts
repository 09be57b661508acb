import { type Consequence, rulingOf, rulingOfStatus, type Scope } from './index.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Meta's table of error codes, row by row, with what follows (Cloud API, error codes). */
const table: readonly (readonly [code: number, consequence: Consequence, scope: Scope, waitMs?: number])[] = [
  [0, 'stop', 'account'],
  [1, 'few-tries', 'message'],
  [2, 'back-off', 'app', SECOND],
  [3, 'stop', 'account'],
  [4, 'back-off', 'app', MINUTE],
  [10, 'stop', 'account'],
  [33, 'stop', 'number'],
  [100, 'fix', 'message'],
  [190, 'stop', 'account'],
  [200, 'stop', 'account'],
  [250, 'stop', 'account'],
  [299, 'stop', 'account'],
  [368, 'stop', 'account'],
  [80004, 'back-off', 'account', MINUTE],
  [80007, 'back-off', 'account', MINUTE],
  [130429, 'back-off', 'number', SECOND],
  [130472, 'never', 'message'],
  [130497, 'never', 'message'],
  [131000, 'few-tries', 'message'],
  [131005, 'stop', 'account'],
  [131008, 'fix', 'message'],
  [131009, 'fix', 'message'],
  [131016, 'back-off', 'app', SECOND],
  [131020, 'fix', 'message'],
  [131021, 'never', 'message'],
  [131026, 'never', 'message'],
  [131030, 'fix', 'message'],
  [131031, 'stop', 'account'],
  [131037, 'stop', 'number'],
  [131041, 'fix', 'message'],
  [131042, 'stop', 'account'],
  [131044, 'stop', 'account'],
  [131045, 'stop', 'number'],
  [131047, 'never', 'message'],
  [131048, 'wait', 'number', 5 * MINUTE],
  [131049, 'wait', 'message', 24 * HOUR],
  [131050, 'never', 'message'],
  [131051, 'never', 'message'],
  [131052, 'never', 'message'],
  [131053, 'fix', 'message'],
  [131055, 'fix', 'message'],
  [131056, 'back-off', 'pair', SECOND],
  [131057, 'back-off', 'number', 10 * SECOND],
  [131059, 'fix', 'message'],
  [131060, 'never', 'message'],
  [131061, 'fix', 'message'],
  [131062, 'fix', 'message'],
  [131063, 'fix', 'message'],
  [131064, 'wait', 'message', 24 * HOUR],
  [131200, 'fix', 'message'],
  [131299, 'fix', 'message'],
  [132000, 'fix', 'message'],
  [132001, 'fix', 'message'],
  [132005, 'fix', 'message'],
  [132007, 'fix', 'message'],
  [132008, 'fix', 'message'],
  [132012, 'fix', 'message'],
  [132018, 'fix', 'message'],
  [132015, 'wait', 'message', HOUR],
  [132016, 'never', 'message'],
  [132068, 'fix', 'message'],
  [132069, 'wait', 'message', HOUR],
  [133000, 'stop', 'number'],
  [133004, 'back-off', 'app', SECOND],
  [133005, 'fix', 'message'],
  [133006, 'stop', 'number'],
  [133008, 'wait', 'message', HOUR],
  [133009, 'wait', 'message', MINUTE],
  [133010, 'stop', 'number'],
  [133015, 'wait', 'message', 5 * MINUTE],
  [133016, 'wait', 'message', 72 * HOUR],
  [134011, 'fix', 'message'],
  [134100, 'fix', 'message'],
  [134101, 'back-off', 'message', 10 * MINUTE],
  [134102, 'fix', 'message'],
  [135000, 'few-tries', 'message'],
  [136024, 'fix', 'message'],
  [137000, 'fix', 'message'],
  [138000, 'fix', 'message'],
  [138999, 'fix', 'message'],
  // Flows, the block list and templates: none of them meets a message, and each is the request's to mend.
  [139000, 'fix', 'message'],
  [139004, 'fix', 'message'],
  [139100, 'fix', 'message'],
  [139103, 'fix', 'message'],
  [2388019, 'fix', 'message'],
  [2388040, 'fix', 'message'],
  [2388299, 'fix', 'message'],
  [2494100, 'fix', 'message'],
  [2593107, 'fix', 'message'],
  [147001, 'fix', 'message'],
  [147005, 'fix', 'message'],
];

describe('what follows from an error of Meta', () => {
  const rows = table.map(([code, consequence, scope, waitMs]) => ({ code, consequence, scope, waitMs }));

  it.each(rows)('TX-5 code $code: $consequence, for the $scope', ({ code, consequence, scope, waitMs }) => {
    const ruling = rulingOf(code);

    expect([ruling.consequence, ruling.scope, ruling.waitMs]).toEqual([consequence, scope, waitMs]);
    expect(ruling.remedy).not.toBe('');
  });

  it.each([
    ['a person mends the request', {}, 'fix'],
    ['it backs off when Meta calls it transient', { isTransient: true }, 'back-off'],
    ['it backs off at HTTP 429', { status: 429 }, 'back-off'],
    ['the number stops at HTTP 401', { status: 401 }, 'stop'],
    ['the number stops at HTTP 403', { status: 403 }, 'stop'],
    ['it gets a few tries at HTTP 500', { status: 500 }, 'few-tries'],
  ])('of an unknown code: %s', (_what, answer, consequence) => {
    expect(rulingOf(424_242, answer).consequence).toBe(consequence);
  });

  it('TX-5 HTTP 429 slows down whatever code stands in it, and the pair where it is the pair', () => {
    expect(rulingOf(131_009, { status: 429 })).toMatchObject({ consequence: 'back-off', scope: 'number' });
    expect(rulingOf(131_056, { status: 429 })).toMatchObject({ consequence: 'back-off', scope: 'pair' });
  });

  it('a code that is known is not overruled by `is_transient`', () => {
    expect(rulingOf(131_047, { isTransient: true }).consequence).toBe('never');
  });

  it('an object that the token cannot see stops the number; another bad parameter is the request’s', () => {
    expect(rulingOf(100, { subcode: 33 }).consequence).toBe('stop');
    expect(rulingOf(100, { subcode: 2_494_010 }).consequence).toBe('fix');
  });

  it.each([
    [302, 'stop'],
    [401, 'stop'],
    [403, 'stop'],
    [404, 'stop'],
    [407, 'stop'],
    [400, 'few-tries'],
    [413, 'few-tries'],
    [429, 'back-off'],
  ])('HTTP %i without an error of Meta: %s', (status, consequence) => {
    expect(rulingOfStatus(status).consequence).toBe(consequence);
  });
});
