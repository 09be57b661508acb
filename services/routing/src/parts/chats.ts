import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import { grpcClient, serviceTokens } from '@switchboard/grpc';
import { part } from '@switchboard/service-kit';
import { createCheckReply } from '../adapters/grpc/check-reply.js';
import { createTellRead } from '../adapters/grpc/tell-read.js';
import { rowOf } from '../adapters/mongo/projections.js';
import { digest, newId, pause } from '../adapters/node/machine.js';
import { chatServer } from '../entrypoints/grpc/chat-server.js';
import { customerServer } from '../entrypoints/grpc/customer-server.js';
import { createWatch } from '../entrypoints/grpc/watch.js';
import { createChatCommands } from '../use-cases/chats/chat-commands.js';
import { createReadChats } from '../use-cases/chats/read-chats.js';
import { createCustomerUseCases } from '../use-cases/customers/customers.js';
import { createHandChats } from '../use-cases/chats/hand-chats.js';
import { createMarkChats } from '../use-cases/chats/mark-chats.js';
import { createMarkRead } from '../use-cases/chats/mark-read.js';
import type { ClaimPlace } from '../use-cases/ports.js';
import { createSeenChats } from '../use-cases/chats/seen-chats.js';
import { createWriteToCustomer } from '../use-cases/chats/write-to-customer.js';
import type { AroundParts } from './around.js';
import type { DeskParts } from './desk.js';
import { type Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

/** What people, bots and services read and do in chats, and with customers. */
export function chatParts(
  { config, tail, now }: Ground,
  { threads, customers, numbers, index, transcript, chatRows, messageStates, resolveCustomers, tellJoins }: ThreadParts,
  { lookAround }: AroundParts,
  { desk }: DeskParts,
) {
  const token = serviceTokens(config.grpc.jwtSecret, 'routing', 'egress.messages:read egress.messages:write');
  const egress = grpcClient(MessageServiceService, config.egress.address, { token });
  const claimPlace: ClaimPlace = (claim) => desk.claimPlace(claim);
  const seen = createSeenChats({
    threads,
    chatRows,
    rowOf: (threadId, sequence, thread) => {
      if (!thread.chat) return undefined;
      const { _id, ...row } = rowOf(threadId, sequence, thread, thread.chat);
      return { id: _id, ...row };
    },
  });
  const customerUseCases = createCustomerUseCases({
    customers,
    numbers,
    index,
    resolveCustomers,
    tellJoins,
    now,
    newId,
  });
  const commands = createChatCommands({ threads, seen, lookAround, now });
  const write = createWriteToCustomer({
    commands,
    seen,
    threads,
    numbers,
    customers: customerUseCases,
    lookAround,
    checkReply: createCheckReply(egress),
    claimPlace,
    digest,
    now,
  });
  const reads = createReadChats({ seen, index, transcript, chatRows, messageStates, pause });
  const hand = createHandChats({ commands, seen, claimPlace, pause });
  const mark = createMarkChats({ commands, digest });
  const markRead = createMarkRead({ seen, tellRead: createTellRead(egress) });
  return {
    servers: [chatServer(reads, { write, hand, mark, markRead }, createWatch(tail)), customerServer(customerUseCases)],
    parts: [part('egress', { stop: egress.close })],
  };
}
