import type { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';
import type { GrpcClient } from '@switchboard/grpc';
import type { CheckReply } from '../../use-cases/ports.js';
import { lastInboundToProto } from '../kafka/thread-events.js';

/** The gate's verdict on a reply, from egress. */
export const createCheckReply =
  (egress: Pick<GrpcClient<typeof MessageServiceService>, 'check'>): CheckReply =>
  async ({ number, customer, last, freeUntil, content }) => {
    const { allowed, code, reason, remedy, field } = await egress.check({
      phoneNumberId: number,
      customerId: customer,
      lastInbound: lastInboundToProto(last, freeUntil),
      content: content as Content,
    });
    return allowed ? undefined : { code, reason, remedy, field };
  };
