import { IngressServiceService, type IngressServiceServer } from '@switchboard/contracts/ingress/v1/ingress_service';
import {
  ChatServiceService,
  type ChatServiceServer,
  type WatchChatsResponse,
} from '@switchboard/contracts/routing/v1/chat_service';
import { type Call, grpcClient, grpcServer, localTokens, serverStream, signToken, unary } from '../../src/index.js';

export const secret = 'a-secret-of-thirty-two-characters-or-more';
/** What the server's log was told. */
export const said: { level: string; facts: object }[] = [];
const log = (level: string) => (facts: object) => void said.push({ level, facts });
export const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } as never;

const unused = unary(() => Promise.reject(new Error('not part of this test')));
const everyCall = Object.keys(ChatServiceService);
const chats = Object.fromEntries(everyCall.map((name) => [name, unused])) as unknown as ChatServiceServer;
const chatScopes = Object.fromEntries(everyCall.map((name) => [name, 'routing.chats:read']));
const ingressScopes = { listQuarantined: 'ingress.quarantine:read', replayQuarantined: 'ingress.quarantine:write' };

const stops: (() => Promise<void>)[] = [];

export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

/** A server with two services, and a client of each; stopped by `stopAll`. */
export async function serve(
  ingress: Partial<IngressServiceServer>,
  watch?: (call: Call) => AsyncIterable<WatchChatsResponse>,
  drainMs = 200,
) {
  const server = grpcServer({
    port: 0,
    verify: localTokens(secret),
    logger,
    drainMs,
    services: [
      {
        definition: IngressServiceService,
        implementation: { listQuarantined: unused, replayQuarantined: unused, ...ingress },
        scopes: ingressScopes,
      },
      {
        definition: ChatServiceService,
        implementation: { ...chats, watchChats: serverStream((_, call) => watch?.(call) ?? nothing()) },
        scopes: chatScopes,
      },
    ],
  });
  await server.start();
  const address = `127.0.0.1:${server.port()}`;
  const token = await signToken(secret, { subject: 'test', scope: 'ingress.* routing.chats:read', ttlSeconds: 60 });
  const client = grpcClient(IngressServiceService, address, { token });
  const watcher = grpcClient(ChatServiceService, address, { token });
  stops.push(async () => {
    client.close();
    watcher.close();
    await server.stop();
  });
  return { address, client, watcher, server };
}

const nothing = (): AsyncIterable<WatchChatsResponse> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
});
