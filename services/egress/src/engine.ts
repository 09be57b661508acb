/** Everything between the entry points and the ports: the same in the process and in tests. */
import { type UsMarketing } from './domain/gate/marketing.js';
import { createAcceptReplies } from './use-cases/accept-replies.js';
import { createAskMeta } from './use-cases/ask-meta.js';
import { createHearChanges } from './use-cases/hear-changes.js';
import { createCheckMessage } from './use-cases/check-message.js';
import { createClaimLearnt } from './use-cases/claim-learnt.js';
import { createDispatchMessage } from './use-cases/dispatch/dispatch-message.js';
import { createDispatcher, type Dispatcher } from './use-cases/dispatch/dispatcher.js';
import { createKnownStops } from './use-cases/dispatch/known-stops.js';
import { createLeaseKeeper } from './use-cases/dispatch/lease-keeper.js';
import { createFilesAtMeta } from './use-cases/dispatch/files-at-meta.js';
import { createReaching } from './use-cases/dispatch/reaching.js';
import { type Allowed, createPacing } from './use-cases/dispatch/pacing.js';
import { createPersist } from './use-cases/dispatch/persist.js';
import { createSettleLeft } from './use-cases/dispatch/settle-left.js';
import { createFindFiles } from './use-cases/find-files.js';
import { createFindTemplate } from './use-cases/find-template.js';
import { createFoldStatuses } from './use-cases/fold-statuses.js';
import { createGetMessage } from './use-cases/get-message.js';
import { createMarkRead, type TellRead } from './use-cases/mark-read.js';
import { createNoteStops } from './use-cases/note-stops.js';
import {
  type Clock,
  type CloudApi,
  type Hash,
  type Leases,
  type MessageLists,
  type Messages,
  type MetaTokens,
  type Numbers,
  type Observer,
  type Queue,
  type Recipients,
  type Wamids,
  type Windows,
} from './use-cases/ports.js';
import { type MetaMedia } from './use-cases/media/ports.js';
import { type MetaNumbers, type Paces, type Places, type Reach } from './use-cases/pace-ports.js';
import { createPayFor } from './use-cases/money/paying.js';
import { type Money } from './use-cases/money/ports.js';
import { createHearTimers } from './use-cases/hear-timers.js';
import { createJudge } from './use-cases/judge.js';
import { createJudgeWithRoom } from './use-cases/judge-with-room.js';
import { createListMessages } from './use-cases/list-messages.js';
import { type Preferences } from './use-cases/preference-ports.js';
import { createResolveMessage } from './use-cases/resolve-message.js';
import { createSendMessages } from './use-cases/send-messages.js';
import { type TemplateDirectory, type Templates } from './use-cases/template-ports.js';

/** All that egress needs of the world. */
export interface Ports {
  readonly messages: Messages;
  readonly numbers: Numbers;
  readonly windows: Windows;
  readonly queue: Queue;
  readonly lists: MessageLists;
  readonly leases: Leases;
  readonly wamids: Wamids;
  readonly cloudApi: CloudApi;
  readonly tokens: MetaTokens;
  readonly recipients: Recipients;
  readonly preferences: Preferences;
  readonly templates: Templates;
  readonly paces: Paces;
  readonly reach: Reach;
  readonly places: Places;
  readonly metaNumbers: MetaNumbers;
  readonly metaMedia: MetaMedia;
  readonly tellRead: TellRead;
  /** Undefined where no template service is installed. */
  readonly directory: TemplateDirectory | undefined;
  readonly money: Money;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly newId: () => string;
  readonly nextOrder: () => number;
  readonly partitionOf: (number: string) => number;
  readonly observer: Observer;
}

export type Engine = ReturnType<typeof createEngine>;

export interface EngineOptions {
  readonly callTimeoutMs: number;
  readonly drainMs: number;
  readonly usMarketing: UsMarketing;
  readonly allowed: Allowed;
}

export function createEngine(ports: Ports, options: EngineOptions) {
  const finds = { findTemplate: createFindTemplate(ports), findFiles: createFindFiles(ports) };
  const judge = createJudge({ ...ports, ...options, ...finds });
  const judgeWithRoom = createJudgeWithRoom({ ...ports, judge });
  const getMessage = createGetMessage(ports);
  const persist = createPersist(ports);
  const askMeta = createAskMeta(ports);
  const reaching = createReaching({ ...ports, askMeta, persist }, options.allowed);
  const payFor = createPayFor({ ...ports, persist });
  const pacing = createPacing({ ...ports, askMeta }, options.allowed);
  const filesAtMeta = createFilesAtMeta({ ...ports, persist });
  const newCall = ports.newId;
  const dispatchMessage = createDispatchMessage({ ...ports, judge, filesAtMeta, reaching, payFor, newCall, persist });
  const settleLeft = createSettleLeft({ ...ports, persist });
  const keeper = createLeaseKeeper(ports);
  const dispatcher: Dispatcher = createDispatcher(
    { ...ports, keeper, dispatchMessage, settleLeft, pacing, knownStops: createKnownStops(ports) },
    { ...options, concurrency: CALLS },
  );
  const { wake, told } = dispatcher;
  return {
    dispatcher,
    acceptReplies: createAcceptReplies({ ...ports, judge: judgeWithRoom, wake }),
    claimLearnt: createClaimLearnt({ ...ports, persist }),
    noteStops: createNoteStops(ports),
    notePreferences: ports.preferences.note,
    noteTemplates: ports.templates.note,
    foldStatuses: createFoldStatuses({ ...ports, told }),
    hearChanges: createHearChanges(ports),
    hearTimers: createHearTimers({ ...ports, wake }),
    checkMessage: createCheckMessage({ ...ports, judge: judgeWithRoom }),
    sendMessages: createSendMessages({ ...ports, judge: judgeWithRoom }),
    markRead: createMarkRead(ports),
    getMessage,
    resolveMessage: createResolveMessage({ ...ports, getMessage }),
    listMessages: createListMessages(ports),
  };
}

/**
 * Calls to Meta under way at the same time, of one process: enough for a number at Meta's high throughput of 1,000 a second
 * whose calls take half a second. The pool of connections has as many, or calls would wait there, past their lease.
 */
export const CALLS = 512;
