import type { Person } from './webhooks.js';

export interface SentMessage {
  readonly wamid: string;
  readonly text: string;
  readonly callbackData: string;
  /** When Meta took it, in milliseconds. */
  readonly at: number;
}

export interface SimulatorClient {
  /** A customer writes. */
  readonly write: (person: Person, phoneNumberId: string, text: string) => Promise<void>;
  /** Meta has this number too, of that account. */
  readonly addNumber: (phoneNumberId: string, wabaId: string) => Promise<void>;
  /** What a business sent to a person, in order. */
  readonly sentTo: (person: Person) => Promise<SentMessage[]>;
  /** What a number sent, in order. */
  readonly sentBy: (phoneNumberId: string) => Promise<SentMessage[]>;
  /** Limits of a number in the simulator's own words. */
  readonly limits: (phoneNumberId: string, limits: Record<string, unknown>) => Promise<void>;
  /** No statuses are told of their own accord. */
  readonly silence: (isSilent: boolean) => Promise<void>;
  /** Faults of a number in the simulator's own words; an empty object takes them away. */
  readonly faults: (phoneNumberId: string, faults: Record<string, unknown>) => Promise<void>;
  /** Tells a status now. */
  readonly tell: (wamid: string, status: string) => Promise<void>;
}

export function createSimulatorClient(url: string): SimulatorClient {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  async function sent(query: string): Promise<SentMessage[]> {
    const { messages } = (await ask('GET', `/control/messages?${query}`)) as {
      messages: { id: string; at: number; content?: { text?: { body?: string } }; biz_opaque_callback_data?: string }[];
    };
    return messages.map((message) => ({
      wamid: message.id,
      text: message.content?.text?.body ?? '',
      callbackData: message.biz_opaque_callback_data ?? '',
      at: message.at,
    }));
  }
  const usual = { sent_delay_ms: [10, 40], delivered_delay_ms: [20, 80], read_delay_ms: [40, 120] };
  return {
    async write({ waId, userId, name }, phoneNumberId, text) {
      if (userId !== undefined) await ask('POST', '/control/customers', { wa_id: waId, user_id: userId, name });
      await ask('POST', `/control/customers/${waId ?? userId}/messages`, {
        text,
        name,
        phone_number_id: phoneNumberId,
      });
    },
    async addNumber(phoneNumberId, wabaId) {
      const about = { display_phone_number: `1555${phoneNumberId.slice(-7)}`, verified_name: 'Demo' };
      await ask('POST', '/control/numbers', { phone_number_id: phoneNumberId, waba_id: wabaId, ...about });
    },
    sentTo: ({ waId, userId }) => sent(`customer=${waId ?? userId ?? ''}`),
    sentBy: (number) => sent(`phone_number_id=${number}&limit=100000`),
    async limits(number, limits) {
      await ask('PUT', `/control/limits/${number}`, limits);
    },
    async silence(isSilent) {
      await ask('PUT', '/control/faults', { ...usual, drop_statuses: isSilent ? 1 : 0 });
    },
    async faults(number, faults) {
      if (Object.keys(faults).length === 0) await ask('DELETE', `/control/faults/${number}`);
      else await ask('PUT', `/control/faults/${number}`, faults);
    },
    async tell(wamid, status) {
      await ask('POST', '/control/statuses', { message_id: wamid, status });
    },
  };
}
