import type { Bot } from './chat/bot.js';
import type { Flow } from './flow/settings.js';
import type { Party } from './party.js';
import type { Owner } from './spans.js';
import type { Author, Content } from './thread.js';
import type { AssignmentCause, TextSpan, Trouble } from './thread-events.js';

/** Whose thread it is: told with every input, so that the first one makes it. */
export interface Whose {
  readonly number: string;
  readonly connection: number;
  readonly customer: string;
  /** The number's owner as of the input's position. */
  readonly owner: Owner | null;
}

/** What came by `whatsapp.messages`. */
export interface Received {
  readonly kind: 'received';
  readonly whose: Whose;
  readonly what: 'message' | 'echo' | 'edit' | 'revocation' | 'reaction' | 'history' | 'notice';
  /** Names the item among its repetitions: the wamid, or the event's id where Meta gives none. */
  readonly itemId: string;
  readonly wamid: string;
  /** By Meta's clock, or when we had it where Meta says nothing. */
  readonly at: Date;
  readonly receivedAt: Date;
  readonly author: Author;
  readonly party: Party;
  readonly address: Party;
  readonly content: Content | undefined;
  readonly preview: string;
  readonly context: object | undefined;
  readonly referral: object | undefined;
  /** The referral is an advertisement: an answer opens a free entry. */
  readonly isAd: boolean;
  /** Id of the advertisement, or of what else the customer came by; empty for none. */
  readonly advertisementId: string;
  readonly groupId: string;
  /** Of an edit, revocation or reaction: the message it is about. */
  readonly target: string;
  readonly emoji: string;
  readonly notice: string;
  readonly action: string;
  readonly raw: Uint8Array;
  /** What it says, or says now, as rules and scanners read it; empty where it is no text. */
  readonly text: string;
  /** Where its text has words of the brand's lists. */
  readonly hits: readonly TextSpan[];
  /** The id of what was chosen from a list or of a button; empty for the rest. */
  readonly choice: string;
  /** The transcript has it: an item older than what the ring knows came again (RX-4). */
  readonly seenBefore: boolean;
}

export interface Adopt {
  readonly kind: 'adopt';
  readonly at: Date;
  readonly owner: Owner;
}

export interface Disconnected {
  readonly kind: 'disconnected';
  readonly at: Date;
}

export interface JoinedInto {
  readonly kind: 'joined-into';
  readonly whose: Whose;
  readonly at: Date;
  readonly intoThread: string;
  readonly intoCustomer: string;
}

export interface Parted {
  readonly kind: 'parted';
  readonly at: Date;
}

/** A message that a service or a broadcast sent: egress has accepted it. */
export interface Sent {
  readonly kind: 'sent';
  readonly whose: Whose;
  readonly at: Date;
  readonly messageId: string;
  readonly recipient: Party;
  readonly content: Content | undefined;
  readonly preview: string;
  /** The message it answers (wamid); empty for none. */
  readonly replyTo: string;
  /** The transcript has it: its event came again later than what the ring knows. */
  readonly seenBefore: boolean;
}

export interface Troubled {
  readonly kind: 'troubled';
  readonly whose: Whose;
  readonly at: Date;
  /** Of what egress said: it may say it again. */
  readonly eventId: string;
  readonly messageId: string;
  /** As egress knew it when the message was asked for. */
  readonly chatId: string;
  readonly trouble: Trouble;
  readonly code: string;
  readonly reason: string;
}

/** Who gives a command, as the token says. */
export interface Actor {
  /** Subject of the token; stands in events. */
  readonly id: string;
  /** The operator it speaks for; empty for services and bots. */
  readonly operator: string;
  /** The bot it speaks for; empty for the rest. */
  readonly bot: string;
  /** Supervisors and internal services may act in chats that others have. */
  readonly mayIntervene: boolean;
}

interface ChatCommand {
  readonly at: Date;
  readonly organisationId: string;
  readonly chatId: string;
  readonly actor: Actor;
}

