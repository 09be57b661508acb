import { createTellApply } from '../adapters/kafka/apply-settings.js';
import { brandSettingsIndexes } from '../adapters/mongo/brand-settings.js';
import { chatTimesIndexes, createChatTimes } from '../adapters/mongo/chat-times.js';
import { newId } from '../adapters/node/machine.js';
import { settingsServer } from '../entrypoints/grpc/settings-server.js';
import { createSettingsUseCases } from '../use-cases/settings/settings.js';
import { createTrySettings } from '../use-cases/settings/try-settings.js';
import type { AroundParts } from './around.js';
import type { DeskParts } from './desk.js';
import type { Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

/** How the chats of a brand flow: kept in versions, tried, applied. */
export function settingsParts(
  { config, connection, producer, metrics, indexes, now }: Ground,
  { numbers }: ThreadParts,
  { brands, brandFlows: store }: AroundParts,
  { desk }: DeskParts,
) {
  const tellApply = createTellApply(producer, config.kafka.layout.partitions);
  const settings = createSettingsUseCases({ store, brands, tellApply, now, newId, observe: metrics.settings });
  const chatTimes = createChatTimes(connection);
  const trySettings = createTrySettings({ store, brands, numbers, chatTimes, desk, now });
  return {
    server: settingsServer(settings, trySettings),
    parts: [indexes('settings', [...brandSettingsIndexes, ...chatTimesIndexes])],
  };
}
