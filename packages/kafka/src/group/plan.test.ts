import fc from 'fast-check';
import { type History, type Member, noHistory, type Plan, planAssignment } from './plan.js';

const topics = ['messages', 'statuses'];

describe('when members share partitions', () => {
  it('gives partition p of all topics to one member', () => {
    const plan = planAssignment([member('a'), member('b')], 12);

    for (const assigned of plan.assignments.values())
      expect(assigned.get('messages')).toEqual(assigned.get('statuses'));
  });

  it('moves exactly a third to a third member', () => {
    const group = createGroup(12).join('a').join('b');
    const before = group.owners();

    group.join('c');

    const moved = [...before].filter(([partition, owner]) => group.owners().get(partition) !== owner);
    expect(moved).toHaveLength(4);
    expect(group.counts()).toEqual({ a: 4, b: 4, c: 4 });
  });

  it('moves only what the leaver had', () => {
    const group = createGroup(12).join('a').join('b').join('c');
    const before = group.owners();

    group.leave('b');

    for (const [partition, owner] of before) if (owner !== 'b') expect(group.owners().get(partition)).toBe(owner);
    expect(group.counts()).toEqual({ a: 6, c: 6 });
  });

  it('gives every member of a rolling restart its own partitions back, whoever leads', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const group = names.reduce((each, name) => each.join(name), createGroup(64));
    const before = group.partitionsOf();

    for (const name of names) {
      const own = group.partitionsOf()[name] ?? [];
      group.leave(name).join(name);
      const back = group.partitionsOf()[name] ?? [];
      // Uneven shares may move one partition between those who have one more.
      expect(own.filter((partition) => !back.includes(partition)).length).toBeLessThanOrEqual(1);
    }
    const kept = names.flatMap((name) =>
      (before[name] ?? []).filter((partition) => group.partitionsOf()[name]?.includes(partition)),
    );
    expect(kept.length).toBeGreaterThanOrEqual(64 - names.length);
  });

  it('believes the claim of the newer generation when two claim a partition', () => {
    const plan = planAssignment(
      [member('slept', { owned: [0, 1], generation: 4 }), member('woke', { owned: [0, 1], generation: 5 })],
      2,
    );

    expect(ownersOf(plan, ['slept', 'woke'])).toMatchObject({ woke: expect.any(Array) as number[] });
    expect(ownersOf(plan, ['slept', 'woke'])['woke']).toHaveLength(1);
  });

  it('gives a topic only to members that subscribe to it, and misses no partition of it', () => {
    const old = member('old', { topics: ['messages'], owned: [0, 1, 2, 3], generation: 1 });
    const plan = planAssignment([old, member('new')], 4);

    expect(plan.assignments.get('old')?.get('statuses')).toBeUndefined();
    expect(plan.assignments.get('new')?.get('statuses')).toEqual([0, 1, 2, 3]);
    expect(plan.assignments.get('old')?.get('messages')).toHaveLength(2);
  });
});

describe('through any history of joins, leaves, kills and restarts', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const event = fc.record({ name: fc.constantFrom(...names), leaderForgets: fc.boolean() });

  it('each partition has one owner, shares differ by one at most, and nobody who stays loses what he need not', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 12, 64), fc.array(event, { maxLength: 40 }), (partitions, events) => {
        const group = createGroup(partitions).join('a');
        for (const { name } of events) {
          const before = group.partitionsOf();
          const isIn = group.has(name);
          if (isIn && group.size() === 1) continue;
          if (isIn) group.leave(name);
          else group.join(name);

          const after = group.partitionsOf();
          expect(
            Object.values(after)
              .flat()
              .sort((a, b) => a - b),
          ).toEqual(Array.from({ length: partitions }, (_, index) => index));
          const counts = Object.values(after).map(({ length }) => length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          const most = Math.ceil(partitions / group.size());
          const least = Math.floor(partitions / group.size());
          for (const [stayed, owned] of Object.entries(before)) {
            if (!group.has(stayed)) continue;
            const kept = owned.filter((partition) => after[stayed]?.includes(partition)).length;
            expect(kept).toBeGreaterThanOrEqual(Math.min(owned.length, least));
            expect(kept).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order in which members are listed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 2 }), (shuffled) => {
        const plan = (order: readonly string[]) =>
          ownersOf(
            planAssignment(
              order.map((name) => member(name)),
              12,
            ),
            order,
          );

        expect(plan(shuffled)).toEqual(plan([...shuffled].sort()));
      }),
    );
  });
});

/** A group as the coordinator sees it: each change is a generation, and members tell what they had and heard. */
function createGroup(partitions: number) {
  let members = new Map<string, Member>();
  let generation = 0;
  let processes = 0;
  const rebalance = () => {
    generation += 1;
    const plan = planAssignment([...members.values()], partitions);
    const history: History = { generation, ...plan.history };
    members = new Map(
      [...members].map(([name, each]) => {
        const owned = plan.assignments.get(each.memberId)?.get('messages') ?? [];
        return [name, { ...each, owned, generation, history }];
      }),
    );
    return group;
  };
  const group = {
    join(name: string) {
      processes += 1;
      members.set(name, member(name, { memberId: `${name}-${processes}` }));
      return rebalance();
    },
    leave(name: string) {
      members.delete(name);
      return rebalance();
    },
    has: (name: string) => members.has(name),
    size: () => members.size,
    owners: () =>
      new Map([...members].flatMap(([name, { owned }]) => owned.map((partition) => [partition, name] as const))),
    partitionsOf: (): Record<string, readonly number[]> =>
      Object.fromEntries([...members].map(([name, { owned }]) => [name, owned])),
    counts: () => Object.fromEntries([...members].map(([name, { owned }]) => [name, owned.length])),
  };
  return group;
}

function member(instance: string, about: Partial<Member> = {}): Member {
  return { memberId: instance, instance, topics, owned: [], generation: -1, history: noHistory, ...about };
}

function ownersOf(plan: Plan, memberIds: readonly string[]): Record<string, readonly number[]> {
  return Object.fromEntries(memberIds.map((id) => [id, plan.assignments.get(id)?.get('messages') ?? []]));
}