/** What is said, once per key. */
export interface Outbound {
  readonly idempotencyKey: string;
  readonly contentHash: string;
  readonly content: Content;
  readonly preview: string;
  readonly replyTo: string;
}

export interface ReplyCommand extends ChatCommand, Outbound {
  readonly kind: 'reply';
}

/** Opens a chat from our side; with an open chat that one is answered. */
export interface StartCommand extends Omit<ChatCommand, 'chatId'>, Outbound {
  readonly kind: 'start';
  readonly whose: Whose;
  readonly address: Party;
}

export interface CompleteCommand extends ChatCommand {
  readonly kind: 'complete';
}

export interface RefuseCommand extends ChatCommand {
  readonly kind: 'refuse';
  readonly operator: string;
}

export interface TransferCommand extends ChatCommand {
  readonly kind: 'transfer';
  readonly toOperator: string;
  readonly toDepartment: string;
  readonly note: string;
}

/** An acceptance comes by way of the desk, which keeps the place. */
export interface AnswerTransferCommand extends ChatCommand {
  readonly kind: 'answer-transfer';
  readonly answer: 'refuse' | 'withdraw';
  readonly operator: string;
}

export interface HandOverCommand extends ChatCommand {
  readonly kind: 'hand-over';
  readonly department: string;
  readonly note: string;
}

export interface AddNoteCommand extends ChatCommand {
  readonly kind: 'add-note';
  readonly idempotencyKey: string;
  readonly contentHash: string;
  readonly text: string;
}

export interface SetTagsCommand extends ChatCommand {
  readonly kind: 'set-tags';
  readonly tags: readonly string[];
}

export interface BlockCommand extends ChatCommand {
  readonly kind: 'block';
  readonly reason: string;
  /** ISO 8601; empty = for ever. */
  readonly duration: string;
  readonly spam: boolean;
}

export interface DecideBlockCommand extends ChatCommand {
  readonly kind: 'decide-block';
  readonly approve: boolean;
}

export interface UnblockCommand extends ChatCommand {
  readonly kind: 'unblock';
}

export type Command =
  | ReplyCommand
  | StartCommand
  | CompleteCommand
  | RefuseCommand
  | TransferCommand
  | AnswerTransferCommand
  | HandOverCommand
  | AddNoteCommand
  | SetTagsCommand
  | BlockCommand
  | DecideBlockCommand
  | UnblockCommand;

/** What the desk says to a thread. */
export interface OfferInput {
  readonly kind: 'offer';
  readonly at: Date;
  readonly chatId: string;
  /** 1, 2, 3 … within the desk. */
  readonly sequence: number;
  /** Of the request it answers. */
  readonly count: number;
  readonly offer:
    | { readonly type: 'offered'; readonly operators: readonly string[]; readonly until: Date | null }
    | { readonly type: 'assigned'; readonly operator: string; readonly cause: AssignmentCause }
    | { readonly type: 'ended'; readonly operators: readonly string[]; readonly timedOut: boolean };
}

/** A timer fired. */
export interface Fired {
  readonly kind: 'fired';
  readonly at: Date;
  readonly version: number;
}

/** Settings are to hold for chats that are open now (CH-9). */
export interface SettingsApplied {
  readonly kind: 'settings-applied';
  readonly at: Date;
}

/** The bot of the number was taken away or changed for another. */
export interface BotDetached {
  readonly kind: 'bot-detached';
  readonly at: Date;
}

export type Happening =
  | Received
  | Adopt
  | Disconnected
  | JoinedInto
  | Parted
  | Sent
  | Troubled
  | OfferInput
  | Fired
  | SettingsApplied
  | BotDetached
  | Command;

/** What holds while an input is folded, so that folding needs nothing else. */
export interface Around {
  /** When it was taken up: times that are waited for begin here. What Meta's clock says is in the input. */
  readonly now: Date;
  /** The brand's settings as they are now. */
  readonly flow: Flow;
  /** Its name, for the texts of its settings. */
  readonly brandName: string;
  /** The number's bot. */
  readonly bot: Bot | null;
}

export type ThreadInput = Happening & Around;
