import type { Applied, LogInput, Position } from '@switchboard/aggregates';
import { countsOf, emptyDesk, HEAD } from '../domain/desk/desk.js';
import type {
  DeskInput,
  Held,
  OperatorTold,
  Refill,
  Refused,
  Released,
  TimerFired,
  Wanted,
} from '../domain/desk/desk-inputs.js';
import type { Ask } from '../domain/desk/want.js';
import { threadOfChat } from '../domain/spans.js';
import type { Asks, Desks } from './desk-ports.js';
import type { Clock } from './ports.js';

/** What a desk is told by the log, before it is known what holds. */
export type DeskSaid =
  | Omit<Wanted, 'at' | 'isStale'>
  | Omit<Held, 'at' | 'isStale'>
  | Omit<Refused, 'at'>
  | Omit<Released, 'at'>
  | Omit<TimerFired, 'at'>
  | Pick<Refill, 'kind' | 'line'>;

export interface DeskNews {
  readonly position: Position;
  readonly organisationId: string;
  readonly said: DeskSaid;
}

export type HearDesk = ReturnType<typeof createHearDesk>;

/**
 * Gives desks what the log says, in the chain of their partition. What a thread says twice, or said before something
 * newer, is known by what stands in the thread: the desk itself forgets a chat that is over.
 */
export function createHearDesk(deps: { desks: Desks; asks: Asks; now: Clock; head?: number }) {
  const { desks, asks, now, head = HEAD } = deps;

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
        return { ...said, at: now(), ...(await behind(organisationId, said.line)) };
      }
      case 'refused':
      case 'released':
      case 'timer-fired':
        return { ...said, at: now() };
    }
  }

  /** The oldest of a line that the desk does not know. Threads learn some time later what it has given away. */
  async function behind(organisationId: string, line: string): Promise<Pick<Refill, 'found' | 'isAll'>> {
    const desk = await desks.read(organisationId);
    const counts = countsOf(desk?.state ?? emptyDesk());
    const limit = head + counts.size;
    const all = await asks.oldest(organisationId, line, limit);
    const unknown = all.filter(({ chatId, count }) => (counts.get(chatId) ?? 0) < count);
    return { found: unknown.slice(0, head), isAll: all.length < limit && unknown.length <= head };
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
