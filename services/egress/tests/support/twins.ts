import { type MemoryStore } from '@switchboard/aggregates';
import { LEASE_MS } from '../../src/domain/lease.js';
import { type AttemptId } from '../../src/domain/callback.js';
import { type StatusOfAttempt } from '../../src/domain/inputs.js';
import { type Message } from '../../src/domain/message.js';
import { pastCalls } from '../../src/domain/pace/past-calls.js';
import {
  type CustomerOfNumber,
  type KeptMessage,
  type Leases,
  type MessageLists,
  type Queue,
  type Wamids,
  type Windows,
} from '../../src/use-cases/ports.js';
import { toLeft, toQueued } from '../../src/adapters/mongo/queue.js';

/** In-memory twins of the ports; each passes the contract of the real one. */

export function memoryQueue(store: MemoryStore): Queue {
  const all = () =>
    [...store.documents.values()].map(({ id, state }) => ({ ...(state as unknown as Message), _id: id }));
  return {
    waiting: (partition, number, { priority, without, limit }) => {
      const found = all()
        .filter((each) => each.queue === 'waiting' && each.partition === partition && each.number === number)
        .filter((each) => each.priority === priority && !without.includes(each.customer))
        .sort((a, b) => a.order - b.order);
      return Promise.resolve(found.slice(0, limit).map(toQueued));
    },
    numbers: (partitions) => {
      const found = all().filter((each) => each.queue === 'waiting' && partitions.includes(each.partition));
      const distinct = new Map(found.map(({ partition, number }) => [`${partition}:${number}`, { partition, number }]));
      return Promise.resolve([...distinct.values()]);
    },
    left: (partitions, since) =>
      Promise.resolve(
        all()
          .filter(({ partition }) => partitions.includes(partition))
          .filter(
            ({ queue, attempts }) =>
              queue === 'dispatching' || (queue === 'unknown' && attempts.some(({ startedAt }) => startedAt > since)),
          )
          .map(toLeft),
      ),
  };
}

export function memoryLists(store: MemoryStore): MessageLists {
  const orderOf = ({ messageId, message }: KeptMessage): string =>
    `${String(message.acceptedAt.getTime()).padStart(16, '0')} ${messageId}`;
  return {
    find: ({ organisation, number, customer, states, from, until, after, limit }) => {
      const before = after && `${String(after.acceptedAt.getTime()).padStart(16, '0')} ${after.messageId}`;
      const found = [...store.documents.values()]
        .map(({ id, sequence, state }) => ({ messageId: id, message: state as unknown as Message, sequence }))
        .filter(({ message }) => message.organisation === organisation)
        .filter(({ message }) => number === undefined || message.number === number)
        .filter(({ message }) => customer === undefined || message.customer === customer)
        .filter(({ message }) => states.length === 0 || states.includes(message.state))
        .filter(({ message }) => !from || message.acceptedAt >= from)
        .filter(({ message }) => !until || message.acceptedAt < until)
        .filter((kept) => before === undefined || orderOf(kept) < before)
        .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
      return Promise.resolve(found.slice(0, limit));
    },
    wentSince: ({ number, customer }, since) =>
      Promise.resolve(
        [...store.documents.values()]
          .map(({ state }) => state as unknown as Message)
          .filter((message) => message.number === number && message.customer === customer)
          .some(({ attempts }) => attempts.some(({ startedAt }) => startedAt > since)),
      ),
    calledSince: (number, customers, since) => {
      const all = [...store.documents.values()].map(({ state }) => state as unknown as Message);
      const found = all.filter((message) => message.number === number && customers.includes(message.customer));
      return Promise.resolve(pastCalls(found, since));
    },
  };
}

export function memoryWindows(): Windows {
  const times = new Map<string, Date>();
  const idOf = ({ number, customer }: CustomerOfNumber): string => `${number}:${customer}`;
  return {
    note: (seen) => {
      for (const each of seen) {
        const known = times.get(idOf(each));
        if (!known || each.lastInboundAt > known) times.set(idOf(each), each.lastInboundAt);
      }
      return Promise.resolve();
    },
    lastInbound: (of) => Promise.resolve(of.map((each) => times.get(idOf(each)))),
  };
}

