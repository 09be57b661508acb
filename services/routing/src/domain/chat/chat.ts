/** A chat: an episode in a thread, at most one of them open. */
export interface Chat {
  readonly id: string;
  readonly state: ChatState;
  readonly openedAt: Date;
  readonly completedAt: Date | null;
  readonly completion: Completion | null;
  readonly former: string;
  readonly byUser: boolean;
  readonly unread: number;
  readonly lastAt: Date;
  readonly lastPreview: string;
  readonly lastAuthor: Author;
  /** Who has it, or had it last; empty while nobody did. */
  readonly operator: string;
  /** Who may take it now. */
  readonly offered: readonly string[];
  readonly offeredUntil: Date | null;
  /** The bot that attends to it, or did when it was completed; empty for people. */
  readonly bot: string;
  /** Rule that chose who is asked: empty for the default, null while none was asked for. */
  readonly rule: string | null;
  /** Department that answers; empty = the number's. */
  readonly department: string;
  /** The advertisement it came from. */
  readonly ad: string;
  /** Out-of-hours is said once per chat. */
  readonly saidClosed: boolean;
  /** The desk of the organisation keeps a turn or a place for it. */
  readonly atDesk: boolean;
  /** Since when it waits for a person; null while it does not. */
  readonly waitingSince: Date | null;
  readonly missedSince: Date | null;
  /** When somebody last wrote, or somebody else began to attend to it. */
  readonly idleSince: Date;
  /** The first message of the customer that nobody has answered. */
  readonly askedAt: Date | null;
  /** The warning was sent since. */
  readonly warned: boolean;
  readonly transfer: Transfer | null;
  /** 1 to 5; 0 = not rated. */
  readonly stars: number;
  /** Messages with words of the brand's lists. */
  readonly hits: number;
  /** Longest times, for trying other settings on chats of the past; null = never. */
  readonly longestWaitMs: number | null;
  readonly missedForMs: number | null;
  readonly longestIdleCustomerMs: number | null;
  readonly longestIdleOperatorMs: number | null;
}

export const chatStates = ['bot', 'waiting', 'missed', 'active', 'completed'] as const;
export type ChatState = (typeof chatStates)[number];

export type Author = 'customer' | 'operator' | 'bot' | 'business-app' | 'service' | 'system';

export type Completion =
  'operator' | 'number-disconnected' | 'joined' | 'missed' | 'idle' | 'profanity' | 'bot' | 'blocked';

/** A transfer that nobody has answered yet: to an operator, or to whoever answers in a department. */
export interface Transfer {
  readonly toOperator: string;
  readonly toDepartment: string;
  readonly by: string;
  readonly until: Date;
  readonly note: string;
}

export const isOpenChat = (chat: Chat | null): chat is Chat => chat !== null && chat.state !== 'completed';

/** A chat as it begins, before anybody attends to it. */
export const newChat = (
  id: string,
  at: Date,
  now: Date,
  about: Pick<Chat, 'former' | 'byUser' | 'lastPreview' | 'lastAuthor' | 'ad'>,
): Chat => ({
  id,
  state: 'waiting',
  openedAt: at,
  completedAt: null,
  completion: null,
  unread: 0,
  lastAt: at,
  operator: '',
  offered: [],
  offeredUntil: null,
  bot: '',
  rule: null,
  department: '',
  saidClosed: false,
  atDesk: false,
  waitingSince: null,
  missedSince: null,
  idleSince: now,
  askedAt: null,
  warned: false,
  transfer: null,
  stars: 0,
  hits: 0,
  longestWaitMs: null,
  missedForMs: null,
  longestIdleCustomerMs: null,
  longestIdleOperatorMs: null,
  ...about,
});

/** Whoever wrote last waits for the other side. */
export const owesAnswer = ({ askedAt }: Pick<Chat, 'askedAt'>): 'customer' | 'operator' =>
  askedAt === null ? 'customer' : 'operator';

/** What a list shows of a chat after a message: the latest one by its time. */
export const shown = (chat: Chat, at: Date, preview: string, author: Author) =>
  at >= chat.lastAt ? { lastAt: at, lastPreview: preview, lastAuthor: author } : {};
