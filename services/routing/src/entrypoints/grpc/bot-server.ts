import {
  Bot,
  BotIdleAction,
  type BotServiceServer,
  BotServiceService,
  type WatchBotRequest,
  type WatchBotResponse,
} from '@switchboard/contracts/routing/v1/bot_service';
import { type Call, type ServedService, serverStream, unary } from '@switchboard/grpc';
import { type AttachedBot, type IdleAction, type WrittenBot, writtenDuration } from '../../domain/bots/attached-bot.js';
import type { BotUseCases } from '../../use-cases/bots/bots.js';
import { aNumber, demand } from './requests.js';

export type WatchBot = (request: WatchBotRequest, call: Call) => AsyncGenerator<WatchBotResponse, void, undefined>;

/** Bots of numbers. */
export function botServer(bots: BotUseCases, watch: WatchBot): ServedService {
  const implementation: BotServiceServer = {
    putBot: unary(async ({ bot, webhookSecret }, { caller }) => {
      const written = bot ?? Bot.decode(new Uint8Array());
      demand(
        bot ? undefined : { field: 'bot', description: 'is needed in every call; send the whole bot' },
        aNumber('bot.phone_number_id', written.phoneNumberId),
      );
      const put = await bots.putBot(caller.organisationId, fromProto(written), webhookSecret);
      return { bot: toProto(put.bot), webhookSecret: put.secret };
    }),
    getBot: unary(async ({ phoneNumberId }, { caller }) => {
      demand(aNumber('phone_number_id', phoneNumberId));
      return { bot: toProto(await bots.getBot(caller.organisationId, phoneNumberId)) };
    }),
    removeBot: unary(async ({ phoneNumberId }, { caller }) => {
      demand(aNumber('phone_number_id', phoneNumberId));
      await bots.removeBot(caller.organisationId, phoneNumberId);
      return {};
    }),
    watchBot: serverStream(watch),
  };
  const [read, write] = ['routing.bots:read', 'routing.bots:write'];
  return {
    definition: BotServiceService,
    implementation,
    scopes: { putBot: write, getBot: read, removeBot: write, watchBot: read },
  };
}

const fromProto = (bot: Bot): WrittenBot => ({
  number: bot.phoneNumberId,
  botId: bot.botId,
  name: bot.name,
  webhookUrl: bot.webhookUrl,
  idleTime: bot.idleTime,
  idleAction: actions.get(bot.idleAction),
  answerTimeout: bot.answerTimeout,
  departmentId: bot.departmentId,
});

const actions: ReadonlyMap<BotIdleAction, IdleAction> = new Map([
  [BotIdleAction.BOT_IDLE_ACTION_CLOSE, 'close'],
  [BotIdleAction.BOT_IDLE_ACTION_HAND_OVER, 'hand-over'],
]);

const toProto = (bot: AttachedBot): Bot => ({
  phoneNumberId: bot.number,
  botId: bot.botId,
  name: bot.name,
  webhookUrl: bot.webhookUrl,
  idleTime: writtenDuration(bot.idleTime),
  idleAction:
    bot.idleAction === 'close' ? BotIdleAction.BOT_IDLE_ACTION_CLOSE : BotIdleAction.BOT_IDLE_ACTION_HAND_OVER,
  answerTimeout: writtenDuration(bot.answerTimeout),
  departmentId: bot.departmentId,
  version: BigInt(bot.version),
  changedAt: bot.changedAt,
  stopped: bot.isStopped,
});
