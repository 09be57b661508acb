import type { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { Failure } from '@switchboard/errors';
import type { Tail } from '@switchboard/kafka';
import type { BotUseCases } from '../../use-cases/bots.js';
import type { WatchBot } from './bot-server.js';
import { aNumber, demand } from './requests.js';
import { aCursor, type Watched, withField } from './watch.js';

const HEARTBEAT_MS = 15_000;

/** What happens in the chats that the bot of a number has. */
export const createWatchBot = (tail: Pick<Tail<Watched>, 'subscribe'>, bots: Pick<BotUseCases, 'getBot'>): WatchBot =>
  async function* watchBot({ phoneNumberId: number, cursor }, { caller, signal }) {
    demand(aNumber('phone_number_id', number), aCursor('cursor', cursor));
    const { botId, organisationId } = await bots.getBot(caller.organisationId, number);
    if (caller.botId !== undefined && caller.botId !== botId) {
      const message = `the token is of bot ${caller.botId} and the number has another; use a token of its own bot`;
      throw new Failure('forbidden', 'routing.other-bot', message);
    }
    const events = tail.subscribe({
      from: cursor === '' ? 'latest' : cursor,
      filter: (item) => item.org === organisationId && item.number === number && eventOf(item)?.botId === botId,
      signal,
      idleMs: HEARTBEAT_MS,
    });
    for await (const event of withField(events)) {
      const threadEvent = event.kind === 'item' ? eventOf(event.item) : undefined;
      yield { cursor: event.cursor, threadEvent, reset: event.kind === 'reset' };
    }
  };

function eventOf(item: Watched): ThreadEvent | undefined {
  const change = item.change();
  return change?.$case === 'threadEvent' ? change.value : undefined;
}
