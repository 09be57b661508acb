import fc from 'fast-check';
import { type Outcome } from './attempt.js';
import { foldMessage } from './fold.js';
import { type Event } from './folded.js';
import { type Input, type StatusOfAttempt } from './inputs.js';
import { isDoubled, stateTimes, unwritten, type Draft, type Message, type Unwritten } from './message.js';
import { type Report } from './report.js';

const at = new Date('2026-11-02T10:00:00Z');
const seconds = (count: number): Date => new Date(at.getTime() + count * 1_000);

const draft: Draft = {
  organisation: 'acme',
  number: '555',
  customer: 'c1',
  thread: '555.1.c1',
  chat: '555.1.c1:1',
  threadSequence: 7,
  content: { kind: 'text', text: 'hello', previewUrl: false },
  recipient: { phone: '12025550188' },
  replyTo: '',
  idempotencyKey: 'k',
  contentHash: 'h',
  lastInboundAt: at,
  wallet: '',
  partition: 3,
  priority: 0,
  order: 1,
};

const accept: Input = { kind: 'accept', draft, refusal: undefined, whenRefused: 'say', wake: false, at };
const begin = (call = 'call-1'): Input => ({ kind: 'begin', call, epoch: 1, at: seconds(1) });
const answer = (outcome: Outcome, attempt = 1, parked: readonly StatusOfAttempt[] = []): Input => ({
  kind: 'answer',
  attempt,
  outcome,
  parked,
  notBefore: undefined,
  at: seconds(2),
});
const accepted: Outcome = { kind: 'accepted', whatsappMessageId: 'wamid.1' };
const lost: Outcome = { kind: 'unknown', reason: 'time-out' };
const notSent: Outcome = { kind: 'withdrawn', reason: 'connection refused' };
const oops = { code: 131_000, title: '', message: '', details: 'went wrong', href: '' };
const status = (
  of: string,
  second = 3,
  more: Partial<Report> = {},
  attempt: number | undefined = 1,
): StatusOfAttempt => ({
  number: '555',
  whatsappMessageId: 'wamid.1',
  attempt,
  report: { status: of, at: seconds(second), ...more },
});
const reported = (...statuses: StatusOfAttempt[]): Input => ({ kind: 'statuses', statuses });

