import { Failure, invalid } from '@switchboard/errors';
import { chatNotFound } from '../domain/fold.js';
import { partsOfThreadId, threadOfChat } from '../domain/spans.js';
import type { Author, Content, Thread } from '../domain/thread.js';
import { withAbsorbed } from './absorbed.js';
import type {
  ChatFilter,
  ChatRow,
  ChatRows,
  CheckReply,
  Clock,
  Digest,
  MessageStates,
  MessageStateView,
  ThreadIndex,
  Threads,
  Transcript,
  TranscriptEntry,
  TranscriptPlace,
} from './ports.js';

/** Whose data a caller may see: one organisation, or all of them for internal services. */
export type Tenant = string | undefined;

export interface ReplyRequest {
  readonly chatId: string;
  readonly idempotencyKey: string;
  readonly content: Content;
  readonly text: string;
  readonly replyTo: string;
  readonly author: Author;
  readonly authorId: string;
}

export interface MessagesPage {
  readonly entries: readonly TranscriptEntry[];
  readonly notes: (wamids: readonly string[]) => Promise<readonly TranscriptEntry[]>;
  readonly states: (messageIds: readonly string[]) => Promise<readonly MessageStateView[]>;
  readonly next: TranscriptPlace | undefined;
}

export type ChatUseCases = ReturnType<typeof createChatUseCases>;

/** How long a list waits for what was just committed to be in the transcript. */
const CATCH_UP_MS = 2_000;
const CATCH_UP_STEP_MS = 20;

export function createChatUseCases(deps: {
  threads: Threads;
  index: ThreadIndex;
  transcript: Transcript;
  chatRows: ChatRows;
  messageStates: MessageStates;
  checkReply: CheckReply;
  rowOf: (threadId: string, sequence: number, thread: Thread) => ChatRow | undefined;
  digest: Digest;
  now: Clock;
  pause: (ms: number) => Promise<void>;
}) {
  const { threads, index, transcript, chatRows, messageStates, checkReply, rowOf, digest, now, pause } = deps;

  /** A thread that the tenant may see, as a majority has it (SE-1). */
  async function visible(tenant: Tenant, threadId: string | undefined) {
    const snapshot = threadId === undefined ? null : await threads.read(threadId);
    const organisationId = snapshot?.state.owner?.organisationId;
    if (!snapshot || organisationId === undefined || (tenant !== undefined && tenant !== organisationId))
      throw chatNotFound();
    return { ...snapshot, organisationId };
  }

  async function caughtUp(threadId: string, sequence: number): Promise<void> {
    for (let waited = 0; waited < CATCH_UP_MS; waited += CATCH_UP_STEP_MS) {
      if (sequence === 0 || (await transcript.isThere(threadId, sequence))) return;
      await pause(CATCH_UP_STEP_MS);
    }
  }

  async function getChat(tenant: Tenant, chatId: string): Promise<ChatRow> {
    const thread = await visible(tenant, threadOfChat(chatId));
    const current = rowOf(thread.aggregateId, thread.sequence, thread.state);
    const row = current?.id === chatId ? current : await chatRows.find(chatId, thread.organisationId);
    if (!row) throw chatNotFound();
    return row;
  }

  return {
    getChat,

    listChats: (filter: ChatFilter, after: { lastAt: Date; id: string } | undefined, limit: number) =>
      chatRows.list(filter, after, limit),

    async listMessages(
      tenant: Tenant,
      of: { readonly chatId: string; readonly threadId: string },
      before: TranscriptPlace | undefined,
      limit: number,
    ): Promise<MessagesPage> {
      const threadId = of.chatId === '' ? of.threadId : threadOfChat(of.chatId);
      if (threadId === undefined || !partsOfThreadId(threadId)) throw chatNotFound();
      const thread = await visible(tenant, threadId);
      const threadIds = of.chatId === '' ? ((await withAbsorbed(index, [threadId])).get(threadId) ?? []) : [threadId];
      if (!before) await caughtUp(threadId, thread.sequence);
      const chatId = of.chatId === '' ? undefined : of.chatId;
      const { entries, next } = await transcript.page({ threadIds, chatId, before, limit });
      const notes = (wamids: readonly string[]) => transcript.notes(threadIds, wamids);
      return { entries, next, notes, states: messageStates.of };
    },

    /** Asks egress whether it may go, then appends it: what is refused never stands in a chat. */
    async reply(tenant: Tenant, request: ReplyRequest): Promise<{ messageId: string; sequence: number }> {
      const { aggregateId, state, organisationId } = await visible(tenant, threadOfChat(request.chatId));
      const { content, text, replyTo, author, authorId, chatId, idempotencyKey } = request;
      const contentHash = digest(JSON.stringify([chatId, text, replyTo]));
      const isRepeated = state.keys.some(({ key }) => key === idempotencyKey);
      if (state.chat?.id === chatId && state.chat.state !== 'completed' && !isRepeated) {
        const { number, customer, last, freeUntil } = state;
        const refusal = await checkReply({ number, customer, last, freeUntil, content });
        if (refusal) {
          const { code, reason, remedy } = refusal;
          throw new Failure('invalid', code, `${reason}; ${remedy}`, {
            violations: [{ field: 'text', description: `${reason}; ${remedy}` }],
          });
        }
      }
      const preview = previewOf(text);
      const command = { author, authorId, chatId, idempotencyKey, contentHash, content, preview, replyTo };
      const { sequence } = await threads.command(aggregateId, { kind: 'reply', at: now(), organisationId, ...command });
      return { messageId: `${aggregateId}:${sequence}`, sequence };
    },

    async complete(tenant: Tenant, chatId: string, by: string): Promise<ChatRow> {
      const { aggregateId, organisationId } = await visible(tenant, threadOfChat(chatId));
      await threads.command(aggregateId, { kind: 'complete', at: now(), organisationId, chatId, by });
      return getChat(tenant, chatId);
    },
  };
}

/** For lists. */
export const previewOf = (text: string): string => Array.from(text).slice(0, 200).join('');

/** A status travels in a header, which has an end: of a batch of 500 not every one can be named. */
const NAMED = 20;

/** One failure that lists everything that is wrong, or the first of it. */
export function demand(...found: readonly ({ field: string; description: string } | undefined)[]): void {
  const violations = found.filter((violation) => violation !== undefined);
  if (violations.length > 0) throw invalid('routing.invalid-request', violations.slice(0, NAMED));
}
