/** Everything between the entry points and the ports: the same in the process and in tests. */
import { createAcceptReplies } from './use-cases/accept-replies.js';
import { createCheckMessage } from './use-cases/check-message.js';
import { createClaimLearnt } from './use-cases/claim-learnt.js';
import { createDispatchMessage } from './use-cases/dispatch/dispatch-message.js';
import { createDispatcher, type Dispatcher } from './use-cases/dispatch/dispatcher.js';
import { createLeaseKeeper } from './use-cases/dispatch/lease-keeper.js';
import { createPersist } from './use-cases/dispatch/persist.js';
import { createSettleLeft } from './use-cases/dispatch/settle-left.js';
import { createFoldStatuses } from './use-cases/fold-statuses.js';
import { createGetMessage } from './use-cases/get-message.js';
import {
  type Clock,
  type CloudApi,
  type Hash,
  type Leases,
  type Messages,
  type MetaTokens,
  type Numbers,
  type Observer,
  type Queue,
  type Recipients,
  type Wamids,
  type Windows,
} from './use-cases/ports.js';
import { createSendMessage } from './use-cases/send-message.js';

/** All that egress needs of the world. */
export interface Ports {
  readonly messages: Messages;
  readonly numbers: Numbers;
  readonly windows: Windows;
  readonly queue: Queue;
  readonly leases: Leases;
  readonly wamids: Wamids;
  readonly cloudApi: CloudApi;
  readonly tokens: MetaTokens;
  readonly recipients: Recipients;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly newId: () => string;
  readonly nextOrder: () => number;
  readonly partitionOf: (number: string) => number;
  readonly observer: Observer;
}

export type Engine = ReturnType<typeof createEngine>;

export function createEngine(ports: Ports, options: { readonly callTimeoutMs: number; readonly drainMs: number }) {
  const persist = createPersist(ports);
  const dispatchMessage = createDispatchMessage({ ...ports, newCall: ports.newId, persist });
  const settleLeft = createSettleLeft({ ...ports, persist });
  const keeper = createLeaseKeeper(ports);
  const dispatcher: Dispatcher = createDispatcher(
    { ...ports, keeper, dispatchMessage, settleLeft },
    { ...options, concurrency: CONCURRENCY },
  );
  const { wake, told } = dispatcher;
  return {
    dispatcher,
    acceptReplies: createAcceptReplies({ ...ports, wake }),
    claimLearnt: createClaimLearnt({ ...ports, persist }),
    foldStatuses: createFoldStatuses({ ...ports, told }),
    checkMessage: createCheckMessage(ports),
    sendMessage: createSendMessage(ports),
    getMessage: createGetMessage(ports),
  };
}

/** Enough for a number at Meta's default of 80 a second with slow answers; one process serves several such. */
const CONCURRENCY = 128;
