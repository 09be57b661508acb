import type { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import type { GrpcClient } from '@switchboard/grpc';
import type { TellRead } from '../../use-cases/ports.js';

/** Read receipts go by way of egress, which alone calls Meta for a number's messages. */
export const createTellRead =
  (egress: Pick<GrpcClient<typeof MessageServiceService>, 'markRead'>): TellRead =>
  async ({ number: phoneNumberId, wamid: whatsappMessageId, isTyping: typingIndicator }) => {
    await egress.markRead({ phoneNumberId, whatsappMessageId, typingIndicator });
  };
