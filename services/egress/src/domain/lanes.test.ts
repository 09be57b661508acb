import fc from 'fast-check';
import { createLanes, type Lanes, type Waiting } from './lanes.js';

const message = (messageId: string, more: Partial<Waiting> = {}): Waiting => ({
  messageId,
  customer: 'anna',
  thread: '',
  threadSequence: 0,
  priority: 0,
  order: Number(/\d+/.exec(messageId)?.[0] ?? 0),
  notBefore: 0,
  acceptedAt: 0,
  tries: 0,
  ...more,
});
const bob = { customer: 'bob' };

describe('the lanes of a number', () => {
  it('have one message of a customer under way, and the next when that one is released', () => {
    const lanes = filled(message('m1'), message('m2'));

    const first = lanes.take(0)!;
    expect([first.messageId, lanes.take(0)]).toEqual(['m1', undefined]);

    lanes.release(first);
    expect(lanes.take(0)?.messageId).toBe('m2');
  });

  it('go side by side across customers, the oldest first', () => {
    const lanes = filled(message('m2', bob), message('m1'));

    expect([lanes.take(0)?.messageId, lanes.take(0)?.messageId]).toEqual(['m1', 'm2']);
  });

  it('TX-5 put interactive messages before bulk', () => {
    const lanes = filled(message('m1', { priority: 1 }), message('m2', { priority: 1, ...bob }), message('m3'));

    const taken = lanes.take(0)!;
    lanes.release(taken);

    expect(taken.messageId).toBe('m3');
    expect(lanes.take(0)?.messageId).toBe('m1');
  });

  it('CH-12 keep the replies of a thread in its order, whatever the clocks of two owners said', () => {
    const reply = (sequence: number, order: number): Waiting =>
      message(`m${sequence}`, { thread: 't', threadSequence: sequence, order });
    const lanes = filled(reply(2, 10), reply(3, 11), reply(1, 12));

    expect(drained(lanes)).toEqual(['m1', 'm2', 'm3']);
  });

  it('hold a customer whose head waits for another attempt, and nobody else', () => {
    const lanes = filled(message('m1', { notBefore: 100 }), message('m2'), message('m3', bob));

    expect(lanes.take(0)?.messageId).toBe('m3');
    expect(lanes.take(99)).toBeUndefined();
    expect(lanes.dueAt(0)).toBe(100);
    expect(lanes.take(100)?.messageId).toBe('m1');
  });

  it('keep the order when a message comes back that was not taken', () => {
    const lanes = filled(message('m1'), message('m2'));

    lanes.putBack({ ...lanes.take(0)!, notBefore: 50 });

    expect(lanes.take(49)).toBeUndefined();
    expect(lanes.take(50)?.messageId).toBe('m1');
  });

  it('TX-4 hold a customer behind an unknown until its time is up', () => {
    const lanes = filled(message('m1'), message('m2'));

    lanes.hold(lanes.take(0)!, 30_000);

    expect(lanes.take(29_999)).toBeUndefined();
    expect(lanes.take(30_000)?.messageId).toBe('m2');
  });

  it('let a customer go on as soon as the unknown is resolved', () => {
    const lanes = filled(message('m1'), message('m2'));
    const first = lanes.take(0)!;
    lanes.hold(first, 30_000);

    lanes.release(first);

    expect(lanes.take(1)?.messageId).toBe('m2');
  });

  it('are not released by a message that does not hold them', () => {
    const lanes = filled(message('m1'), message('m2'));
    lanes.take(0);

    lanes.release(message('m9'));

    expect(lanes.take(0)).toBeUndefined();
  });

  it('TX-5 give what is too old although the number is paused, one of a customer at a time', () => {
    const lanes = filled(
      message('m1', { acceptedAt: 5 }),
      message('m2', { acceptedAt: 6 }),
      message('m3', { acceptedAt: 50, ...bob }),
    );
    lanes.pause(500);

    const old = lanes.takeOlder(10, 100)!;

    expect([lanes.take(100), old.messageId, lanes.takeOlder(10, 100)]).toEqual([undefined, 'm1', undefined]);
    lanes.release(old);
    expect(lanes.takeOlder(10, 100)?.messageId).toBe('m2');
    expect(lanes.takeOlder(10, 100)).toBeUndefined();
  });

  it('TX-5 give the one that was tried least to try a number with, interactive ones first', () => {
    const lanes = filled(
      message('m1', { tries: 3 }),
      message('m2', { tries: 1, ...bob }),
      message('m3', { priority: 1, customer: 'carl' }),
    );

    const order = [lanes.takeLeastTried(0), lanes.takeLeastTried(0), lanes.takeLeastTried(0)];

    expect(order.map((taken) => taken?.messageId)).toEqual(['m2', 'm1', 'm3']);
    lanes.pause(10);
    lanes.putBack(order[0]!);
    expect(lanes.takeLeastTried(9)).toBeUndefined();
  });

  it('all wait while the number is paused', () => {
    const lanes = filled(message('m1'), message('m2', bob));

    lanes.pause(500);

    expect([lanes.take(499), lanes.dueAt(0)]).toEqual([undefined, 500]);
    expect(lanes.take(500)?.messageId).toBe('m1');
  });

  it('take a message once, however often it is offered', () => {
    const lanes = filled(message('m1'), message('m1'));
    const first = lanes.take(0)!;
    lanes.offer(message('m1'));

    lanes.release(first);

    expect(lanes.take(0)).toBeUndefined();
  });

  it('name the customers of whom enough is in memory', () => {
    const many = Array.from({ length: 16 }, (_, index) => message(`m${index}`, { priority: 1 }));
    const lanes = filled(...many, message('m99', bob));

    expect([lanes.served(1, 0), lanes.served(0, 0)]).toEqual([['anna'], []]);
  });

  it('TX-5 let a customer wait who had too many, and say when that is over', () => {
    const lanes = createLanes((customer) => (customer === 'anna' ? 700 : -5));
    [message('m1'), message('m2', bob)].forEach(lanes.offer);

    expect([lanes.hasReady(1, 1, 10), lanes.hasReady(2, 1, 10), lanes.served(1, 10)]).toEqual([true, false, ['anna']]);
    expect([lanes.take(10)?.messageId, lanes.take(10), lanes.takeLeastTried(10)]).toEqual(['m2', undefined, undefined]);
    expect(lanes.dueAt(10)).toBe(710);
  });

  it('TX-5 give only what there is room for', () => {
    const lanes = filled(message('m1', { priority: 1 }), message('m2', { priority: 1, ...bob }));

    expect([lanes.take(0, 0), lanes.hasReady(1, 0, 0)]).toEqual([undefined, false]);
    expect(lanes.take(0, 1)?.messageId).toBe('m1');
  });

  it('let nobody wait longer because the clock was set back', () => {
    const lanes = createLanes(() => 50);
    lanes.offer(message('m1'));
    expect(lanes.dueAt(1_000)).toBe(1_050);

    expect(lanes.dueAt(500)).toBe(550);
  });

  it('TX-5 give what looking at each lane every time would give', () => {
    const customers = ['anna', 'bob', 'carol', 'dora'];
    const step = fc.record({
      kind: fc.constantFrom('offer', 'offer', 'offer', 'take', 'take', 'release', 'put-back', 'hold', 'later'),
      customer: fc.constantFrom(...customers),
      priority: fc.nat(1),
      ms: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const mayAt = new Map<string, number>();
        const lanes = createLanes((customer) => (mayAt.get(customer) ?? 0) - now);
        const waiting = new Map<string, Waiting[]>(customers.map((customer) => [customer, []]));
        const heldUntil = new Map<string, number>();
        const underWay: Waiting[] = [];
        const heads = () => [...waiting.values()].flatMap(([head]) => head ?? []);
        const freeAt = ({ customer, notBefore }: Waiting) =>
          Math.max(notBefore, heldUntil.get(customer) ?? 0, mayAt.get(customer) ?? 0);
        const put = (one: Waiting): void => {
          waiting.get(one.customer)?.push(one);
          waiting.get(one.customer)?.sort((a, b) => a.priority - b.priority || a.order - b.order);
        };

        for (const [order, { kind, customer, priority, ms }] of steps.entries()) {
          const [ended] = underWay;
          if (kind === 'later') now += ms;
          if (kind === 'offer') {
            const one = message(`m${order}`, { customer, priority, order, notBefore: ms > 25 ? now + ms : 0 });
            lanes.offer(one);
            put(one);
          }
          if (kind === 'take') {
            const [expected] = heads()
              .filter((head) => head.priority <= priority && freeAt(head) <= now)
              .sort((a, b) => a.priority - b.priority || a.order - b.order);
            expect(lanes.hasReady(1, priority, now)).toBe(expected !== undefined);
            expect(lanes.take(now, priority)?.messageId).toBe(expected?.messageId);
            if (!expected) continue;
            underWay.push(expected);
            waiting.get(expected.customer)?.shift();
            heldUntil.set(expected.customer, Infinity);
            mayAt.set(expected.customer, now + ms);
          }
          if (ended && kind === 'release') {
            lanes.release(ended);
            heldUntil.delete(ended.customer);
          }
          if (ended && kind === 'put-back') {
            const again = { ...ended, notBefore: now + ms };
            lanes.putBack(again);
            put(again);
            heldUntil.delete(ended.customer);
          }
          if (ended && kind === 'hold') {
            lanes.hold(ended, now + ms);
            heldUntil.set(ended.customer, now + ms);
          }
          if (ended && ['release', 'put-back', 'hold'].includes(kind)) underWay.shift();
          const due = Math.min(...heads().map(freeAt));
          expect(lanes.dueAt(now)).toBe(due === Infinity ? undefined : Math.max(due, now));
        }
      }),
    );
  });

  it('never have two of one customer under way, and keep each customer’s order', () => {
    const offers = fc.array(fc.constantFrom('anna', 'bob', 'carol'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(offers, fc.infiniteStream(fc.boolean()), (customers, coin) => {
        const lanes = createLanes();
        const waiting = customers.map((customer, order) => message(`m${order}`, { customer, order }));
        const underWay: Waiting[] = [];
        const taken: Waiting[] = [];
        while (taken.length < customers.length) {
          const offered = coin.next().value ? waiting.shift() : undefined;
          if (offered) lanes.offer(offered);
          const next = lanes.take(0);
          if (next) {
            expect(underWay.some(({ customer }) => customer === next.customer)).toBe(false);
            underWay.push(next);
            taken.push(next);
          }
          const ended = coin.next().value || !next ? underWay.shift() : undefined;
          if (ended) lanes.release(ended);
        }
        for (const customer of new Set(customers)) {
          const orders = taken.filter((each) => each.customer === customer).map(({ order }) => order);
          expect(orders).toEqual(orders.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});

function filled(...messages: Waiting[]): Lanes {
  const lanes = createLanes();
  messages.forEach(lanes.offer);
  return lanes;
}

function drained(lanes: Lanes): string[] {
  const ids: string[] = [];
  for (let next = lanes.take(0); next; next = lanes.take(0)) {
    ids.push(next.messageId);
    lanes.release(next);
  }
  return ids;
}