/** What several processes see of the leases; each opens it under its own name. */
export function memoryLeases(now: () => Date): (owner: string, callTimeoutMs: number) => Leases {
  const leases = new Map<number, { owner: string | null; epoch: number; until: number; doubtUntil: number }>();
  return (owner, callTimeoutMs) => ({
    take: (partition) => {
      const at = now().getTime();
      const lease = leases.get(partition) ?? { owner: null, epoch: 0, until: 0, doubtUntil: 0 };
      if (lease.owner !== null && lease.owner !== owner && lease.until > at) return Promise.resolve({ kind: 'held' });
      const isLost = lease.owner !== null && lease.owner !== owner;
      const doubtUntil = isLost ? Math.max(lease.doubtUntil, lease.until + callTimeoutMs) : lease.doubtUntil;
      const epoch = lease.epoch + 1;
      leases.set(partition, { owner, epoch, until: at + LEASE_MS, doubtUntil });
      return Promise.resolve({ kind: 'taken', epoch, doubtMs: Math.max(0, doubtUntil - at) });
    },
    renew: (partitions) => {
      const ours = partitions.filter((partition) => leases.get(partition)?.owner === owner);
      for (const partition of ours) {
        const lease = leases.get(partition);
        if (lease) lease.until = now().getTime() + LEASE_MS;
      }
      return Promise.resolve(new Set(ours));
    },
    release: (partition) => {
      const lease = leases.get(partition);
      if (lease?.owner === owner) lease.owner = null;
      return Promise.resolve();
    },
  });
}

export function memoryWamids(): Wamids {
  const documents = new Map<string, Document>();
  const of = ({ number, whatsappMessageId }: Named): Document => {
    const id = `${number}:${whatsappMessageId}`;
    const found = documents.get(id) ?? { number, whatsappMessageId, parked: [] };
    documents.set(id, found);
    return found;
  };
  const toClaim = ({ number, whatsappMessageId, claim, parked }: Document, owner = claim) => {
    if (!owner) throw new Error('there is no claim');
    const { messageId, attempt } = owner;
    return {
      number,
      whatsappMessageId,
      owner: { messageId, attempt },
      parked: parked.map((status) => ({ ...status, attempt })),
    };
  };
  return {
    claim: (number, whatsappMessageId, { messageId, attempt, partition }) => {
      const document = of({ number, whatsappMessageId });
      const owner = { messageId, attempt };
      if (document.claim && (document.claim.messageId !== messageId || document.claim.attempt !== attempt)) {
        return Promise.resolve(toClaim({ ...document, parked: [] }, owner));
      }
      if (!document.claim && document.parked.length > 0) document.unsettled = partition;
      document.claim = owner;
      return Promise.resolve(toClaim(document));
    },
    meet: (statuses) =>
      Promise.resolve(
        statuses.map((status) => {
          const document = of(status);
          if (document.claim) return toClaim(document);
          const isKnown = document.parked.some((each) => JSON.stringify(each) === JSON.stringify(status));
          if (!isKnown) document.parked.push(status);
          return undefined;
        }),
      ),
    settle: (named) => {
      const document = of(named);
      document.parked = [];
      delete document.unsettled;
      return Promise.resolve();
    },
    ofMessages: (messageIds) =>
      Promise.resolve(
        [...documents.values()]
          .filter(({ claim }) => claim && messageIds.includes(claim.messageId))
          .map((document) => toClaim(document)),
      ),
    unsettled: (partition) =>
      Promise.resolve(
        [...documents.values()].filter(({ unsettled }) => unsettled === partition).map((document) => toClaim(document)),
      ),
  };
}

interface Named {
  readonly number: string;
  readonly whatsappMessageId: string;
}

interface Document extends Named {
  parked: StatusOfAttempt[];
  claim?: AttemptId;
  unsettled?: number;
}
