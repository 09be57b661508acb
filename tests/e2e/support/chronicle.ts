import type { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { System } from './system.js';

type EventCase = NonNullable<ThreadEvent['event']>['$case'];

/** What a client heard from `WatchChats`, in the order it came; what came twice is there once. */
export interface Chronicle {
  readonly of: (number: string) => readonly ThreadEvent[];
  /** Of one kind. */
  readonly all: <Case extends EventCase>(number: string, kind: Case) => readonly Told<Case>[];
  readonly stop: () => Promise<void>;
}

/** An event of one kind, with what it says. */
export type Told<Case extends EventCase> = { readonly chatId: string } & (NonNullable<ThreadEvent['event']> & {
  readonly $case: Case;
})['value'];

/** Hears everything from when it resolves. */
export async function startChronicle(system: System, chats: Pick<System['chats'], 'watchChats'>): Promise<Chronicle> {
  const { organisationId } = system.demo;
  const ending = new AbortController();
  const heard = new Map<string, ThreadEvent>();
  const stream = chats.watchChats({ organisationId, heartbeatMs: 1_000 }, { signal: ending.signal });
  const responses = stream[Symbol.asyncIterator]();
  await responses.next();
  const reading = (async () => {
    for (let next = await responses.next(); next.done !== true; next = await responses.next()) {
      const { change } = next.value;
      if (change?.$case === 'reset') throw new Error(`the watch lost its place: ${change.value.reason}`);
      if (change?.$case !== 'threadEvent') continue;
      const id = `${change.value.threadId}:${change.value.sequence}`;
      if (!heard.has(id)) heard.set(id, change.value);
    }
  })();
  reading.catch(() => undefined);
  const of = (number: string): ThreadEvent[] =>
    [...heard.values()].filter(({ phoneNumberId }) => phoneNumberId === number);
  return {
    of,
    all: <Case extends EventCase>(number: string, kind: Case) =>
      of(number).flatMap(({ chatId, event }) =>
        event?.$case === kind ? [{ ...event.value, chatId } as unknown as Told<Case>] : [],
      ),
    async stop() {
      ending.abort();
      await reading;
    },
  };
}
