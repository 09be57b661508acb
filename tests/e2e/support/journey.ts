import { type Chat, ChatServiceService, type ListChatsRequest } from '@switchboard/contracts/routing/v1/chat_service';
import { ChatState, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { FlowSettings } from '@switchboard/contracts/routing/v1/settings';
import { grpcClient, signToken } from '@switchboard/grpc';
import { eventually } from '@switchboard/testing';
import type { Place, System } from './system.js';
import { newWamid, oneMessage, type Person, post, text } from './webhooks.js';

export const MINUTE_MS = 60_000;

/** A brand of its own, with its number. */
export interface Brand extends Place {
  readonly number: string;
  readonly person: Customer;
}

/** Whose phone is known. */
export type Customer = Person & { readonly waId: string };

export type Journey = ReturnType<typeof createJourney>;

const anyState = [
  ChatState.CHAT_STATE_BOT,
  ChatState.CHAT_STATE_WAITING,
  ChatState.CHAT_STATE_MISSED,
  ChatState.CHAT_STATE_ACTIVE,
  ChatState.CHAT_STATE_COMPLETED,
];

/** With the patience of a busy machine. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> =>
  eventually(check, { timeoutMs: 60_000, everyMs: 100 });

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
  const newPerson = (): Customer => {
    const id = label();
    return { waId: `49170${id.slice(-9).padStart(7, '0')}`, userId: `DE.7${id}`, name: `Person ${id}` };
  };

  /** All chats of a number, in the order they began. */
  async function chatsOf(number: string, filter: Partial<ListChatsRequest> = {}): Promise<Chat[]> {
    const request = { organisationId, phoneNumberId: number, pageSize: 500, states: anyState, ...filter };
    const { chats } = await system.chats.listChats(request);
    return [...chats].sort(
      (a, b) =>
        (a.openedAt?.getTime() ?? 0) - (b.openedAt?.getTime() ?? 0) ||
        a.chatId.localeCompare(b.chatId, 'en', { numeric: true }),
    );
  }

  /** The newest chat of the number, or of one customer there. */
  async function chatOf(number: string, person?: Person): Promise<Chat> {
    const chats = await chatsOf(number);
    const newest = chats.findLast(({ customer }) => person === undefined || customer?.phone === person.waId);
    if (!newest) throw new Error('no chat yet');
    return newest;
  }

  /** Waits until the newest chat looks so. */
  const looks = (number: string, how: Partial<Chat>, person?: Person): Promise<Chat> =>
    soon(async () => {
      const found = await chatOf(number, person);
      expect(found).toMatchObject(how);
      return found;
    });

  let presses = 0;
  return {
    setFlow,
    newPerson,
    chatsOf,
    chatOf,
    looks,
    becomes: (number: string, state: ChatState, person?: Person): Promise<Chat> => looks(number, { state }, person),

    /** A brand of its own with these settings, a number that Meta knows too, and a customer. */
    async brandWith(flow: Partial<FlowSettings>): Promise<Brand> {
      const id = label();
      const [brandId, departmentId] = [`brand-${id}`, `dept-${id}`];
      await system.accounts.createBrand({ organisationId, brandId, name: 'Brand' });
      await system.accounts.createDepartment({ brandId, departmentId, name: 'Sales' });
      await soon(() => setFlow(brandId, flow));
      const number = await system.newNumber({ brandId, departmentId });
      await system.simulator.addNumber(number, system.demo.wabaId);
      return { brandId, departmentId, number, person: newPerson() };
    },

    /**
     * A customer's message, told by Meta at the time the moved clocks show; resolves once it is taken. Who writes thus
     * several times is heard in this order. What the simulator writes it posts side by side, as Meta does.
     */
    async write(person: Person, number: string, words: string, wamid = newWamid()): Promise<void> {
      const timestamp = String(Math.floor((Date.now() + system.stack.aheadMs()) / 1_000));
      const message = oneMessage(number, person, text(person, words, wamid, { timestamp }));
      expect(await post(system.webhookUrls[0] ?? '', message, system.appSecret)).toBe(200);
    },
    /** By a service of the organisation. */
    reply: (chatId: string, words: string) =>
      system.chats.reply({ chatId, idempotencyKey: `press-${(presses += 1)}`, text: words }),
    /** Texts of ours that the customer has; empty for what is none. */
    saidTo: async (person: Person): Promise<string[]> =>
      (await system.simulator.sentTo(person)).map((sent) => sent.text),

    /** Moves all clocks, and gives what became due the time to happen. */
    async advance(ms: number): Promise<void> {
      await system.stack.advance(ms);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    },

    /** With a token of the organisation that speaks for a bot. */
    async as<T>({ botId }: { readonly botId: string }, act: (chats: System['chats']) => Promise<T>): Promise<T> {
      const scope = 'routing.chats:write routing.chats:read';
      const claims = { subject: botId, botId, scope, organisationId, ttlSeconds: 300 };
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
