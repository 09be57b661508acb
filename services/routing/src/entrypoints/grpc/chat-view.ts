import { type Chat as ChatProto, ChatDeadline } from '@switchboard/contracts/routing/v1/chat_service';
import type { FieldViolation } from '@switchboard/errors';
import { Author as AuthorProto, ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import type { Party } from '../../domain/party.js';
import { type Author, type Chat, type Completion, type Due } from '../../domain/thread.js';
import type { ChatRow } from '../../use-cases/ports.js';

const states = {
  bot: ChatState.CHAT_STATE_BOT,
  missed: ChatState.CHAT_STATE_MISSED,
  waiting: ChatState.CHAT_STATE_WAITING,
  active: ChatState.CHAT_STATE_ACTIVE,
  completed: ChatState.CHAT_STATE_COMPLETED,
} as const satisfies Record<Chat['state'], ChatState>;

const authors = {
  customer: AuthorProto.AUTHOR_CUSTOMER,
  operator: AuthorProto.AUTHOR_OPERATOR,
  bot: AuthorProto.AUTHOR_BOT,
  'business-app': AuthorProto.AUTHOR_BUSINESS_APP,
  service: AuthorProto.AUTHOR_SERVICE,
  system: AuthorProto.AUTHOR_SYSTEM,
} as const satisfies Record<Author, AuthorProto>;

const completions = {
  operator: CompletionReason.COMPLETION_REASON_OPERATOR,
  'number-disconnected': CompletionReason.COMPLETION_REASON_NUMBER_DISCONNECTED,
  joined: CompletionReason.COMPLETION_REASON_JOINED,
  missed: CompletionReason.COMPLETION_REASON_MISSED,
  idle: CompletionReason.COMPLETION_REASON_IDLE,
  profanity: CompletionReason.COMPLETION_REASON_PROFANITY,
  bot: CompletionReason.COMPLETION_REASON_BOT,
  blocked: CompletionReason.COMPLETION_REASON_BLOCKED,
} as const satisfies Record<Completion, CompletionReason>;

const deadlines: Readonly<Record<Due, ChatDeadline>> = {
  missed: ChatDeadline.CHAT_DEADLINE_MISSED,
  'missed-close': ChatDeadline.CHAT_DEADLINE_MISSED_CLOSE,
  'idle-warning': ChatDeadline.CHAT_DEADLINE_IDLE_WARNING,
  'idle-close': ChatDeadline.CHAT_DEADLINE_IDLE_CLOSE,
  'bot-timeout': ChatDeadline.CHAT_DEADLINE_BOT_TIMEOUT,
  'bot-idle': ChatDeadline.CHAT_DEADLINE_BOT_IDLE,
  'transfer-timeout': ChatDeadline.CHAT_DEADLINE_TRANSFER_TIMEOUT,
  // Of a thread without an open chat.
  'block-end': ChatDeadline.CHAT_DEADLINE_UNSPECIFIED,
};

export const aChatState = (field: string, state: ChatState): FieldViolation | undefined =>
  Object.values<ChatState>(states).includes(state)
    ? undefined
    : {
        field,
        description:
          'must be bot, waiting, missed, active or completed; name one, or leave the list empty for all open chats',
      };

/** States as asked for; all that are not completed when none is. */
export function statesFrom(asked: readonly ChatState[]): Chat['state'][] {
  if (asked.length === 0) return ['bot', 'waiting', 'missed', 'active'];
  return (Object.keys(states) as Chat['state'][]).filter((state) => asked.includes(states[state]));
}

export const partyToProto = (party: Party) => ({
  phone: party.phone,
  userId: party.userId,
  parentUserId: party.parentUserId,
  username: party.username,
  profileName: party.profileName,
});

export const chatToProto = (row: ChatRow): ChatProto => ({
  chatId: row.id,
  threadId: row.threadId,
  phoneNumberId: row.number,
  brandId: row.brandId,
  departmentId: row.departmentId,
  customerId: row.customer,
  customer: partyToProto(row.party),
  state: states[row.state],
  openedAt: row.openedAt,
  completedAt: row.completedAt ?? undefined,
  completionReason: row.completion ? completions[row.completion] : CompletionReason.COMPLETION_REASON_UNSPECIFIED,
  lastMessageAt: row.lastAt,
  lastMessagePreview: row.lastPreview,
  lastMessageAuthor: authors[row.lastAuthor],
  unread: row.unread,
  windowClosesAt: row.windowClosesAt ?? undefined,
  freeEntryUntil: row.freeUntil ?? undefined,
  formerChatId: row.former,
  userInitiated: row.byUser,
  sequence: BigInt(row.sequence),
  operatorId: row.operator,
  offeredOperatorIds: [...row.offered],
  botId: row.bot,
  ruleId: row.rule ?? '',
  tags: [...row.tags],
  ratingStars: row.stars,
  profanityCount: row.hits,
  transfer: row.transfer
    ? {
        toOperatorId: row.transfer.toOperator,
        toDepartmentId: row.transfer.toDepartment,
        requestedBy: row.transfer.by,
        until: row.transfer.until,
      }
    : undefined,
  deadline: row.deadline ? deadlines[row.deadline.due] : ChatDeadline.CHAT_DEADLINE_UNSPECIFIED,
  deadlineAt: row.deadline?.at,
  waitingSince: row.waitingSince ?? undefined,
  blocked: row.blocked,
  blockRequested: row.blockRequested,
});
