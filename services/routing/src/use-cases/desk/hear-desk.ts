import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import { countsOf, type Desk, emptyDesk, HEAD, partsOf } from '../../domain/desk/desk.js';
import type {
  Checked,
  DeskInput,
  Held,
  OperatorTold,
  Refill,
  Refused,
  Released,
  TimerFired,
  Wanted,
} from '../../domain/desk/desk-inputs.js';
import type { Ask } from '../../domain/desk/want.js';
import { threadOfChat } from '../../domain/spans.js';
import type { Asks, DeskIndex, Desks } from './ports.js';
import type { Clock } from '../ports.js';

/** What a desk is told by the log, before it is known what holds. */
export type DeskSaid =
  | Omit<Wanted, 'at' | 'isStale'>
  | Omit<Held, 'at' | 'isStale'>
  | Omit<Refused, 'at'>
  | Omit<Released, 'at'>
  | Omit<TimerFired, 'at'>
  | Pick<Refill, 'kind' | 'line'>
  | { readonly kind: 'check' };

export interface DeskNews {
  readonly position: Position;
  readonly organisationId: string;
  readonly said: DeskSaid;
}

/** Threads that are looked up at once. */
const PAGE = 500;

export type HearDesk = ReturnType<typeof createHearDesk>;

/**
 * Gives desks what the log says, in the chain of their partition. What a thread says twice, or said before something
 * newer, is known by what stands in the thread: the desk itself forgets a chat that is over.
 */
export function createHearDesk(deps: { desks: Desks; asks: Asks; index: DeskIndex; now: Clock; head?: number }) {
  const { desks, asks, index, now, head = HEAD } = deps;

  return async function hearDesk(all: readonly DeskNews[], signal: AbortSignal): Promise<Applied> {
    const said = await asks.of([...new Set(all.flatMap(({ said: each }) => threadToAsk(each)))]);
    const inputs: LogInput<DeskInput>[] = [];
    for (const { position, organisationId, said: each } of all) {
      inputs.push({ aggregateId: organisationId, position, input: await inputOf(organisationId, each, said) });
    }
    return desks.apply(inputs, signal);
  };

  async function inputOf(organisationId: string, said: DeskSaid, known: ReadonlyMap<string, Ask>): Promise<DeskInput> {
    switch (said.kind) {
      case 'wanted':
      case 'held': {
        const ask = known.get(threadOfChat(said.chatId) ?? '');
        return { ...said, at: now(), isStale: ask !== undefined && ask.count !== said.count };
      }
      case 'refill': {
        return { ...said, at: now(), ...(await behind(organisationId, await stateOf(organisationId), said.line)) };
      }
      case 'check': {
        return { kind: 'checked', at: now(), ...(await checked(organisationId)) };
      }
      case 'refused':
      case 'released':
      case 'timer-fired':
        return { ...said, at: now() };
    }
  }

  async function stateOf(organisationId: string): Promise<Desk> {
    return (await desks.read(organisationId))?.state ?? emptyDesk();
  }

  /** What the threads say of the chats that the desk knows, and of those in its lines that it does not. */
  async function checked(organisationId: string): Promise<Pick<Checked, 'chats' | 'lines'>> {
    const desk = await stateOf(organisationId);
    const known = [...countsOf(desk).keys()];
    const chats: Checked['chats'][number][] = [];
    for (let from = 0; from < known.length; from += PAGE) {
      const page = known.slice(from, from + PAGE).map((chatId) => ({ chatId, threadId: threadOfChat(chatId) ?? '' }));
      const standing = await index.standing(page.map(({ threadId }) => threadId));
      chats.push(...page.map(({ chatId, threadId }) => ({ chatId, standing: standing.get(threadId) })));
    }
    // A line the desk marks may be empty by now: the mark would keep whoever comes next out of its head.
    const named = new Set([...partsOf(desk).lines, ...(await index.lines(organisationId))]);
    const lines: Checked['lines'][number][] = [];
    for (const line of named) lines.push(await behind(organisationId, desk, line));
    return { chats, lines };
  }

  /** The oldest of a line that the desk does not know. Threads learn some time later what it has given away. */
  async function behind(
    organisationId: string,
    desk: Desk,
    line: string,
  ): Promise<Pick<Refill, 'line' | 'found' | 'isAll'>> {
    const counts = countsOf(desk);
    const limit = head + counts.size;
    const all = await asks.oldest(organisationId, line, limit);
    const unknown = all.filter(({ chatId, count }) => (counts.get(chatId) ?? 0) < count);
    return { line, found: unknown.slice(0, head), isAll: all.length < limit && unknown.length <= head };
  }
}

function threadToAsk(said: DeskSaid): string[] {
  const threadId = said.kind === 'wanted' || said.kind === 'held' ? threadOfChat(said.chatId) : undefined;
  return threadId === undefined ? [] : [threadId];
}

/** An operator, as account tells of them. */
export interface OperatorNews extends Omit<OperatorTold, 'kind' | 'at'> {
  readonly organisationId: string;
}

export type HearOperators = ReturnType<typeof createHearOperators>;

/** Their key is another than the desk's, so they come to it as commands; the version makes them safe to repeat. */
export function createHearOperators(deps: { desks: Pick<Desks, 'command'>; now: Clock }) {
  return async function hearOperators(all: readonly OperatorNews[]): Promise<Applied> {
    const newest = new Map(all.map((news) => [news.operatorId, news]));
    await Promise.all(
      [...newest.values()].map(({ organisationId, ...told }) =>
        deps.desks.command(organisationId, { kind: 'operator-told', at: deps.now(), ...told }),
      ),
    );
    return { done: Promise.resolve() };
  };
}
