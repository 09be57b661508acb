import { type GraphClient, type SendOutcome } from '@switchboard/graph-api';
import { beginSpan, isTracing } from '@switchboard/service-kit';
import { type CallResult, type CloudApi, type MetaCall } from '../../use-cases/ports.js';
import { contentToBody } from './contents.js';
import { toRefused } from './refused.js';

/** Sends over Meta's Cloud API; each attempt is a span of the message's trace, where traces are collected. */
export function createCloudApi(graph: Pick<GraphClient, 'sendMessage'>): CloudApi {
  const send = async (call: MetaCall): Promise<CallResult> =>
    toResult(await graph.sendMessage(call.number, call.token, toBody(call)));
  return {
    async send(call) {
      if (!isTracing()) return send(call);
      const attributes = { 'switchboard.attempt': call.callbackData, 'switchboard.number': call.number };
      const end = beginSpan('send to Meta', { kind: 'client', parent: call.trace, attributes });
      const result = await send(call);
      end(result.kind === 'accepted' ? undefined : result.kind);
      return result;
    },
  };
}

/** A message as Meta documents it. A user id in `to` would be taken and then dropped, so it goes in `recipient`. */
export function toBody({ recipient, content, replyTo, callbackData }: MetaCall): Record<string, unknown> {
  const { phone, userId, parentUserId } = recipient;
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    // Without the plus sign Meta may put the business's own country code in front.
    ...(phone !== undefined ? { to: `+${phone}` } : { recipient: userId ?? parentUserId }),
    ...contentToBody(content),
    ...(replyTo !== '' && { context: { message_id: replyTo } }),
    biz_opaque_callback_data: callbackData,
  };
}

function toResult(outcome: SendOutcome): CallResult {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', whatsappMessageId: outcome.whatsappMessageId };
    case 'refused':
      return toRefused(outcome);
    case 'unknown':
    case 'not-sent':
      return outcome;
  }
}
