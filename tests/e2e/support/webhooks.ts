import { createHmac } from 'node:crypto';

/** A customer as Meta would show them; either name may be missing. */
export interface Person {
  readonly waId?: string;
  readonly userId?: string;
  readonly name?: string;
}

export interface Item {
  readonly phoneNumberId: string;
  readonly person: Person;
  readonly message: Record<string, unknown>;
}

let counter = 0;

/** Meta's clock, in seconds, as text; strictly growing inside a process so that order can be told. */
const now = (): string => String(Math.floor(Date.now() / 1000));

/** A fresh wamid. */
export const newWamid = (label = 'in'): string => `wamid.test-${label}-${process.pid}-${Date.now()}-${(counter += 1)}`;

export function text(
  person: Person,
  body: string,
  wamid = newWamid(),
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ...(person.waId !== undefined && { from: person.waId }),
    ...(person.userId !== undefined && { from_user_id: person.userId }),
    id: wamid,
    timestamp: now(),
    type: 'text',
    text: { body },
    ...extra,
  };
}

const contact = ({ waId, userId, name = 'Test Person' }: Person) => ({
  profile: { name },
  ...(waId !== undefined && { wa_id: waId }),
  ...(userId !== undefined && { user_id: userId }),
});

export const metadata = (phoneNumberId: string) => ({
  display_phone_number: '15550140077',
  phone_number_id: phoneNumberId,
});

/** One change of field `messages` with some messages of one number. */
export function messagesChange(phoneNumberId: string, messages: Record<string, unknown>[], people: Person[] = []) {
  return {
    field: 'messages',
    value: {
      messaging_product: 'whatsapp',
      metadata: metadata(phoneNumberId),
      contacts: people.map(contact),
      messages,
    },
  };
}

export function statusesChange(phoneNumberId: string, statuses: Record<string, unknown>[]) {
  return { field: 'messages', value: { messaging_product: 'whatsapp', metadata: metadata(phoneNumberId), statuses } };
}

export function status(wamid: string, name: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: wamid, status: name, timestamp: now(), recipient_id: '12025550143', ...extra };
}

export const body = (...entries: { id: string; changes: unknown[] }[]) => ({
  object: 'whatsapp_business_account',
  entry: entries,
});

/** A body with one message. */
export const oneMessage = (
  phoneNumberId: string,
  person: Person,
  message: Record<string, unknown>,
  wabaId = '215589313241560',
) => body({ id: wabaId, changes: [messagesChange(phoneNumberId, [message], [person])] });

export const oneStatus = (phoneNumberId: string, item: Record<string, unknown>, wabaId = '215589313241560') =>
  body({ id: wabaId, changes: [statusesChange(phoneNumberId, [item])] });

/** Posts a body as Meta does: signed over the bytes that are sent. */
export async function post(
  url: string,
  content: unknown,
  secret: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(JSON.stringify(content));
  const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
  const response = await fetch(url, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature, ...headers },
  });
  await response.arrayBuffer();
  return response.status;
}

/** Posts until it is taken, as Meta would, for at most `tries` times. */
export async function postUntilTaken(url: string, content: unknown, secret: string, tries = 600): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(url, content, secret).catch(() => 0);
    if (answer === 200) return attempt;
    if (attempt >= tries) throw new Error(`not taken after ${attempt} tries, the last answer was ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
