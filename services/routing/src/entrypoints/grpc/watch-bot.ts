import type { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { Failure } from '@switchboard/errors';
import { type Tail, watch, watchProblems } from '@switchboard/kafka';
import type { BotUseCases } from '../../use-cases/bots/bots.js';
import type { WatchBot } from './bot-server.js';
import { aNumber, demand } from './requests.js';
import type { Watched } from './watch.js';

/** What happens in the chats that the bot of a number has. */
export const createWatchBot = (tail: Pick<Tail<Watched>, 'subscribe'>, bots: Pick<BotUseCases, 'getBot'>): WatchBot =>
  async function* watchBot({ phoneNumberId: number, cursor }, { caller, signal }) {
    const request = { cursor, heartbeatMs: 0 };
    demand(aNumber('phone_number_id', number), ...watchProblems(request));
    const { botId, organisationId } = await bots.getBot(caller.organisationId, number);
    if (caller.botId !== undefined && caller.botId !== botId) {
      const message = `the token is of bot ${caller.botId} and the number has another; use a token of its own bot`;
      throw new Failure('forbidden', 'routing.other-bot', message);
    }
    const changes = watch(tail, request, {
      filter: (item) => item.org === organisationId && item.number === number && eventOf(item)?.botId === botId,
      changeOf: (item) => item.change(),
      signal,
      refusalCode: 'routing.invalid-request',
    });
    for await (const { cursor: next, change } of changes) {
      const threadEvent = change?.$case === 'threadEvent' ? change.value : undefined;
      yield { cursor: next, threadEvent, reset: change?.$case === 'reset' };
    }
  };

function eventOf(item: Watched): ThreadEvent | undefined {
  const change = item.change();
  return change?.$case === 'threadEvent' ? change.value : undefined;
}
