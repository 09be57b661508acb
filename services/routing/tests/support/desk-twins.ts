import { type Ask, type Standing } from '../../src/domain/desk/want.js';
import { type Asks, type DeskIndex } from '../../src/use-cases/desk/ports.js';

/** Keeps what a thread of an organisation said last; its chat is open and nobody has it, unless that is said. */
export type PutAsk = (
  organisationId: string,
  threadId: string,
  ask: Ask & Partial<Pick<Standing, 'isOpen' | 'operatorId'>>,
) => Promise<void>;

/** In-memory twins of what threads said, and of what desks are compared with; they pass the contracts of the real ones. */
export function memoryAsks(desks: () => Iterable<string> = () => []): {
  readonly asks: Asks;
  readonly index: DeskIndex;
  readonly put: PutAsk;
} {
  const stored = new Map<string, { readonly organisationId: string; readonly ask: Ask; readonly standing: Standing }>();
  const all = () => [...stored.values()];
  const waitingOf = (organisationId: string) =>
    all().flatMap(({ organisationId: whose, ask: { chatId, count, want } }) =>
      whose === organisationId && want ? [{ chatId, count, want }] : [],
    );
  return {
    put(organisationId, threadId, { isOpen = true, operatorId = '', ...ask }) {
      stored.set(threadId, { organisationId, ask, standing: { ...ask, isOpen, operatorId } });
      return Promise.resolve();
    },
    index: {
      async *organisations() {
        const known = await Promise.resolve([...desks()]);
        for (let from = 0; from < known.length; from += 500) yield known.slice(from, from + 500);
        yield [...new Set(all().flatMap(({ organisationId, ask }) => (ask.want ? [organisationId] : [])))];
      },
      lines: (organisationId) =>
        Promise.resolve([...new Set(waitingOf(organisationId).map(({ want }) => want.line))].filter(Boolean)),
      standing: (threadIds) =>
        Promise.resolve(
          new Map(
            threadIds.flatMap((threadId): [string, Standing][] => {
              const found = stored.get(threadId);
              return found ? [[threadId, found.standing]] : [];
            }),
          ),
        ),
    },
    asks: {
      of: (threadIds) =>
        Promise.resolve(
          new Map(
            threadIds.flatMap((threadId): [string, Ask][] => {
              const found = stored.get(threadId);
              return found && found.ask.count > 0 ? [[threadId, found.ask]] : [];
            }),
          ),
        ),
      oldest: (organisationId, line, limit) =>
        Promise.resolve(
          waitingOf(organisationId)
            .filter(({ want }) => want.line === line)
            .sort((a, b) => a.want.since.getTime() - b.want.since.getTime() || (a.chatId < b.chatId ? -1 : 1))
            .slice(0, limit),
        ),
      queues(organisationId) {
        const queues = new Map<string, { departmentId: string; waiting: number; oldestSince: Date }>();
        for (const { want } of waitingOf(organisationId)) {
          const { departmentId, since } = want;
          const { waiting, oldestSince } = queues.get(departmentId) ?? { waiting: 0, oldestSince: since };
          const oldest = since < oldestSince ? since : oldestSince;
          queues.set(departmentId, { departmentId, waiting: waiting + 1, oldestSince: oldest });
        }
        return Promise.resolve([...queues.values()].sort((a, b) => (a.departmentId < b.departmentId ? -1 : 1)));
      },
    },
  };
}
