import fc from 'fast-check';
import type { Customer } from './customer.js';
import { identify, PHONE_WITH_OTHER_USER_ID, type Sighting, undoJoin } from './identify.js';
import type { Party } from './party.js';

const at = new Date('2026-11-01T00:00:00Z');
const newId = (number: string, name: string): string => `c-${number}-${name}`;
const see = (offset: number, party: Party, change?: Sighting['change']): Sighting => ({
  number: '341',
  offset,
  at,
  party,
  ...(change && { change }),
});

/** A little store: all customers are known to everybody. */
function createWorld() {
  let customers: Customer[] = [];
  return {
    customers: () => customers,
    get: (id: string | undefined) => customers.find((customer) => customer.id === id),
    put(changed: readonly Customer[]) {
      for (const each of changed) {
        customers = [...customers.filter(({ id }) => id !== each.id), { ...each, version: each.version + 1 }];
      }
    },
    read(sighting: Sighting) {
      const result = identify(customers, sighting, newId);
      this.put(result.changed);
      return result;
    },
  };
}

describe('RX-6 who it is', () => {
  it('is the same person under a phone, then with a user id beside it, then by the user id alone', () => {
    const world = createWorld();

    const ids = [see(1, { phone: '1' }), see(2, { phone: '1', userId: 'US.1' }), see(3, { userId: 'US.1' })].map(
      (sighting) => world.read(sighting).customerId,
    );

    expect(new Set(ids).size).toBe(1);
  });

  it('is a customer without any phone', () => {
    expect(createWorld().read(see(1, { userId: 'US.1' })).customerId).toBeDefined();
  });

  it('names nobody when the item does not', () => {
    expect(createWorld().read(see(1, {})).customerId).toBeUndefined();
  });

  it('joins two customers when one item has both names', () => {
    const world = createWorld();
    const phone = world.read(see(1, { phone: '1' })).customerId;
    const user = world.read(see(2, { userId: 'US.1' })).customerId;

    const both = world.read(see(3, { phone: '1', userId: 'US.1' }));

    expect(both.customerId).toBe(user);
    expect(both.joins).toEqual([{ eventId: `341:${phone}:${user}:3`, ended: phone, survivor: user }]);
    expect(world.read(see(4, { phone: '1' })).customerId).toBe(user);
  });

  it('finds the customer an item had when it was read first', () => {
    const world = createWorld();
    const phone = world.read(see(1, { phone: '1' })).customerId;
    world.read(see(2, { userId: 'US.1' }));
    world.read(see(3, { phone: '1', userId: 'US.1' }));

    expect(world.read(see(1, { phone: '1' })).customerId).toBe(phone);
  });

  it('tells the join again, and repairs the survivor, when only half of it was stored', () => {
    const world = createWorld();
    const phone = world.read(see(1, { phone: '1' })).customerId;
    const user = world.read(see(2, { userId: 'US.1' })).customerId;
    const { changed, joins } = identify(world.customers(), see(3, { phone: '1', userId: 'US.1' }), newId);
    world.put(changed.filter(({ id }) => id === phone));

    const again = world.read(see(3, { phone: '1', userId: 'US.1' }));

    expect(again.joins).toEqual(joins);
    expect(again.customerId).toBe(user);
    expect(world.read(see(4, { phone: '1' })).customerId).toBe(user);
  });

  it('flags a known phone that comes with another user id, and joins nobody', () => {
    const world = createWorld();
    const first = world.read(see(1, { phone: '1', userId: 'US.1' }));

    const second = world.read(see(2, { phone: '1', userId: 'US.2' }));

    expect(second.customerId).not.toBe(first.customerId);
    expect(second.joins).toEqual([]);
    expect(world.get(first.customerId)?.flags).toEqual([PHONE_WITH_OTHER_USER_ID]);
    expect(world.read(see(3, { phone: '1' })).customerId).toBe(first.customerId);
  });

  it('follows a change of number: new phone, new user id, same customer', () => {
    const world = createWorld();
    const { customerId } = world.read(see(1, { phone: '1', userId: 'US.1' }));

    world.read(see(2, { phone: '1' }, { previousUserId: 'US.1', userId: 'US.2', phone: '2' }));

    expect(world.read(see(3, { userId: 'US.2' })).customerId).toBe(customerId);
    expect(world.read(see(4, { phone: '2' })).customerId).toBe(customerId);
    expect(world.read(see(5, { phone: '1' })).customerId).not.toBe(customerId);
  });

  it('follows a change of user id without any phone', () => {
    const world = createWorld();
    const { customerId } = world.read(see(1, { userId: 'US.1' }));

    world.read(see(2, {}, { previousUserId: 'US.1', userId: 'US.2' }));

    expect(world.read(see(3, { userId: 'US.2' })).customerId).toBe(customerId);
  });

  it('joins whoever already has the new names', () => {
    const world = createWorld();
    const old = world.read(see(1, { userId: 'US.1' })).customerId;
    const early = world.read(see(2, { userId: 'US.2' })).customerId;

    const changed = world.read(see(3, {}, { previousUserId: 'US.1', userId: 'US.2' }));

    expect(changed).toMatchObject({ customerId: old, joins: [{ ended: early, survivor: old }] });
    expect(world.read(see(4, { userId: 'US.2' })).customerId).toBe(old);
  });

  it('undoes a join: the customer has its names back from the next offset on', () => {
    const world = createWorld();
    const phone = world.read(see(1, { phone: '1' })).customerId;
    const user = world.read(see(2, { userId: 'US.1' })).customerId;
    world.read(see(3, { phone: '1', userId: 'US.1' }));

    const undone = undoJoin(world.get(phone)!, world.get(user)!, 'undo-1', 5, at)!;
    world.put([undone.ended, undone.survivor]);

    expect(world.read(see(4, { phone: '1' })).customerId).toBe(user);
    expect(world.read(see(5, { phone: '1' })).customerId).toBe(phone);
    expect(undoJoin(world.get(phone)!, world.get(user)!, 'undo-1', 9, at)).toBeUndefined();
  });

  it('reads every history twice with the same result, wherever it is cut', () => {
    const name = (prefix: string) =>
      fc.option(
        fc.constantFrom('1', '2', '3').map((each) => prefix + each),
        { nil: undefined },
      );
    const item = fc.record({
      phone: name(''),
      userId: name('US.'),
      change: fc.option(fc.record({ previousUserId: name('US.'), userId: name('US.'), phone: name('') }), {
        nil: undefined,
        freq: 6,
      }),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 25 }), fc.nat(25), (items, cut) => {
        const sightings = items.map(({ phone, userId, change }, offset) => see(offset + 1, { phone, userId }, change));
        const world = createWorld();
        const first = sightings.map((sighting) => world.read(sighting).customerId);

        const again = sightings.slice(cut).map((sighting) => world.read(sighting));

        expect(again.map(({ customerId }) => customerId)).toEqual(first.slice(cut));
        expect(again.flatMap(({ changed }) => changed.filter(({ version }) => version === 0))).toEqual([]);
        const open = world
          .customers()
          .flatMap(({ aliases }) =>
            aliases
              .filter(({ to, kind }) => to === null && kind !== 'parent_user_id')
              .map(({ kind, value }) => kind + value),
          );
        expect(open).toEqual([...new Set(open)]);
      }),
      { numRuns: 2_000 },
    );
  });
});
