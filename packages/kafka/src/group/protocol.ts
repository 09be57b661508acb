import { AssignerProtocol, type Broker, type Cluster, type PartitionAssigner } from 'kafkajs';
import { type History, type Member, noHistory, planAssignment } from './plan.js';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/** This is the name of the group's protocol. To change it, list the old one beside the new one for one release. */
const NAME = 'switchboard-copartitioned';
const VERSION = 1;

/** What a member got when it joined. */
export interface Membership {
  readonly memberId: string;
  readonly generation: number;
  readonly coordinator: Broker;
}

export interface ProtocolOptions {
  readonly instance: string;
  readonly partitions: number;
  /** Called before each join, also the first, and awaited: the group waits for us, up to the rebalance time-out. */
  readonly beforeJoin: () => Promise<void>;
  /** Called with each assignment. What the two of them throw ends the consumer. */
  readonly onSynced: (membership: Membership) => void;
}

export interface Protocol {
  readonly assigner: PartitionAssigner;
  /** kafkajs hands its cluster to assigners and to nobody else. */
  readonly cluster: () => Cluster;
  /** The group's coordinator, without joining. */
  readonly coordinator: (groupId: string) => Promise<Broker>;
}

/** The parts of a broker that its published type leaves out. */
interface Coordinator extends Broker {
  syncGroup: (request: { generationId: number; memberId: string }) => Promise<{ memberAssignment: Buffer }>;
}

/**
 * The co-partitioned, sticky assigner of one consumer. It must not be shared: it remembers what this consumer owns.
 *
 * kafkajs tells an assigner neither what it was given nor the generation, and emits `REBALANCING` without waiting for
 * anybody. Both are had from its cluster, of which it asks for the coordinator at the beginning of each join.
 */
export function createProtocol({ instance, partitions, beforeJoin, onSynced }: ProtocolOptions): Protocol {
  let cluster: Cluster | undefined;
  let findCoordinator: Cluster['findGroupCoordinator'] | undefined;
  let owned: readonly number[] = [];
  let generation = -1;
  let history: History = noHistory;
  const watched = new WeakSet<Broker>();

  function watch(broker: Broker): void {
    if (watched.has(broker)) return;
    watched.add(broker);
    const coordinator = broker as Coordinator;
    const syncGroup = coordinator.syncGroup.bind(coordinator);
    coordinator.syncGroup = async (request) => {
      const response = await syncGroup(request);
      const decoded = MemberAssignment.decode(response.memberAssignment);
      generation = request.generationId;
      owned = [...new Set(Object.values(decoded?.assignment ?? {}).flat())];
      history = decodeHistory(decoded?.userData, generation);
      onSynced({ memberId: request.memberId, generation, coordinator });
      return response;
    };
  }

  const assigner: PartitionAssigner = (given) => {
    cluster = given.cluster;
    const find = cluster.findGroupCoordinator.bind(cluster);
    findCoordinator = find;
    cluster.findGroupCoordinator = async (group) => {
      await beforeJoin();
      const coordinator = await find(group);
      watch(coordinator);
      return coordinator;
    };
    return {
      name: NAME,
      version: VERSION,
      protocol: ({ topics }) => ({
        name: NAME,
        metadata: MemberMetadata.encode({
          version: VERSION,
          topics,
          userData: introduce({ instance, owned, generation, history }),
        }),
      }),
      assign({ members }) {
        const { assignments, history: heard } = planAssignment(members.map(decodeMember), partitions);
        const userData = encodeHistory(heard);
        return Promise.resolve(
          [...assignments].map(([memberId, topics]) => ({
            memberId,
            memberAssignment: MemberAssignment.encode({
              version: VERSION,
              assignment: Object.fromEntries(topics) as Record<string, number[]>,
              userData,
            }),
          })),
        );
      },
    };
  };

  const known = () => {
    if (!cluster || !findCoordinator) throw new TypeError('kafkajs has not called the assigner');
    return { cluster, findCoordinator };
  };
  return {
    assigner,
    cluster: () => known().cluster,
    coordinator: (groupId) => known().findCoordinator({ groupId }),
  };
}

interface Introduction {
  readonly instance: string;
  readonly owned: readonly number[];
  readonly generation: number;
  readonly history: PlainHistory & { readonly generation: number };
}

/** By instance its partitions, and where they moved, since when: shorter than the other way round. */
interface PlainHistory {
  readonly owners: Readonly<Record<string, readonly number[]>>;
  readonly previous: Readonly<Record<string, readonly (readonly [partition: number, since: number])[]>>;
}

function introduce({ history, ...about }: Omit<Introduction, 'history'> & { history: History }): Buffer {
  const introduction: Introduction = { ...about, history: { generation: history.generation, ...toPlain(history) } };
  return Buffer.from(JSON.stringify(introduction));
}

function decodeMember({ memberId, memberMetadata }: { memberId: string; memberMetadata: Buffer }): Member {
  const metadata = MemberMetadata.decode(memberMetadata);
  const { history, ...about } = JSON.parse(String(metadata?.userData)) as Introduction;
  return { ...about, memberId, topics: metadata?.topics ?? [], history: fromPlain(history, history.generation) };
}

const encodeHistory = (history: Omit<History, 'generation'>): Buffer => Buffer.from(JSON.stringify(toPlain(history)));

function decodeHistory(userData: Buffer | undefined, generation: number): History {
  if (!userData || userData.length === 0) return noHistory;
  return fromPlain(JSON.parse(userData.toString()) as PlainHistory, generation);
}

function toPlain({ owners, previous }: Omit<History, 'generation'>): PlainHistory {
  const plain = { owners: {} as Record<string, number[]>, previous: {} as Record<string, [number, number][]> };
  for (const [partition, instance] of owners) (plain.owners[instance] ??= []).push(partition);
  for (const [partition, { instance, since }] of previous) (plain.previous[instance] ??= []).push([partition, since]);
  return plain;
}

function fromPlain({ owners, previous }: PlainHistory, generation: number): History {
  const each = <V, R>(record: Readonly<Record<string, readonly V[]>>, map: (instance: string, value: V) => R) =>
    Object.entries(record).flatMap(([instance, values]) => values.map((value) => map(instance, value)));
  return {
    generation,
    owners: new Map(each(owners, (instance, partition) => [partition, instance] as const)),
    previous: new Map(each(previous, (instance, [partition, since]) => [partition, { instance, since }] as const)),
  };
}
