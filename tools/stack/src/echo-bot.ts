import { resolve } from 'node:path';
import { signToken } from '@switchboard/grpc';
import { demo } from './demo.js';
import { isOpen } from './ports.js';
import { type RunningProgram, startUntilReady } from './process.js';
import type { RunningStack } from './stack.js';

const script = resolve(import.meta.dirname, '../../../examples/echo-bot/echo-bot.mjs');

/** What the example bot is started with. */
export interface EchoBotOptions {
  /** As it was attached, to a number of the demo organisation. */
  readonly botId: string;
  /** As `BotService.PutBot` told it. */
  readonly webhookSecret: string;
  /** Where it listens, on this machine. */
  readonly port: number;
  readonly logFile: string;
}

/** The example bot as its users run it; resolves when it listens. */
export async function startEchoBot(
  stack: RunningStack,
  { botId, webhookSecret, port, logFile }: EchoBotOptions,
): Promise<RunningProgram> {
  const { organisationId } = demo;
  const claims = { subject: botId, botId, organisationId, scope: 'routing.chats:write', ttlSeconds: 3_600 };
  const program = {
    name: 'echo-bot',
    command: process.execPath,
    args: [script],
    logFile,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      WEBHOOK_SECRET: webhookSecret,
      ROUTING_GRPC: stack.grpc('routing').split(',')[0],
      TOKEN: await signToken(stack.secrets.jwtSecret, claims),
    },
  };
  return startUntilReady(program, () => isOpen(port));
}
