import { OperatorRole } from '@switchboard/contracts/account/v1/events';
import { ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { DeskServiceService, Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { type FlowSettings, type OfferManner, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import { grpcClient, signToken } from '@switchboard/grpc';
import { soon } from './journey.js';
import type { Place, System } from './system.js';

const BEAT_MS = 500;

/** The client of one of them. */
export type OperatorClient = Awaited<ReturnType<Operators['hire']>>;
export type Operators = ReturnType<typeof createOperators>;

let hired = 0;
let presses = 0;

/** People of the demo organisation, each with a token that speaks for them alone. */
export function createOperators(system: System) {
  const { organisationId } = system.demo;
  const all: { readonly leave: () => Promise<void>; readonly close: () => void }[] = [];

  async function hire(
    place: Pick<Place, 'departmentId'>,
    { limit = 0, isSupervisor = false }: { limit?: number; isSupervisor?: boolean } = {},
  ) {
    const operatorId = `op-${Date.now() % 1e8}-${(hired += 1)}`;
    const role = isSupervisor ? OperatorRole.OPERATOR_ROLE_SUPERVISOR : OperatorRole.OPERATOR_ROLE_ASSOCIATE;
    const departmentIds = [place.departmentId];
    const operator = { operatorId, organisationId, name: operatorId, role, departmentIds, concurrentLimit: limit };
    await system.accounts.putOperator({ operator: { ...operator, version: 0n } });
    const scopes = ['routing.chats:read', 'routing.chats:write', 'routing.desks:read', 'routing.desks:write'];
    const scope = [...scopes, ...(isSupervisor ? ['routing.chats:supervise'] : [])].join(' ');
    const claims = { subject: operatorId, scope, organisationId, operatorId, ttlSeconds: 3_600 };
    const options = { token: await signToken(system.stack.secrets.jwtSecret, claims), deadlineMs: 15_000 };
    const chats = grpcClient(ChatServiceService, system.stack.grpc('routing'), options);
    const desks = grpcClient(DeskServiceService, system.stack.grpc('routing'), options);
    const is = (presence: Presence) => desks.setPresence({ operatorId, presence });
    let beats: NodeJS.Timeout | undefined;
    let beating: Promise<unknown> = Promise.resolve();

    /** No sign of life any more; nothing else is said. */
    async function fallSilent(): Promise<void> {
      clearInterval(beats);
      await beating;
    }
    const client = {
      operatorId,
      chats,
      desks,
      is,
      /** Is available and gives signs of life; waits until the desk has heard of them from account. */
      async come(): Promise<void> {
        await soon(() => is(Presence.PRESENCE_AVAILABLE));
        beats = setInterval(() => {
          beating = beating.then(() => desks.heartbeat({ operatorId })).catch(() => undefined);
        }, BEAT_MS);
      },
      fallSilent,
      async leave(): Promise<void> {
        await fallSilent();
        await is(Presence.PRESENCE_AWAY);
      },
      reply: (chatId: string, text: string) =>
        chats.reply({ chatId, idempotencyKey: `operator-${(presses += 1)}`, text }),
      close: () => {
        chats.close();
        desks.close();
      },
    };
    all.push(client);
    return client;
  }

  return {
    hire,
    /** So many, there and available. */
    async team(place: Pick<Place, 'departmentId'>, count: 1 | 2 | 3, how: Parameters<typeof hire>[1] = {}) {
      const team = await Promise.all(Array.from({ length: count }, () => hire(place, how)));
      await Promise.all(team.map((each) => each.come()));
      return team as [OperatorClient, OperatorClient, OperatorClient];
    },
    /** All go home; to be called at the end. */
    async dismiss(): Promise<void> {
      for (const each of all.splice(0)) {
        await each.leave().catch(() => undefined);
        each.close();
      }
    },
  };
}

/** Every chat is offered in this manner. */
export const offered = (
  manner: OfferManner,
  {
    target = TargetKind.TARGET_KIND_EVERYONE,
    offerTimeout = 'PT30M',
  }: { target?: TargetKind; offerTimeout?: string } = {},
): Pick<FlowSettings, 'routingRules'> => ({
  routingRules: [
    {
      ruleId: 'all',
      name: 'All',
      conditions: [],
      target: { kind: target, operatorIds: [], departmentId: '' },
      manner,
      offerTimeout,
    },
  ],
});
