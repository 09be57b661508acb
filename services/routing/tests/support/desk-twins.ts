import { type Ask } from '../../src/domain/desk/want.js';
import { type Asks } from '../../src/use-cases/desk-ports.js';

/** Keeps what a thread of an organisation said last. */
export type PutAsk = (organisationId: string, threadId: string, ask: Ask) => Promise<void>;

/** In-memory twin of what threads said; passes the contract of the real one. */
export function memoryAsks(): { readonly asks: Asks; readonly put: PutAsk } {
  const stored = new Map<string, { readonly organisationId: string; readonly ask: Ask }>();
  const waitingOf = (organisationId: string) =>
    [...stored.values()].flatMap(({ organisationId: whose, ask: { chatId, count, want } }) =>
      whose === organisationId && want ? [{ chatId, count, want }] : [],
    );
  return {
    put(organisationId, threadId, ask) {
      stored.set(threadId, { organisationId, ask });
      return Promise.resolve();
    },
    asks: {
      of: (threadIds) =>
        Promise.resolve(
          new Map(
            threadIds.flatMap((threadId): [string, Ask][] => {
              const found = stored.get(threadId);
              return found ? [[threadId, found.ask]] : [];
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
