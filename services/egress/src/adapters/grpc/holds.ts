import {
  type BillingServiceService,
  type Hold,
  type HoldOutcome,
} from '@switchboard/contracts/billing/v1/billing_service';
import { Failure } from '@switchboard/errors';
import { type GrpcClient } from '@switchboard/grpc';
import { type HoldAnswer, type HoldAsked, type Holds } from '../../use-cases/money/ports.js';

/** What billing takes in one call. */
const BATCH = 500;
/** A message that is about to go occupies a place while it waits, also for those that cost nothing. */
const DEADLINE_MS = 2_000;
/** After a call that came to nothing so long none is begun, and what is asked meanwhile is answered at once. */
const REST_MS = 1_000;

interface Waiting {
  readonly hold: Hold;
  readonly answer: (answer: HoldAnswer) => void;
}

const away: HoldAnswer = { kind: 'away' };

/** Asks billing. What is asked of a wallet while a call is under way goes together in the next one. */
export function createHolds(
  billing: Pick<GrpcClient<typeof BillingServiceService>, 'holdBatch'>,
  now: () => number,
): Holds {
  const waiting = new Map<string, Waiting[]>();
  const busy = new Set<string>();
  let restsUntil = 0;
  /** The last call came to nothing: one call tries, and nobody waits behind it. */
  let isDoubtful = false;

  async function ask(wallet: string): Promise<void> {
    for (let batch = next(wallet); batch.length > 0; batch = next(wallet)) {
      try {
        const holds = batch.map(({ hold }) => hold);
        const { outcomes } = await billing.holdBatch(
          { walletId: wallet, holds },
          { deadlineMs: DEADLINE_MS, key: wallet },
        );
        isDoubtful = false;
        batch.forEach(({ answer }, index) => {
          const outcome = outcomes[index];
          answer(outcome ? answerOf(outcome) : away);
        });
      } catch (error) {
        const answer = refusalOf(error);
        if (answer.kind === 'away') {
          isDoubtful = true;
          restsUntil = now() + REST_MS;
        }
        for (const each of batch) each.answer(answer);
      }
    }
    // In the same turn as the last look: who asks from now on begins anew.
    busy.delete(wallet);
  }

  function next(wallet: string): Waiting[] {
    const asked = waiting.get(wallet) ?? [];
    const batch = asked.splice(0, BATCH);
    if (asked.length === 0) waiting.delete(wallet);
    return batch;
  }

  return {
    hold(asked) {
      if (now() < restsUntil || (isDoubtful && busy.size > 0)) return Promise.resolve(away);
      return new Promise((answer) => {
        const { wallet } = asked;
        const others = waiting.get(wallet) ?? [];
        others.push({ hold: toProto(asked), answer });
        waiting.set(wallet, others);
        if (busy.has(wallet)) return;
        busy.add(wallet);
        // After this turn of the event loop, so that messages that go together are held together.
        setImmediate(() => {
          void ask(wallet);
        });
      });
    },
  };
}

const toProto = ({ holdId, number, category, phone, userId, windowOpen }: HoldAsked): Hold => ({
  holdId,
  amountMicros: 0n,
  message: {
    phoneNumberId: number,
    brandId: '',
    country: '',
    market: '',
    category,
    userInitiated: windowOpen,
  },
  memo: '',
  recipient: { phone, userId },
});

function answerOf({ held, amountMicros, code, reason, remedy }: HoldOutcome): HoldAnswer {
  if (held) return { kind: amountMicros > 0n ? 'held' : 'free' };
  return { kind: 'refused', refusal: { code, reason, remedy } };
}

/** What billing refuses for good is a refusal of the messages; all else is over in a while. */
function refusalOf(error: unknown): HoldAnswer {
  if (!(error instanceof Failure) || error.kind !== 'not-found') return away;
  const { code, message: reason } = error;
  return { kind: 'refused', refusal: { code, reason, remedy: 'assign another wallet to the number' } };
}