describe('a message', () => {
  it('is accepted once, however often it is asked for', () => {
    const { message, events } = run(accept, accept);

    expect(message).toMatchObject({ state: 'accepted', queue: 'waiting' });
    expect(events.map(({ kind }) => kind)).toEqual(['accepted']);
  });

  it('TX-2 is a conflict when its key comes with other content', () => {
    const other: Input = { ...accept, draft: { ...draft, contentHash: 'other' } };

    expect(() => run(accept, other)).toThrow(expect.objectContaining({ kind: 'conflict', code: 'egress.key-reused' }));
  });

  const closed = { code: 'egress.window-closed', reason: 'closed', remedy: 'use a template' };

  it('TX-1 says that it was refused when it is a reply', () => {
    const { message, events } = run({ ...accept, refusal: closed });

    expect(message).toMatchObject({ state: 'refused', refusal: { code: 'egress.window-closed' } });
    expect(message).not.toHaveProperty('queue');
    expect(events).toMatchObject([{ kind: 'refused' }]);
  });

  it('TX-1 is told to the caller and leaves nothing when a call is refused', () => {
    const refused: Input = { ...accept, refusal: closed, whenRefused: 'throw' };

    expect(() => run(refused)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'egress.window-closed' }));
  });

  it('TX-2 is returned to a repeated call even when the gate has closed in between', () => {
    const again: Input = { ...accept, refusal: closed, whenRefused: 'throw' };

    expect(run(accept, again).message.state).toBe('accepted');
  });

  it('TX-1 can be refused at dispatch, and is not sent then', () => {
    const { message } = run(accept, { kind: 'refuse', refusal: closed, at }, begin());

    expect(message).toMatchObject({ state: 'refused', attempts: [] });
  });

  it('TX-3 goes from accepted to dispatching, sent, delivered and read', () => {
    const steps = [accept, begin(), answer(accepted), reported(status('delivered', 4)), reported(status('read', 5))];

    expect(steps.map((_, index) => run(...steps.slice(0, index + 1)).message.state)).toEqual([
      'accepted',
      'dispatching',
      'sent',
      'delivered',
      'read',
    ]);
  });

  it('says each thing once', () => {
    const { events } = run(
      accept,
      begin(),
      answer(accepted),
      answer(accepted),
      reported(status('read')),
      reported(status('read')),
    );

    expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'sent', 'status-changed']);
  });

  it('gives a call that is begun twice the same attempt', () => {
    const { message } = run(accept, begin(), begin());

    expect(message.attempts).toHaveLength(1);
    expect(foldMessage(message, begin()).result.attempt).toBe(1);
  });

  it('is begun by one of two owners', () => {
    const { message } = run(accept, begin('call-1'));

    expect(foldMessage(message, begin('call-2')).result.attempt).toBeUndefined();
  });

  it('waits for another attempt when it was certainly not handed over', () => {
    const { message, events } = run(accept, begin(), { ...answer(notSent), notBefore: seconds(9) } as Input);

    expect(message).toMatchObject({ state: 'accepted', queue: 'waiting', notBefore: seconds(9) });
    expect(events.map(({ kind }) => kind)).toEqual(['accepted']);
    expect(foldMessage(message, begin('call-2')).result.attempt).toBe(2);
  });

  it('TX-5 remembers since when Meta has not taken it, however often it is tried', () => {
    const refused: Outcome = { kind: 'withdrawn', reason: 'back-off', error: oops };
    const again = { ...answer(refused, 2), at: seconds(60) } as Input;
    const { message } = run(accept, begin(), answer(refused), begin('call-2'), again);

    expect(message).toMatchObject({ state: 'accepted', refusedSince: seconds(2) });
    expect(run(accept, begin(), answer(notSent)).message.refusedSince).toBeUndefined();
  });

  it('TX-5 fails with what to do when Meta refuses it for good after it was tried before', () => {
    const refused: Outcome = { kind: 'withdrawn', reason: 'few-tries', error: oops };
    const final: Outcome = { kind: 'rejected', error: oops, remedy: 'send it again later' };
    const { message, events } = run(accept, begin(), answer(refused), begin('call-2'), answer(final, 2));

    expect(message).toMatchObject({ state: 'failed', attempts: [{ number: 1 }, { number: 2 }] });
    expect(message.queue).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ kind: 'failed', attempt: 2, remedy: 'send it again later' });
  });

  it('does not wait any more when a status shows that Meta had it after all', () => {
    const { message } = run(accept, begin(), answer(notSent), reported(status('delivered')), begin('call-2'));

    expect(message).toMatchObject({ state: 'delivered', attempts: [{ number: 1 }] });
    expect(message.queue).toBeUndefined();
  });

  it('TX-4 is unknown when the answer is lost, and is never begun again', () => {
    const { message, events } = run(accept, begin(), answer(lost), begin('call-2'));

    expect(message).toMatchObject({ state: 'unknown', queue: 'unknown', attempts: [{ number: 1 }] });
    expect(events.slice(-2)).toMatchObject([
      { kind: 'unknown', reason: 'time-out', attempt: 1 },
      { kind: 'timer', version: 1, due: seconds(602), about: 'unknown' },
    ]);
  });

  it('TX-4 is resolved by a status that carries our id, which also tells Meta’s', () => {
    const { message } = run(accept, begin(), answer(lost), reported(status('sent')));

    expect(message).toMatchObject({ state: 'sent', attempts: [{ whatsappMessageId: 'wamid.1' }] });
    expect(message.queue).toBeUndefined();
  });

  it('TX-4 is resolved by an answer that comes late, after a successor has called it unknown', () => {
    expect(run(accept, begin(), answer(lost), answer(accepted)).message.state).toBe('sent');
    expect(run(accept, begin(), answer(accepted), answer(lost)).message.state).toBe('sent');
  });

  it('does not call unknown what a status has told', () => {
    const { message, events } = run(accept, begin(), reported(status('sent')), answer(lost));

    expect(message.state).toBe('sent');
    expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'status-changed']);
  });

  it('fails with the error of Meta', () => {
    const error = { code: 131_026, title: 'Undeliverable', message: '', details: '', href: '' };
    const { message, events } = run(accept, begin(), answer({ kind: 'rejected', error }));

    expect(message.state).toBe('failed');
    expect(message.queue).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ kind: 'failed', error: { code: 131_026 } });
  });

  it('TX-3 takes statuses that came before the answer together with it', () => {
    const parked = [status('read', 5, {}, undefined), status('sent', 3, {}, undefined)];
    const { message, events } = run(accept, begin(), answer(accepted, 1, parked));

    expect(message.state).toBe('read');
    expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'sent', 'status-changed', 'status-changed']);
  });

  it('flags a second attempt that was delivered too', () => {
    const { message, events } = run(
      accept,
      begin(),
      answer(notSent),
      begin('call-2'),
      answer({ kind: 'accepted', whatsappMessageId: 'wamid.2' }, 2),
      reported(status('delivered', 4, {}, 2)),
      reported(status('delivered', 5, {}, 1)),
    );

    expect(isDoubled(message)).toBe(true);
    expect(events.at(-1)).toMatchObject({ kind: 'status-changed', attempt: 1, doubled: true });
  });

  it('ignores statuses of another number, of another attempt and of other messages', () => {
    const { message } = run(accept, begin(), answer(accepted));

    expect(foldMessage(message, reported({ ...status('read'), number: '556' })).state).toBe(message);
    expect(foldMessage(message, reported(status('read', 3, {}, 2))).state).toBe(message);
    expect(foldMessage(unwritten, reported(status('read'))).state).toBe(unwritten);
  });

  it('forgets the oldest attempts that came to nothing, never one that Meta may have', () => {
    let { message } = run(accept, begin(), answer(lost), answer({ kind: 'withdrawn', reason: 'known now' }));
    for (let round = 2; round < 60; round += 1) {
      message = applied(message, begin(`call-${round}`), answer(notSent, round));
    }

    expect(message.attempts.length).toBeLessThanOrEqual(20);
    expect(message.attempts.at(-1)?.number).toBe(59);
  });
});

