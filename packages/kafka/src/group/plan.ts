/** One consumer of the group, as it introduces itself when it joins. */
export interface Member {
  readonly memberId: string;
  /** Stable name: the pod's. `memberId` is new in every process. */
  readonly instance: string;
  readonly topics: readonly string[];
  /** The partition numbers it had, and in which generation of the group. */
  readonly owned: readonly number[];
  readonly generation: number;
  /** What it last heard of all partitions. */
  readonly history: History;
}

/** Who has each partition, and who had it before. Every member carries it, so that any of them can be the leader. */
export interface History {
  readonly generation: number;
  readonly owners: ReadonlyMap<number, string>;
  readonly previous: ReadonlyMap<number, Previous>;
}

/** Who had a partition before it moved, and in which generation it moved: of two claims to return, the younger is right. */
export interface Previous {
  readonly instance: string;
  readonly since: number;
}

export interface Plan {
  /** Per member the topics it gets and their partitions. */
  readonly assignments: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly history: Omit<History, 'generation'>;
}

export const noHistory: History = { generation: -1, owners: new Map(), previous: new Map() };

/**
 * Decides who reads what. Partition p of all topics goes to one member; members have equally many, or one more; nobody
 * loses a partition who need not; and who comes back under its name gets what it had. A topic goes only to members
 * that subscribe to it, so while a topic is being introduced its partitions may be with another member than the rest.
 */
export function planAssignment(members: readonly Member[], partitions: number): Plan {
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const sorted = [...members].sort((a, b) => compare(a.instance, b.instance) || compare(a.memberId, b.memberId));
  const heard = sorted.map(({ history }) => history);
  const history = heard.reduce((newest, each) => (each.generation > newest.generation ? each : newest), noHistory);
  const claims = findClaims(sorted, partitions);
  const last = new Map(numbers.map((number) => [number, claims.get(number)?.instance ?? history.owners.get(number)]));

  const owners = share(sorted, numbers, claims, (number) => ({
    last: last.get(number),
    previous: history.previous.get(number),
  }));

  const previous = new Map<number, Previous>();
  for (const number of numbers) {
    const instance = last.get(number);
    const hasMoved = instance !== undefined && instance !== owners.get(number)?.instance;
    const before = hasMoved ? { instance, since: history.generation + 1 } : history.previous.get(number);
    if (before) previous.set(number, before);
  }
  const names = new Map([...owners].map(([number, { instance }]) => [number, instance]));
  return { assignments: byTopic(sorted, numbers, owners), history: { owners: names, previous } };
}

/** On two claims for one partition the newer generation is right: the other member slept through a rebalance. */
function findClaims(members: readonly Member[], partitions: number): Map<number, Member> {
  const claims = new Map<number, Member>();
  for (const member of members) {
    for (const number of member.owned) {
      const rival = claims.get(number);
      if (number < partitions && (!rival || member.generation > rival.generation)) claims.set(number, member);
    }
  }
  return claims;
}

interface Wish {
  readonly last?: string | undefined;
  readonly previous?: Previous | undefined;
}

/** Shares partitions evenly, moving as few as can be. `wish` says who should have one that moves: who had it. */
function share(
  members: readonly Member[],
  numbers: readonly number[],
  claims: ReadonlyMap<number, Member>,
  wish: (number: number) => Wish,
): Map<number, Member> {
  const shares = members.map((member) => ({
    member,
    kept: numbers.filter((number) => claims.get(number) === member),
    room: 0,
  }));
  const byName = new Map(shares.map((share) => [share.member.instance, share]));
  // Who has most already gets the one more, or it would have to move.
  const byKept = [...shares].sort((a, b) => b.kept.length - a.kept.length);
  byKept.forEach((share, rank) => {
    const quota = Math.floor(numbers.length / members.length) + (rank < numbers.length % members.length ? 1 : 0);
    share.room = quota - share.kept.length;
  });
  const heir = (number: number) => {
    const { last, previous } = wish(number);
    return [last, previous?.instance].map((name) => byName.get(name ?? '')).find((share) => share && share.room > 0);
  };

  const free = numbers.filter((number) => !claims.has(number));
  for (const share of shares.filter(({ room }) => room < 0)) {
    // What another had before goes first: that one came back.
    const since = (number: number) => (heir(number) ? (wish(number).previous?.since ?? 0) : -1);
    const inOrder = [...share.kept].sort((a, b) => since(b) - since(a) || b - a);
    const released = inOrder.slice(0, -share.room);
    share.kept = share.kept.filter((number) => !released.includes(number));
    share.room = 0;
    free.push(...released);
  }

  const give = (number: number, share: (typeof shares)[number] | undefined) => {
    if (!share) return false;
    share.kept.push(number);
    share.room -= 1;
    return true;
  };
  const strays = free.sort((a, b) => a - b).filter((number) => !give(number, heir(number)));
  for (const number of strays) give(number, shares.toSorted((a, b) => b.room - a.room)[0]);
  return new Map(shares.flatMap(({ member, kept }) => kept.map((number) => [number, member] as const)));
}

/** Only who subscribes to a topic may be given it: others drop it, and nobody would read it. */
function byTopic(
  members: readonly Member[],
  numbers: readonly number[],
  owners: ReadonlyMap<number, Member>,
): Map<string, Map<string, number[]>> {
  const assignments = new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  for (const topic of new Set(members.flatMap(({ topics }) => topics))) {
    const readers = members.filter(({ topics }) => topics.includes(topic));
    const homeless = numbers.filter((number) => !owners.get(number)?.topics.includes(topic));
    const fosters = share(readers, homeless, new Map(), () => ({}));
    for (const number of numbers) {
      const memberId = (fosters.get(number) ?? owners.get(number))?.memberId ?? '';
      const topics = assignments.get(memberId);
      topics?.set(topic, [...(topics.get(topic) ?? []), number]);
    }
  }
  return assignments;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
