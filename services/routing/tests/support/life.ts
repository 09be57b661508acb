import { type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type Flow } from '../../src/domain/flow/settings.js';
import { flow } from './inputs.js';
import { createWorld, numberState, serve, type World, wrote } from './world.js';

/** Somebody has written to a number of a brand with these settings; the world's time and timers are the test's. */

const stops: (() => Promise<void>)[] = [];
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

export const ana = { phone: '12025550143', userId: 'US.1' };
export const MINUTE = 60_000;

export interface Beginning {
  readonly flow?: Partial<Flow>;
  readonly bot?: World['bot'];
  /** Nobody has written yet. */
  readonly isQuiet?: boolean;
}

export async function begin({ flow: settings = {}, bot = null, isQuiet = false }: Beginning = {}) {
  const world = createWorld();
  world.flow = flow(settings);
  world.bot = bot;
  const server = await serve(world);
  stops.push(server.stop);
  await world.hearNumbers(numberState(1));
  if (!isQuiet) await world.hearMessages(wrote(ana, 'w1', world.clock.now()));
  const threadId = world.said()[0]?.threadId ?? '';
  const chats = await server.chats('acme');
  const state = async (n = 1) => {
    const { chat } = await chats.getChat({ chatId: `${threadId}:${n}` });
    if (!chat) throw new Error('there is no such chat');
    return chat;
  };
  let written = 1;
  return {
    world,
    server,
    chats,
    threadId,
    chatId: `${threadId}:1`,
    state,
    /** The customer writes; by default a text. */
    write: (more: Parameters<typeof wrote>[3] = {}) =>
      world.hearMessages(wrote(ana, `w${(written += 1)}`, world.clock.now(), more)),
  };
}

export const text = (body: string) => ({ content: { kind: { $case: 'text' as const, value: { body } } } });

export const typesOf = (world: World): string[] => world.said().map(({ event }) => event?.$case ?? '');

/** What the brand's settings said to the customer, in order. */
export const textsTold = (world: World): string[] =>
  world.said().flatMap(({ event }) => {
    if (event?.$case !== 'replyQueued' || event.value.author !== 6) return [];
    const kind = event.value.content?.kind;
    return kind?.$case === 'text' ? [kind.value.body] : kind?.$case === 'interactive' ? [kind.value.body] : [];
  });

type Values = { [E in NonNullable<ThreadEvent['event']> as E['$case']]: E['value'] };

/** The last event of a kind. */
export function lastOf<C extends keyof Values>(world: World, kind: C): Values[C] | undefined {
  return world.said().findLast(({ event }) => event?.$case === kind)?.event?.value as Values[C] | undefined;
}
