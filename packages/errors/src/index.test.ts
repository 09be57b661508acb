import { Failure, invalid, isTransient } from './index.js';

describe('a failure', () => {
  it('is transient when the world is at fault', () => {
    expect(isTransient(new Failure('unavailable', 'kafka.unreachable', 'no broker answers'))).toBe(true);
    expect(isTransient(new Failure('exhausted', 'ingress.queue-full', 'the queue is full'))).toBe(true);
  });

  it('is not transient when the caller or we are at fault', () => {
    expect(isTransient(new Failure('conflict', 'egress.key-reused', 'same key, other content'))).toBe(false);
    expect(isTransient(new TypeError('a bug'))).toBe(false);
  });

  it('names every field that is wrong', () => {
    const failure = invalid('account.invalid', [
      { field: 'name', description: 'must not be empty; give a name' },
      { field: 'time_zone', description: 'must be an IANA zone; for example Europe/Berlin' },
    ]);

    expect(failure.message).toBe(
      'name: must not be empty; give a name; time_zone: must be an IANA zone; for example Europe/Berlin',
    );
    expect(failure.violations).toHaveLength(2);
  });
});
