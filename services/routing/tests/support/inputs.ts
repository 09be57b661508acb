import { type Bot } from '../../src/domain/chat/bot.js';
import { type Want, wantOf } from '../../src/domain/desk/want.js';
import { type Duration } from '../../src/domain/flow/duration.js';
import { defaultFlow, type Flow } from '../../src/domain/flow/settings.js';
import { foldThread, type Folded } from '../../src/domain/fold.js';
import { emptyThread, type Thread } from '../../src/domain/thread.js';
import { isThreadEvent, type Said, type ThreadEvent } from '../../src/domain/thread-events.js';
import {
  type Actor,
  type Around,
  type Command,
  type Happening,
  type Received,
  type Sent,
  type ThreadInput,
  type Troubled,
} from '../../src/domain/thread-inputs.js';

/** Inputs of one thread, `341.1.ana`, and what folds them: for the tables and histories of chats. */

export const acme = { organisationId: 'acme', brandId: 'brand', departmentId: 'sales' };
export const whose = { number: '341', connection: 1, customer: 'ana', owner: acme };
export const THREAD = '341.1.ana';

export const minutes = (count: number): Duration => ({ months: 0, days: 0, seconds: count * 60 });
export const seconds = (count: number): Duration => ({ months: 0, days: 0, seconds: count });
export const at = (second: number): Date => new Date(Date.UTC(2026, 10, 25, 12, 0, second));

/** A chat that waits for whoever is there. */
export const aWant = (more: Partial<Want> = {}): Want =>
  wantOf({
    brandId: 'brand',
    departmentId: 'sales',
    target: { kind: 'everyone', operatorIds: [] },
    manner: 'all-at-once',
    offerTimeoutMs: 30_000,
    lastOperatorId: '',
    exceptIds: [],
    concurrentLimit: 5,
    since: at(1),
    ...more,
  });

/** Waiting 5 minutes, missed for an hour, idle after 10 or 20 minutes. */
export const flow = (more: Partial<Flow> = {}): Flow => ({
  ...defaultFlow('brand'),
  version: 1,
  waiting: minutes(5),
  missedClose: minutes(60),
  idleClose: { customerOwes: minutes(20), operatorOwes: minutes(10) },
  transferTimeout: minutes(2),
  ...more,
});

export const echo: Bot = {
  botId: 'echo',
  idleTime: minutes(15),
  idleAction: 'close',
  answerTimeout: seconds(30),
  departmentId: '',
};

export const around = (second: number, more: Partial<Around> = {}): Around => ({
  now: at(second),
  flow: flow(),
  brandName: 'Acme Shoes',
  bot: null,
  ...more,
});

export const operator = (id: string): Actor => ({ id, operator: id, bot: '', mayIntervene: false });
export const supervisor = (id: string): Actor => ({ id, operator: id, bot: '', mayIntervene: true });
export const service: Actor = { id: 'crm', operator: '', bot: '', mayIntervene: true };
export const botActor: Actor = { id: 'echo', operator: '', bot: 'echo', mayIntervene: false };

export const item = (
  what: Received['what'],
  itemId: string,
  second: number,
  more: Partial<Received> = {},
): Received => ({
  kind: 'received',
  whose,
  what,
  itemId,
  wamid: itemId,
  at: at(second),
  receivedAt: at(second),
  author: what === 'echo' ? 'business-app' : 'customer',
  party: { phone: '12025550143', profileName: 'Ana' },
  address: { phone: '12025550143' },
  content: { kind: { $case: 'text', value: { body: itemId } } },
  preview: itemId,
  context: undefined,
  referral: undefined,
  isAd: false,
  advertisementId: '',
  groupId: '',
  target: '',
  emoji: '',
  notice: 'system',
  action: '',
  raw: new Uint8Array(),
  text: itemId,
  hits: [],
  choice: '',
  seenBefore: false,
  ...more,
});

export const message = (itemId: string, second: number, more: Partial<Received> = {}): Received =>
  item('message', itemId, second, more);

export const sent = (messageId: string, second: number, more: Partial<Sent> = {}): Sent => ({
  kind: 'sent',
  whose,
  at: at(second),
  messageId,
  recipient: { phone: '12025550143' },
  content: {},
  preview: messageId,
  replyTo: '',
  seenBefore: false,
  ...more,
});

export const troubled = (messageId: string, second: number, more: Partial<Troubled> = {}): Troubled => ({
  kind: 'troubled',
  whose,
  at: at(second),
  eventId: `${messageId}:2`,
  messageId,
  chatId: '',
  trouble: 'failed',
  code: 'meta.1',
  reason: 'no',
  ...more,
});

type Plain<C> = C extends Command ? Omit<C, 'at' | 'organisationId' | 'chatId' | 'actor'> : never;

/** A command for a chat, by default the thread's last. */
export const command = (actor: Actor, what: Plain<Command>, second: number, chat = 1): Command =>
  ({ ...what, at: at(second), organisationId: 'acme', chatId: `${THREAD}:${chat}`, actor }) as Command;

const words = (key: string) => ({
  idempotencyKey: key,
  contentHash: key,
  content: { kind: { $case: 'text', value: { body: key } } },
  preview: key,
  replyTo: '',
});

export const reply = (actor: Actor, key: string, second: number, chat = 1): Command =>
  command(actor, { kind: 'reply', ...words(key) }, second, chat);

export const start = (actor: Actor, key: string, second: number): Command =>
  command(actor, { kind: 'start', ...words(key), whose, address: { phone: '12025550143' } }, second);

export interface Played {
  readonly thread: Thread;
  readonly said: readonly Said[];
  readonly events: readonly ThreadEvent[];
}

/** Folds happenings one after another, each with what holds around it at its time. */
export function play(
  happenings: readonly (Happening | ThreadInput)[],
  more: Partial<Around> = {},
  from: Thread = emptyThread(),
): Played {
  let thread = from;
  const said: Said[] = [];
  for (const happening of happenings) {
    const folded = fold(thread, happening, more, said.filter(isThreadEvent).length + 1);
    thread = folded.state;
    said.push(...folded.events);
  }
  return { thread, said, events: said.filter(isThreadEvent) };
}

export function fold(
  thread: Thread,
  happening: Happening | ThreadInput,
  more: Partial<Around> = {},
  nextSequence = 1,
): Folded {
  const input = 'flow' in happening ? happening : { ...around(0), now: happening.at, ...more, ...happening };
  return foldThread(thread, input, { nextSequence });
}

export const typesOf = ({ events }: Pick<Played, 'events'>): string[] => events.map(({ detail }) => detail.type);

/** The fire of the timer that is armed. */
export const fire = (thread: Thread): Happening => ({
  kind: 'fired',
  at: thread.timer?.at ?? at(0),
  version: thread.timer?.version ?? 0,
});

/** Fires until there is nothing left to fire, at most so often. */
export function fireAll(thread: Thread, more: Partial<Around> = {}, most = 20): Played {
  let played: Played = { thread, said: [], events: [] };
  for (let n = 0; n < most && played.thread.timer; n += 1) {
    const next = play([fire(played.thread)], more, played.thread);
    played = { thread: next.thread, said: [...played.said, ...next.said], events: [...played.events, ...next.events] };
  }
  return played;
}
