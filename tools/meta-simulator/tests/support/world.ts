import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator, demoNumber, manualClock, signatureOf, type SimulatorOptions } from '../../src/index.js';

export const APP_SECRET = 'test_app_secret';
export const PHONE = demoNumber.phone_number_id;
export const WABA = demoNumber.waba_id;
export const ANA = '12025550143';

type Json = Record<string, unknown>;

export interface Value extends Json {
  readonly contacts?: Json[];
  readonly messages?: Json[];
  readonly statuses?: (Json & { id: string; status: string })[];
}

interface Body {
  readonly object: string;
  readonly entry: { id: string; time?: number; changes: { field: string; value: Value }[] }[];
}

export interface Received {
  readonly raw: Buffer;
  readonly signature: string;
  readonly body: Body;
}

/** What any call may answer; a test looks at the part it knows to be there. */
export interface Answer extends Json {
  readonly messages: { id: string }[];
  readonly contacts: Json[];
  readonly error: {
    code: number;
    message: string;
    error_data?: { details: string };
    error_subcode?: number;
    error_user_title?: string;
    error_user_msg?: string;
  };
  readonly data: Json[];
  readonly paging: { cursors: { before: string; after: string }; next?: string; previous?: string };
}

/** A receiver of webhooks that remembers what it got and answers as it is told. */
export async function receiver() {
  const received: Received[] = [];
  const verifications: URLSearchParams[] = [];
  const behaviour = { status: 200, verifies: true, hangs: false };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') {
      const query = new URL(request.url ?? '/', 'http://receiver').searchParams;
      verifications.push(query);
      response.writeHead(behaviour.verifies ? 200 : 403).end(query.get('hub.challenge'));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      received.push({
        raw,
        signature: String(request.headers['x-hub-signature-256']),
        body: JSON.parse(raw.toString()) as Body,
      });
      if (!behaviour.hangs) response.writeHead(behaviour.status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    received,
    verifications,
    behaviour,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const running: (() => Promise<void>)[] = [];

/** Stops what the test started. */
export async function stopAll(): Promise<void> {
  for (const stop of running.splice(0).reverse()) await stop();
}

/** A simulator on a clock of its own, with a receiver, and short ways to call it. */
export async function world(options: SimulatorOptions & { verifyToken?: string } = {}) {
  const webhook = await receiver();
  const clock = manualClock();
  const simulator = createSimulator({
    clock,
    webhook: { url: webhook.url, app_secret: APP_SECRET, verify_token: options.verifyToken ?? 'verify-me' },
    ...options,
  });
  running.push(webhook.stop, simulator.stop);
  const { url } = await simulator.start();

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const values = () =>
    webhook.received.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes.map(({ value }) => value)));
  return {
    url,
    clock,
    webhook,
    simulator,
    control: simulator.control,
    call,
    send: (body: object, phone = PHONE) =>
      call('POST', `/v24.0/${phone}/messages`, { messaging_product: 'whatsapp', ...body }),
    text: (body: string, more: object = {}) =>
      call('POST', `/v24.0/${PHONE}/messages`, {
        messaging_product: 'whatsapp',
        to: ANA,
        type: 'text',
        text: { body },
        ...more,
      }),
    /** The values of all changes that came, in order. */
    values,
    statuses: () => values().flatMap((value) => value.statuses ?? []),
    /** What came of one field. */
    told: (field: string) =>
      webhook.received.flatMap(({ body }) =>
        body.entry.flatMap(({ changes }) => changes.filter((each) => each.field === field).map(({ value }) => value)),
      ),
  };
}

export const isSigned = ({ raw, signature }: Received) => signature === signatureOf(raw, APP_SECRET);