describe('TX-3 statuses', () => {
  const pricing = { billable: true, model: 'PMP', type: 'regular', category: 'utility' };
  const errors = [{ code: 131_000, title: 'x', message: '', details: '', href: '' }];
  const five = [
    status('sent', 1, { pricing }),
    status('delivered', 2, { pricing }),
    status('read', 3),
    status('played', 4),
    status('failed', 5, { errors }),
  ];
  const { message: sent } = run(accept, begin(), answer(accepted));

  it('merge in all 113,400 orders of the five, twice each, to the same result', () => {
    // Two orders that have used up the same statuses must have come to the same message, so each such set is tried once
    // with each status that may have been the last of it.
    const reached = new Map([['00000', { message: sent, orders: 1 }]]);
    for (let left = 10; left > 0; left -= 1) {
      for (const [used, { message, orders }] of [...reached]) {
        if (sum(used) !== 10 - left) continue;
        five.forEach((each, index) => {
          if (used[index] === '2') return;
          const key = used
            .split('')
            .map((count, at) => (at === index ? Number(count) + 1 : count))
            .join('');
          const next = applied(message, reported(each));
          const other = reached.get(key);
          if (other) expect(JSON.stringify(next)).toBe(JSON.stringify(other.message));
          reached.set(key, { message: next, orders: orders + (other?.orders ?? 0) });
        });
      }
    }

    expect(reached.get('22222')?.orders).toBe(113_400);
    expect(reached.get('22222')?.message).toMatchObject({ state: 'played' });
  });

  it('merge to the same result when twice each they are shuffled at will', () => {
    const expected = JSON.stringify(applied(sent, reported(...five)));
    fc.assert(
      fc.property(fc.shuffledSubarray([...five, ...five], { minLength: 10 }), (statuses) => {
        expect(JSON.stringify(applied(sent, ...statuses.map((each) => reported(each))))).toBe(expected);
      }),
    );
  });

  it('merge to the same result with the answer anywhere among them', () => {
    const dispatching = run(accept, begin()).message;
    const inputs = [answer(accepted), ...five.slice(0, 4).map((each) => reported(each))];
    const results = permutations(inputs).map((order) => JSON.stringify(withoutNames(applied(dispatching, ...order))));

    expect(new Set(results).size).toBe(1);
  });

  it('merge to the same result whatever times, prices and errors they contradict each other with', () => {
    const report = fc.record({
      status: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'warning'),
      second: fc.integer({ min: 0, max: 3 }),
      category: fc.option(fc.constantFrom('utility', 'service'), { nil: undefined }),
      billable: fc.option(fc.boolean(), { nil: undefined }),
      code: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
    });
    const toStatus = ({ status: of, second, category, billable, code }: ReturnType<typeof report.generate>['value']) =>
      status(of, second, {
        ...(category && {
          pricing: { model: 'PMP', type: 'regular', category, ...(billable !== undefined && { billable }) },
        }),
        ...(code && { errors: [{ code, title: '', message: '', details: '', href: '' }] }),
      });
    fc.assert(
      fc.property(
        fc
          .array(report, { minLength: 1, maxLength: 8 })
          .chain((reports) =>
            fc.tuple(
              fc.constant(reports),
              fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
            ),
          ),
        ([reports, shuffled]) => {
          const straight = applied(sent, ...reports.map((each) => reported(toStatus(each))));
          const mixed = applied(sent, ...shuffled.map((each) => reported(toStatus(each))));
          expect(mixed).toEqual(straight);
        },
      ),
    );
  });

  it('keep the earliest time of each state', () => {
    const message = applied(
      sent,
      reported(status('delivered', 9)),
      reported(status('delivered', 4)),
      reported(status('read', 12)),
    );

    expect(stateTimes(message).get('delivered')).toEqual(seconds(4));
    expect(stateTimes(message).get('read')).toEqual(seconds(12));
  });

  it('imply: what was read was delivered', () => {
    const message = applied(sent, reported(status('read', 12)));

    expect(stateTimes(message).get('delivered')).toEqual(seconds(12));
  });

  it.each([
    [['failed', 'delivered'], 'delivered'],
    [['delivered', 'failed'], 'delivered'],
    [['sent', 'failed'], 'failed'],
    [['failed', 'sent'], 'failed'],
    [['read', 'sent'], 'read'],
    [['played', 'read'], 'played'],
    [['warning'], 'sent'],
  ])('%j come to %s', (statuses, state) => {
    expect(applied(sent, ...statuses.map((each) => reported(status(each)))).state).toBe(state);
  });

  it('carry the pricing merged so far', () => {
    const { events } = run(
      accept,
      begin(),
      answer(accepted),
      reported(status('sent', 1, { pricing })),
      reported(status('read', 3)),
    );

    expect(events.at(-1)).toMatchObject({ status: 'read', pricing });
  });
});

function run(...inputs: Input[]): { message: Message; events: Event[] } {
  let state: Message | Unwritten = unwritten;
  const events: Event[] = [];
  for (const input of inputs) {
    const folded = foldMessage(state, input);
    state = folded.state;
    events.push(...folded.events);
  }
  return { message: state as Message, events };
}

const applied = (message: Message, ...inputs: Input[]): Message =>
  inputs.reduce<Message>((state, input) => foldMessage(state, input).state as Message, message);

const sum = (counts: string): number => counts.split('').reduce((total, count) => total + Number(count), 0);

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

/** The order of an object's fields says nothing. */
const withoutNames = (message: Message): unknown[] => [
  message.state,
  message.queue,
  message.attempts.map(({ outcome, answeredAt, whatsappMessageId, reports }) => [
    outcome,
    answeredAt,
    whatsappMessageId,
    reports,
  ]),
];
