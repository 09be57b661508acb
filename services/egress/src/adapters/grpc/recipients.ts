import {
  type CustomerServiceService,
  type ResolvedRecipient as ResolvedProto,
} from '@switchboard/contracts/routing/v1/customer_service';
import { type GrpcClient } from '@switchboard/grpc';
import { addressFromProto } from '../../proto.js';
import { type Recipient, type Recipients, type ResolvedRecipient } from '../../use-cases/ports.js';

/** What routing takes in one call. */
const BATCH = 500;

interface Asked {
  readonly recipient: Recipient;
  readonly resolve: (resolved: ResolvedRecipient) => void;
  readonly reject: (error: unknown) => void;
}

/** Asks routing. What is asked of a number while a call is under way goes together in the next one. */
export function createRecipients(routing: Pick<GrpcClient<typeof CustomerServiceService>, 'resolveBatch'>): Recipients {
  const waiting = new Map<string, Asked[]>();
  const busy = new Set<string>();

  async function ask(number: string): Promise<void> {
    for (let batch = next(number); batch.length > 0; batch = next(number)) {
      try {
        const recipients = batch.map(({ recipient }) => recipient);
        const { recipients: resolved } = await routing.resolveBatch({ phoneNumberId: number, recipients });
        batch.forEach(({ resolve, reject }, index) => {
          const one = resolved[index];
          if (one) resolve(fromProto(one));
          else reject(new Error('routing has answered for fewer recipients than it was asked for'));
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look: who asks from now on begins anew.
    busy.delete(number);
  }

  function next(number: string): Asked[] {
    const asked = waiting.get(number) ?? [];
    const batch = asked.splice(0, BATCH);
    if (asked.length === 0) waiting.delete(number);
    return batch;
  }

  return {
    resolve: (number, recipient) =>
      new Promise((resolve, reject) => {
        const asked = waiting.get(number) ?? [];
        asked.push({ recipient, resolve, reject });
        waiting.set(number, asked);
        if (busy.has(number)) return;
        busy.add(number);
        // After this turn of the event loop, so that calls that came together go together.
        setImmediate(() => {
          void ask(number);
        });
      }),
  };
}

function fromProto({ customerId, threadId, openChatId, address, lastInbound }: ResolvedProto): ResolvedRecipient {
  return {
    customer: customerId,
    thread: threadId,
    chat: openChatId,
    address: addressFromProto(address),
    lastInboundAt: lastInbound?.sentAt,
    freeEntryUntil: lastInbound?.freeEntryUntil,
  };
}
