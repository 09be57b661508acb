import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import type { Json } from '../json.js';
import { scheduleStatuses } from '../statuses.js';
import type { BusinessNumber, ChatMessage, Customer } from '../world.js';
import { failureFor, judge, type Judged, type Send } from './failures.js';
import { readMessageRequest } from './request.js';

/** The answer to a call, unless a fault keeps it back after the message was accepted. */
export interface Reply {
  readonly body: Json;
  readonly silence?: 'hang' | 'cut';
}

/** `POST /{phone-number-id}/messages`, counted. @throws Refused */
export function sendMessage(engine: Engine, phoneNumberId: string, body: unknown): Reply {
  const number = engine.world.number(phoneNumberId);
  if (!number) throw noSuchObject('POST', phoneNumberId);
  try {
    return send(engine, number, body);
  } catch (error) {
    if (error instanceof Refused) engine.counters.refused(phoneNumberId, error.code);
    throw error;
  }
}

function send(engine: Engine, number: BusinessNumber, body: unknown): Reply {
  const phoneNumberId = number.phone_number_id;
  misbehave(engine, phoneNumberId);
  const request = readMessageRequest(body);
  if (request.kind === 'receipt') return markAsRead(engine, phoneNumberId, request.messageId, request.typing);

  engine.counters.called(phoneNumberId);
  const limits = engine.limits.of(phoneNumberId);
  const nowMs = engine.clock.now();
  if (engine.throughput.isInMaintenance(phoneNumberId, nowMs)) throw new Refused(131057);
  if (limits.throughput && !engine.buckets.take(phoneNumberId, limits.throughput_per_second, 1000, nowMs)) {
    throw new Refused(130429, { http: limits.throttle_status });
  }
  const { customer, nobody } = recipientOf(engine, number, request);
  // Its own answer for this is not documented.
  if (engine.world.isBlocked(phoneNumberId, customer)) throw new Refused(131026);
  const judged = judge(engine, number, request);
  const failure = nobody ? { code: 131026, by: 'webhook' } : failureFor(engine, number, customer, judged);
  if (failure?.by === 'answer') throw new Refused(failure.code);
  if (limits.pair && !engine.pairs.take(`${phoneNumberId}|${customer.user_id}`, limits, nowMs))
    throw new Refused(131056);
  return accept(engine, number, customer, request, judged, failure?.code);
}

/** Faults that strike before the message is looked at. */
function misbehave(engine: Engine, phoneNumberId: string): void {
  const faults = engine.faults.of(phoneNumberId);
  const draw = engine.random('call', phoneNumberId, engine.countCall(`call|${phoneNumberId}`));
  const [isThrottled, isBroken, kind] = [draw() < faults.too_many_requests, draw() < faults.server_errors, draw()];
  if (faults.outage) throw new Refused(2);
  if (isThrottled) throw new Refused(130429, { http: engine.limits.of(phoneNumberId).throttle_status });
  if (isBroken) throw new Refused(kind < 0.4 ? 131000 : kind < 0.8 ? 131016 : 2);
}

function markAsRead(engine: Engine, phoneNumberId: string, messageId: string, typing: boolean): Reply {
  const message = engine.world.messages.get(messageId);
  const isAnothers = message !== undefined && message.phone_number_id !== phoneNumberId;
  if (!messageId.startsWith('wamid.') || message?.direction === 'out' || isAnothers) {
    throw new Refused(131009, { details: `Invalid message id: ${messageId}` });
  }
  if (message) {
    // Everything that was written before is read too.
    const chat = engine.world.chat(message.phone_number_id, message.customer);
    for (const earlier of chat.slice(0, chat.indexOf(message) + 1)) {
      if (earlier.direction === 'in' && !earlier.statuses.some(({ status }) => status === 'read')) {
        earlier.statuses.push({ status: 'read', at: engine.clock.now() });
      }
    }
    if (typing) message.statuses.push({ status: 'typing', at: engine.clock.now() });
    engine.changed();
  }
  return { body: { success: true } };
}

function recipientOf(engine: Engine, number: BusinessNumber, request: Send): { customer: Customer; nobody: boolean } {
  const { address } = request;
  if (request.addressedBy === 'to') {
    if (address === number.display_phone_number.replace(/[^0-9]/g, '')) throw new Refused(131021);
    const nobody = engine.world.isLeft(address);
    return { customer: engine.world.customerByPhone(address), nobody };
  }
  // A user id belongs to one portfolio; what we do not know is somebody else's.
  const customer = engine.world.customer(address);
  if (!customer) throw new Refused(131026);
  return { customer, nobody: false };
}

function accept(
  engine: Engine,
  number: BusinessNumber,
  customer: Customer,
  request: Send,
  judged: Judged,
  failureCode?: number,
): Reply {
  const phoneNumberId = number.phone_number_id;
  const faults = engine.faults.of(phoneNumberId);
  const draw = engine.random('answer', phoneNumberId, engine.countCall(`answer|${phoneNumberId}`));
  const silence = draw() < faults.timeouts ? faults.timeout_mode : undefined;
  const message: ChatMessage = {
    id: engine.ids.outbound(customer.wa_id ?? customer.user_id.replace(/[^0-9]/g, '').slice(0, 12)),
    direction: 'out',
    phone_number_id: phoneNumberId,
    customer,
    at: engine.clock.now(),
    type: request.type,
    content: request.body,
    category: judged.category,
    addressed_by: request.addressedBy,
    ...(request.callbackData !== undefined && { biz_opaque_callback_data: request.callbackData }),
    answer: silence === 'hang' ? 'hung' : silence === 'cut' ? 'cut' : 'answered',
    statuses: [],
  };
  engine.world.keep(message);
  engine.counters.accepted(phoneNumberId, request.callbackData);
  scheduleStatuses(engine, message, failureCode);
  engine.changed();
  const contact =
    request.addressedBy === 'to'
      ? { input: request.input, wa_id: request.address }
      : { input: request.input, user_id: customer.user_id };
  return {
    body: {
      messaging_product: 'whatsapp',
      contacts: [contact],
      messages: [{ id: message.id, ...(request.type === 'template' && { message_status: 'accepted' }) }],
    },
    ...(silence && { silence }),
  };
}
