import { OperatorRole } from '@switchboard/contracts/account/v1/events';
import { type Chat, ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { ChatState, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { FlowSettings } from '@switchboard/contracts/routing/v1/settings';
import { grpcClient, signToken } from '@switchboard/grpc';
import { eventually } from '@switchboard/testing';
import { type System } from './system.js';
import { newWamid, oneMessage, type Person, post, text } from './webhooks.js';

export const MINUTE_MS = 60_000;

const anyState = [
  ChatState.CHAT_STATE_BOT,
  ChatState.CHAT_STATE_WAITING,
  ChatState.CHAT_STATE_MISSED,
  ChatState.CHAT_STATE_ACTIVE,
  ChatState.CHAT_STATE_COMPLETED,
];

/** What people do in journeys: each has a brand and a number of its own, so that none hears of another's settings. */
export function createJourney(system: System) {
  const { organisationId } = system.demo;
  let made = 0;
  const label = (): string => `${Date.now() % 1e8}${(made += 1)}`;

  /** What is not named keeps its default. */
  async function setFlow(brandId: string, flow: Partial<FlowSettings>): Promise<void> {
    const { settings } = await system.settings.getSettings({ brandId });
    if (!settings?.flow) throw new Error('no settings yet');
    const whole = { ...settings.flow, ...flow };
    await system.settings.updateSettings({ brandId, expectedVersion: settings.version, flow: whole });
  }

  /** A customer nobody has seen. */
  const newPerson = (): Person => {
    const id = label();
    return { waId: `49170${id.slice(-9).padStart(7, '0')}`, userId: `DE.7${id}`, name: `Person ${id}` };
  };

  async function chatOf(phoneNumberId: string): Promise<Chat> {
    const { chats } = await system.chats.listChats({ organisationId, phoneNumberId, states: anyState });
    const [newest] = [...chats].sort(
      (a, b) =>
        (b.openedAt?.getTime() ?? 0) - (a.openedAt?.getTime() ?? 0) ||
        b.chatId.localeCompare(a.chatId, 'en', { numeric: true }),
    );
    if (!newest) throw new Error('no chat yet');
    return newest;
  }

  const chat = async (chatId: string): Promise<Chat> => {
    const { chat: found } = await system.chats.getChat({ chatId });
    if (!found) throw new Error(`no chat ${chatId}`);
    return found;
  };

  /** Waits until the number's newest chat looks so. */
  const looks = (phoneNumberId: string, how: Partial<Chat>): Promise<Chat> =>
    eventually(
      async () => {
        const found = await chatOf(phoneNumberId);
        expect(found).toMatchObject(how);
        return found;
      },
      { timeoutMs: 30_000 },
    );

  let presses = 0;
  return {
    setFlow,
    newPerson,
    chatOf,
    chat,
    looks,
    becomes: (phoneNumberId: string, state: ChatState): Promise<Chat> => looks(phoneNumberId, { state }),

    /** A brand of its own with these settings, a number, and a customer. */
    async brandWith(flow: Partial<FlowSettings>) {
      const id = label();
      const [brandId, departmentId] = [`brand-${id}`, `dept-${id}`];
      await system.accounts.createBrand({ organisationId, brandId, name: 'Brand' });
      await system.accounts.createDepartment({ brandId, departmentId, name: 'Sales' });
      await eventually(() => setFlow(brandId, flow));
      const number = await system.newNumber({ brandId, departmentId });
      await system.simulator.addNumber(number, system.demo.wabaId);
      return { brandId, departmentId, number, person: newPerson() };
    },

    /** Somebody who answers in these departments, as routing knows them. */
    async newOperator(name: string, departmentIds: string[], concurrentLimit = 0): Promise<string> {
      const operatorId = `${name}-${label()}`;
      const role = OperatorRole.OPERATOR_ROLE_ASSOCIATE;
      const about = { operatorId, organisationId, name, role, departmentIds, concurrentLimit, version: 0n };
      await system.accounts.putOperator({ operator: about });
      await eventually(() => system.desks.heartbeat({ organisationId, operatorId }));
      return operatorId;
    },
    presence: (operatorId: string, presence: Presence) =>
      system.desks.setPresence({ organisationId, operatorId, presence }),
    available: (...operatorIds: string[]) =>
      Promise.all(
        operatorIds.map((operatorId) =>
          system.desks.setPresence({ organisationId, operatorId, presence: Presence.PRESENCE_AVAILABLE }),
        ),
      ),
    async atDesk(operatorId: string) {
      const { operators } = await system.desks.getDesk({ organisationId });
      const found = operators.find((operator) => operator.operatorId === operatorId);
      if (!found) throw new Error(`${operatorId} is not at the desk`);
      return found;
    },

    /** A customer's message, told by Meta at the time the moved clocks show. */
    async write(person: Person, number: string, words: string, wamid = newWamid()): Promise<void> {
      const timestamp = String(Math.floor((Date.now() + system.stack.aheadMs()) / 1_000));
      const message = oneMessage(number, person, text(person, words, wamid, { timestamp }));
      expect(await post(system.webhookUrls[0] ?? '', message, system.appSecret)).toBe(200);
    },
    reply: (chatId: string, words: string) =>
      system.chats.reply({ chatId, idempotencyKey: `press-${(presses += 1)}`, text: words }),

    /** Moves all clocks, and gives what became due the time to happen. */
    async advance(ms: number): Promise<void> {
      await system.stack.advance(ms);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    },

    /** A client with a token of the organisation that speaks for a bot or an operator. */
    async as<T>(
      who: { readonly botId: string } | { readonly operatorId: string },
      act: (chats: System['chats']) => Promise<T>,
    ): Promise<T> {
      const subject = 'botId' in who ? who.botId : who.operatorId;
      const scope = 'routing.chats:write routing.chats:read';
      const claims = { subject, scope, organisationId, ttlSeconds: 300, ...who };
      const token = await signToken(system.stack.secrets.jwtSecret, claims);
      const client = grpcClient(ChatServiceService, system.stack.grpc('routing'), { token });
      try {
        return await act(client);
      } finally {
        client.close();
      }
    },

    async eventsOf(threadId: string): Promise<ThreadEvent[]> {
      const events = await system.allThreadEvents();
      const seen = new Map(events.filter((each) => each.threadId === threadId).map((each) => [each.sequence, each]));
      return [...seen.values()];
    },
  };
}

export type Journey = ReturnType<typeof createJourney>;
