import { type StatusReceived } from '@switchboard/contracts/ingress/v1/events';
import { type Position } from '@switchboard/aggregates';
import { readCallbackData } from '../../domain/callback.js';
import { errorFromProto, pricingFromProto } from '../../proto.js';
import { type StatusNews } from '../../use-cases/fold-statuses.js';

/** A status of Meta, with the attempt it is about where it carries our id. */
export function readStatus(event: StatusReceived, position: Position): StatusNews {
  const { phoneNumberId: number, messageId, status, occurredAt, source, pricing, errors } = event;
  return {
    position,
    about: readCallbackData(event.bizOpaqueCallbackData, number),
    status: {
      number,
      whatsappMessageId: messageId,
      attempt: undefined,
      report: {
        status,
        // Meta always gives a time; where it could not be read, ours is the nearest there is.
        at: occurredAt ?? source?.receivedAt ?? new Date(0),
        ...(pricing && { pricing: pricingFromProto(pricing) }),
        ...(errors.length > 0 && { errors: errors.map(errorFromProto) }),
      },
    },
  };
}
