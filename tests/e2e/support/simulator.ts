import type { Person } from './webhooks.js';

export interface SentMessage {
  readonly wamid: string;
  readonly text: string;
  readonly callbackData: string;
  /** When Meta took it, in milliseconds. */
  readonly at: number;
  /** As Meta was given it: `{type, text: {…}}`, `{type, template: {…}}` … */
  readonly content: Readonly<Record<string, unknown>>;
}

export interface SentFile {
  readonly kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export interface Counters {
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly doubles: number;
}

export interface SimulatorClient {
  /** A customer writes. */
  readonly write: (person: Person, phoneNumberId: string, text: string) => Promise<void>;
  /** A customer sends a file. */
  readonly send: (person: Person, phoneNumberId: string, file: SentFile) => Promise<void>;
  /** What Meta has of a file of a number: its SHA-256 (hex) and its size. */
  readonly fileAt: (
    phoneNumberId: string,
    mediaId: string,
  ) => Promise<{ readonly sha256: string; readonly size: number }>;
  /** Meta does not have it any more. */
  readonly forgetFile: (mediaId: string) => Promise<void>;
  /** What the customer is shown of their own messages, in order: `read`, `typing`. */
  readonly shownTo: (person: Person) => Promise<string[][]>;
  /** A customer chooses a row of a list. */
  readonly choose: (person: Person, phoneNumberId: string, row: { id: string; title: string }) => Promise<void>;
  /** Phones that a number has blocked. */
  readonly blockedBy: (phoneNumberId: string) => Promise<string[]>;
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
  /** What messages that were charged cost at Meta, in USD, by country and category. */
  readonly rates: (rates: readonly { country: string; category: string; usd: number }[]) => Promise<void>;
  /** Meta has charged so many messages of a number that nobody was told of. */
  readonly charge: (phoneNumberId: string, about: Record<string, unknown>) => Promise<void>;
  /** What reviews of templates of this name will say. */
  readonly decide: (name: string, verdict: Record<string, unknown>) => Promise<void>;
  /** Does something to a template, such as `pause` or `categorise`, and tells it. */
  readonly act: (name: string, action: string, given?: Record<string, unknown>) => Promise<void>;
  /** Meta has this template too, approved, as if it had been made there. */
  readonly seed: (name: string) => Promise<void>;
  /** What a number was refused, by code, and how many messages came with callback data that was there before. */
  readonly counters: (phoneNumberId: string) => Promise<Counters>;
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
  async function graph(method: string, path: string): Promise<unknown> {
    const headers = { authorization: 'Bearer demo-token' };
    const response = await fetch(`${url}/v25.0/${path}`, { method, headers });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
  async function sent(query: string): Promise<SentMessage[]> {
    const { messages } = (await ask('GET', `/control/messages?${query}`)) as {
      messages: {
        id: string;
        at: number;
        content?: { text?: { body?: string } } & Record<string, unknown>;
        biz_opaque_callback_data?: string;
      }[];
    };
    return messages.map((message) => ({
      wamid: message.id,
      text: message.content?.text?.body ?? '',
      callbackData: message.biz_opaque_callback_data ?? '',
      at: message.at,
      content: message.content ?? {},
    }));
  }
  const usual = { sent_delay_ms: [10, 40], delivered_delay_ms: [20, 80], read_delay_ms: [40, 120] };
  async function say({ waId, userId, name }: Person, phoneNumberId: string, said: object): Promise<void> {
    if (userId !== undefined) await ask('POST', '/control/customers', { wa_id: waId, user_id: userId, name });
    const message = { ...said, name, phone_number_id: phoneNumberId };
    await ask('POST', `/control/customers/${waId ?? userId}/messages`, message);
  }
  return {
    write: (person, phoneNumberId, text) => say(person, phoneNumberId, { text }),
    send: (person, phoneNumberId, { kind, mimeType, bytes }) =>
      say(person, phoneNumberId, {
        message: { type: kind, [kind]: { mime_type: mimeType, data: bytes.toString('base64') } },
      }),
    async fileAt(phoneNumberId, mediaId) {
      const found = (await graph('GET', `${mediaId}?phone_number_id=${phoneNumberId}`)) as {
        sha256: string;
        file_size: string;
      };
      return { sha256: found.sha256, size: Number(found.file_size) };
    },
    async forgetFile(mediaId) {
      await graph('DELETE', mediaId);
    },
    async shownTo({ waId, userId }) {
      const { messages } = (await ask('GET', `/control/messages?direction=in&customer=${waId ?? userId ?? ''}`)) as {
        messages: { statuses: { status: string }[] }[];
      };
      return messages.map(({ statuses }) => statuses.map(({ status }) => status));
    },
    choose: (person, phoneNumberId, row) =>
      say(person, phoneNumberId, {
        message: { type: 'interactive', interactive: { type: 'list_reply', list_reply: row } },
      }),
    async blockedBy(phoneNumberId) {
      const { data } = (await graph('GET', `${phoneNumberId}/block_users`)) as { data: { wa_id: string }[] };
      return data.map((each) => each.wa_id);
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
    async rates(rates) {
      await ask('PUT', '/control/rates', { rates });
    },
    async charge(phoneNumberId, about) {
      await ask('POST', '/control/charges', { phone_number_id: phoneNumberId, ...about });
    },
    async decide(name, verdict) {
      await ask('PUT', `/control/templates/verdicts/${name}`, verdict);
    },
    async act(name, action, given = {}) {
      await ask('POST', `/control/templates/${name}/${action}`, given);
    },
    async seed(name) {
      await ask('POST', '/control/templates', { name });
    },
    counters: async (number) => (await ask('GET', `/control/numbers/${number}/counters`)) as Counters,
    async tell(wamid, status) {
      await ask('POST', '/control/statuses', { message_id: wamid, status });
    },
  };
}
