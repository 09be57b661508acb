import { Failure } from '@switchboard/errors';
import { contentHashOf, messageIdOf } from '../domain/callback.js';
import { type Content } from '../domain/content.js';
import { refusedByGate } from '../domain/fold.js';
import { type Draft, type Priority } from '../domain/message.js';
import { type Asked, type Judge, type Judgement } from './judge.js';
import { type Money, walletOf } from './money/ports.js';
import {
  type Clock,
  type Hash,
  type KeptMessage,
  type Messages,
  type Numbers,
  type Observer,
  type Recipient,
  type Recipients,
  type ResolvedRecipient,
} from './ports.js';

export interface MessageToSend {
  readonly idempotencyKey: string;
  readonly recipient: Recipient;
  readonly content: Content;
  readonly replyTo: string;
  readonly priority: Priority;
  readonly expiresAt: Date | undefined;
  /** Of what is sent to whom: another one under the same key is a conflict (TX-2). */
  readonly fingerprint: string;
}

/** What came of one: it is kept, or why not. */
export type SendOutcome = KeptMessage | Failure;

export type SendMessages = ReturnType<typeof createSendMessages>;

/**
 * Accepts messages of one number, each once per organisation and key (TX-2) and if the gate lets it (TX-1), in the order
 * asked. `organisation` is the caller's; undefined = whosever the number is. Throws what may be over in a moment, so that
 * the whole call is repeated.
 */
export function createSendMessages(deps: {
  messages: Messages;
  judge: Judge;
  money: Money;
  numbers: Numbers;
  recipients: Recipients;
  clock: Clock;
  hash: Hash;
  nextOrder: () => number;
  partitionOf: (number: string) => number;
  observer: Observer;
}) {
  const { messages, judge, money, numbers, recipients, clock, hash, nextOrder, partitionOf, observer } = deps;

  return async function sendMessages(
    caller: string | undefined,
    number: string,
    all: readonly MessageToSend[],
  ): Promise<readonly SendOutcome[]> {
    const organisation = caller ?? numbers.view(number)?.organisation ?? '';
    const at = clock.now();
    const about = ({ content, expiresAt }: MessageToSend): Asked => ({
      organisation,
      number,
      customer: '',
      content,
      recipient: {},
      expiresAt,
      acceptedAs: undefined,
      lastInboundAt: at,
    });

    // What is refused whoever it goes to needs no recipient; a repeated call still gets its message from the fold.
    const early = await judge(all.map(about), { whoPays: 'held-later' });
    const resolved = await Promise.all(
      all.map(async ({ recipient }, index) =>
        early[index]?.refusal ? undefined : recipients.resolve(number, recipient),
      ),
    );
    const known = resolved.flatMap((to, index): Asked[] => {
      const asked = all[index];
      if (!to || !asked) return [];
      return [
        {
          ...about(asked),
          customer: to.customer,
          recipient: to.address,
          lastInboundAt: to.lastInboundAt,
          freeEntryUntil: to.freeEntryUntil,
        },
      ];
    });
    const late = (await judge(known)).values();
    const judgements = early.map((judgement) => (judgement.refusal ? judgement : late.next().value));

    // One wake is enough: what is written last is written after the others.
    const last = judgements.findLastIndex((judgement) => !judgement?.refusal);

    async function accept(asked: MessageToSend, index: number): Promise<SendOutcome> {
      const judgement = judgements[index];
      if (!judgement) throw new Error('a message was asked about and not judged');
      const { refusal } = judgement;
      if (refusal) observer.refused(refusal.code, 'send');
      if (refusal && organisation === '') return refusedByGate(refusal);
      const messageId = messageIdOf(organisation, asked.idempotencyKey, hash);
      const draft = draftOf(asked, resolved[index], judgement);
      try {
        const input = { kind: 'accept', draft, refusal, whenRefused: 'throw', wake: index === last, at } as const;
        const { message } = await messages.command(messageId, input);
        if (!message) throw new Error('a message that was accepted is not there');
        return { messageId, message };
      } catch (error) {
        if (error instanceof Failure && (error.kind === 'invalid' || error.kind === 'conflict')) return error;
        throw error;
      }
    }

    function draftOf(
      { idempotencyKey, replyTo, priority, expiresAt, fingerprint }: MessageToSend,
      to: ResolvedRecipient | undefined,
      { content, category, lastInboundAt }: Judgement,
    ): Draft {
      return {
        organisation,
        number,
        customer: to?.customer ?? '',
        thread: to?.thread ?? '',
        chat: to?.chat ?? '',
        threadSequence: 0,
        content,
        recipient: to?.address ?? {},
        replyTo,
        idempotencyKey,
        contentHash: contentHashOf(number, fingerprint, hash),
        ...(lastInboundAt && { lastInboundAt }),
        ...(expiresAt && { expiresAt }),
        ...(category && { category }),
        ...(to?.freeEntryUntil && { freeEntryUntil: to.freeEntryUntil }),
        wallet: walletOf(money, { number, organisation }),
        partition: partitionOf(number),
        priority,
        order: nextOrder(),
      };
    }

    return Promise.all(all.map(accept));
  };
}
