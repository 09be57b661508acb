import { grpcMetrics, grpcServer, localTokens } from '@switchboard/grpc';
import type { Component, Platform } from '@switchboard/service-kit';
import type { Config } from './config.js';
import { aroundParts } from './parts/around.js';
import { blockParts } from './parts/blocks.js';
import { botParts } from './parts/bots.js';
import { chatParts } from './parts/chats.js';
import { deskParts } from './parts/desk.js';
import { groundParts } from './parts/ground.js';
import { numberLogParts } from './parts/number-log.js';
import { settingsParts } from './parts/settings.js';
import { threadParts } from './parts/threads.js';

/** The parts of routing, in the order they start. */
export function routingService(config: Config, platform: Platform): Component[] {
  const ground = groundParts(config, platform);
  const threads = threadParts(ground);
  const around = aroundParts(ground, threads);
  const desk = deskParts(ground, around);
  const settings = settingsParts(ground, threads, around, desk);
  const chats = chatParts(ground, threads, around, desk);
  const bots = botParts(ground, threads, around);
  const blocks = blockParts(ground, threads);
  const numberLog = numberLogParts(ground, threads, around, desk);

  const server = grpcServer({
    port: config.grpc.port,
    services: [...chats.servers, settings.server, desk.server, bots.server],
    verify: localTokens(config.grpc.jwtSecret),
    logger: platform.logger,
    metrics: grpcMetrics(platform.metrics),
  });
  return [
    ...ground.parts,
    ...threads.parts,
    ...desk.parts,
    ...settings.parts,
    ...chats.parts,
    ...numberLog.parts,
    ...bots.parts,
    ...blocks.parts,
    server,
  ];
}
