import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type AccountServiceServer, AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type BillingServiceServer, BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { StatusReceived } from '@switchboard/contracts/ingress/v1/events';
import { type CustomerServiceServer, CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import { whatsappStatuses } from '@switchboard/contracts/topics';
import { grpcServer, localTokens, type ServedService, unary } from '@switchboard/grpc';
import { eventRecord, type Producer } from '@switchboard/kafka';
import { standInForBilling } from './money-contracts.js';

/** Stand-ins for the services around egress, over real gRPC, HTTP and Kafka. */

const quiet = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore } as never;

/** account gives a token for every number, routing knows everybody as somebody who wrote a minute ago. */
export async function startNeighbours(secret: string) {
  const asked = { tokens: 0, resolves: 0 };
  const account: Partial<AccountServiceServer> = {
    getMetaToken: unary(() => {
      asked.tokens += 1;
      return Promise.resolve({ metaToken: 'token-of-meta', version: 1n });
    }),
  };
  const routing: Partial<CustomerServiceServer> = {
    resolveBatch: unary(({ phoneNumberId, recipients }) => {
      asked.resolves += 1;
      const resolved = recipients.map(({ phone, userId }) => ({
        customerId: `c-${phone || userId}`,
        threadId: `${phoneNumberId}.1.c-${phone || userId}`,
        address: phone === '' ? { userId } : { phone },
        lastInbound: {
          whatsappMessageId: 'wamid.in',
          sentAt: new Date(Date.now() - 60_000),
          freeEntryUntil: undefined,
        },
        openChatId: '',
      }));
      return Promise.resolve({ recipients: resolved });
    }),
  };
  const server = grpcServer({
    port: 0,
    services: [complete(AccountServiceService, account), complete(CustomerServiceService, routing)],
    verify: localTokens(secret),
    logger: quiet,
    drainMs: 500,
  });
  await server.start();
  return { address: `127.0.0.1:${server.port()}`, asked, stop: server.stop };
}

/** billing, as its contract says it answers; another time at the same address when it was away. */
export async function startBilling(secret: string, port = 0) {
  const standIn = standInForBilling();
  const implemented: Partial<BillingServiceServer> = { holdBatch: unary((request) => standIn.holdBatch(request)) };
  const services = [complete(BillingServiceService, implemented)];
  const server = grpcServer({ port, services, verify: localTokens(secret), logger: quiet, drainMs: 500 });
  await server.start();
  return Object.assign(standIn, { port: server.port(), address: `127.0.0.1:${server.port()}`, stop: server.stop });
}

function complete(definition: object, implemented: object): ServedService {
  const names = Object.keys(definition);
  const unused = unary(() => Promise.reject(new Error('not part of this test')));
  return {
    definition: definition as ServedService['definition'],
    implementation: {
      ...Object.fromEntries(names.map((name) => [name, unused])),
      ...implemented,
    },
    scopes: Object.fromEntries(names.map((name) => [name, scopes[name] ?? 'tests:none'])),
  };
}

const scopes: Record<string, string> = {
  getMetaToken: 'account.tokens:read',
  resolveBatch: 'routing.customers:write',
  holdBatch: 'billing.holds:write',
};

interface StatusBody {
  readonly id: string;
  readonly status: string;
  readonly timestamp: string;
  readonly biz_opaque_callback_data?: string;
  readonly pricing?: { billable?: boolean; pricing_model: string; type: string; category: string };
  readonly errors?: { code: number; title: string }[];
}

interface WebhookBody {
  readonly entry: {
    readonly changes: {
      readonly value: { readonly metadata: { phone_number_id: string }; readonly statuses?: StatusBody[] };
    }[];
  }[];
}

/** Takes Meta's webhooks and publishes their statuses, as ingress does. May hide our id, as Meta never does. */
export async function startStatusBridge(producer: Pick<Producer, 'send'>) {
  const bridge = { hidesOurId: false, url: '', stop: () => Promise.resolve() };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(new URL(request.url ?? '', 'http://x').searchParams.get('hub.challenge') ?? '');
        return;
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as WebhookBody;
      const events = body.entry
        .flatMap(({ changes }) => changes)
        .flatMap(({ value }) => (value.statuses ?? []).map((one) => toEvent(one, value.metadata.phone_number_id)))
        .map((event) => (bridge.hidesOurId ? { ...event, bizOpaqueCallbackData: '' } : event));
      const records = events.map((event) =>
        eventRecord(whatsappStatuses, event, {
          key: event.phoneNumberId,
          id: event.eventId,
          time: event.occurredAt ?? new Date(),
        }),
      );
      producer.send(records).then(
        () => response.end(),
        () => response.writeHead(503).end(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bridge.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  bridge.stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return bridge;
}

function toEvent(status: StatusBody, phoneNumberId: string): StatusReceived {
  const { id, timestamp, pricing, errors = [] } = status;
  return {
    ...StatusReceived.decode(new Uint8Array()),
    eventId: `${id}:${status.status}:${timestamp}`,
    phoneNumberId,
    messageId: id,
    status: status.status,
    occurredAt: new Date(Number(timestamp) * 1_000),
    bizOpaqueCallbackData: status.biz_opaque_callback_data ?? '',
    pricing: pricing && {
      ...(pricing.billable !== undefined && { billable: pricing.billable }),
      model: pricing.pricing_model,
      type: pricing.type,
      category: pricing.category,
    },
    errors: errors.map(({ code, title }) => ({ code, title, message: '', details: '', href: '' })),
  };
}

function ignore(): void {
  // Nobody reads it.
}
