import { randomBytes } from 'node:crypto';
import { inTrace } from '@switchboard/service-kit';
import { eventually } from '@switchboard/testing';
import { type Collector, startCollector } from './support/collector.js';
import { startSystem, type System } from './support/system.js';
import { oneMessage, post, text } from './support/webhooks.js';

jest.setTimeout(180_000);

let collector: Collector;
let system: System;
beforeAll(async () => {
  collector = await startCollector();
  system = await startSystem({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' },
  });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
  collector.close();
});

const newTrace = () => {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, header: `00-${traceId}-${spanId}-01` };
};

describe('RN-2 a trace', () => {
  it('goes from the webhook to the last effect: one message in, one reply out', async () => {
    const { organisationId, phoneNumberId } = system.demo;
    const person = { waId: '12025550177', userId: 'US.777001', name: 'Tracy' };
    const { traceId, spanId, header } = newTrace();

    const body = oneMessage(phoneNumberId, person, text(person, 'Is it ready?'));
    expect(await post(system.webhookUrls[0]!, body, system.appSecret, { traceparent: header })).toBe(200);
    const chat = await eventually(async () => {
      const { chats } = await system.chats.listChats({ organisationId, phoneNumberId, states: [], pageSize: 500 });
      const found = chats.find(({ customer }) => customer?.userId === person.userId);
      if (!found) throw new Error('the chat is not there yet');
      return found;
    });
    // Who answers does so in the trace of what was asked.
    await inTrace('answer', { parent: header }, () =>
      system.chats.reply({ chatId: chat.chatId, idempotencyKey: 'traced', text: 'It is.' }),
    );

    await eventually(() => {
      const names = collector.spansOf(traceId).map(({ service, name }) => `${service}: ${name}`);
      expect(names).toEqual(
        expect.arrayContaining([
          'ingress: webhook',
          'routing: process whatsapp.messages',
          'routing: switchboard.routing.v1.ChatService/Reply',
          'routing: switchboard.egress.v1.MessageService/Check',
          'egress: switchboard.egress.v1.MessageService/Check',
          'egress: process routing.threads',
          'egress: send to Meta',
          'routing: process egress.messages',
        ]),
      );
    });
    const spans = collector.spansOf(traceId);
    const only = (service: string, name: string) => {
      const found = spans.filter((span) => span.service === service && span.name === name);
      expect(found).toHaveLength(1);
      return found[0]!;
    };
    // The webhook's span is the gateway's child, and what was read of Kafka is the webhook's.
    const webhook = only('ingress', 'webhook');
    expect(webhook.parentSpanId).toBe(spanId);
    expect(only('routing', 'process whatsapp.messages').parentSpanId).toBe(webhook.spanId);
    // A call is a span at both ends, and the message sent belongs to the reply that asked for it.
    const reply = only('routing', 'switchboard.routing.v1.ChatService/Reply');
    const asks = only('routing', 'switchboard.egress.v1.MessageService/Check');
    expect(asks.parentSpanId).toBe(reply.spanId);
    expect(only('egress', 'switchboard.egress.v1.MessageService/Check').parentSpanId).toBe(asks.spanId);
    expect(only('egress', 'send to Meta').parentSpanId).toBe(reply.spanId);
  });

  it('tells no collector what people wrote or where they are reached', () => {
    expect(JSON.stringify(collector.received())).not.toMatch(/Is it ready|It is\.|12025550177|US\.777001/);
  });
});
