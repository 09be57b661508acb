import { type FieldViolation, invalid } from '@switchboard/errors';
import { chatNotFound } from '../../domain/chat/rights.js';
import { partsOfThreadId, threadOfChat } from '../../domain/spans.js';
import { withAbsorbed } from '../customers/absorbed.js';
import type {
  ChatFilter,
  ChatRows,
  MessageStates,
  MessageStateView,
  ThreadIndex,
  Transcript,
  TranscriptEntry,
  TranscriptPlace,
} from '../ports.js';
import type { SeenChats, Tenant } from './seen-chats.js';

export type { Tenant } from './seen-chats.js';

export interface MessagesPage {
  readonly entries: readonly TranscriptEntry[];
  readonly notes: (wamids: readonly string[]) => Promise<readonly TranscriptEntry[]>;
  readonly states: (messageIds: readonly string[]) => Promise<readonly MessageStateView[]>;
  readonly next: TranscriptPlace | undefined;
}

export type ReadChats = ReturnType<typeof createReadChats>;

/** How long a list waits for what was just committed to be in the transcript. */
const CATCH_UP_MS = 2_000;
const CATCH_UP_STEP_MS = 20;

/** Lists of chats and what was said in them. */
export function createReadChats(deps: {
  seen: SeenChats;
  index: Pick<ThreadIndex, 'absorbedBy'>;
  transcript: Transcript;
  chatRows: ChatRows;
  messageStates: MessageStates;
  pause: (ms: number) => Promise<void>;
}) {
  const { seen, index, transcript, chatRows, messageStates, pause } = deps;

  async function caughtUp(threadId: string, sequence: number): Promise<void> {
    for (let waited = 0; waited < CATCH_UP_MS; waited += CATCH_UP_STEP_MS) {
      if (sequence === 0 || (await transcript.isThere(threadId, sequence))) return;
      await pause(CATCH_UP_STEP_MS);
    }
  }

  return {
    getChat: (tenant: Tenant, chatId: string) => seen.chat(tenant, chatId),

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
      const thread = await seen.thread(tenant, threadId);
      const threadIds = of.chatId === '' ? ((await withAbsorbed(index, [threadId])).get(threadId) ?? []) : [threadId];
      if (!before) await caughtUp(threadId, thread.sequence);
      const chatId = of.chatId === '' ? undefined : of.chatId;
      const { entries, next } = await transcript.page({ threadIds, chatId, before, limit });
      const notes = (wamids: readonly string[]) => transcript.notes(threadIds, wamids);
      return { entries, next, notes, states: messageStates.of };
    },
  };
}

/** A status travels in a header, which has an end: of a batch of 500 not every one can be named. */
const NAMED = 20;

/** One failure that lists everything that is wrong, or the first of it. */
export function demand(...found: readonly (FieldViolation | undefined)[]): void {
  const violations = found.filter((violation) => violation !== undefined);
  if (violations.length > 0) throw invalid('routing.invalid-request', violations.slice(0, NAMED));
}
