import { callbackData } from '../../domain/callback.js';
import { type Attempt, type Outcome } from '../../domain/attempt.js';
import { type Result } from '../../domain/folded.js';
import { type Input } from '../../domain/inputs.js';
import { isMendable, type Refusal } from '../../domain/gate.js';
import { type Hold } from '../../domain/hold.js';
import { type Lease, mayBegin } from '../../domain/lease.js';
import { type Message } from '../../domain/message.js';
import {
  afterNotSent,
  afterStop,
  becauseOf,
  type Before,
  type Next,
  nextAfter,
  waitedTooLong,
} from '../../domain/retry.js';
import { withParked } from '../fold-statuses.js';
import { type Judge, type Judgement } from '../judge.js';
import { type PayFor } from '../money/paying.js';
import {
  type CallResult,
  type Clock,
  type CloudApi,
  type Messages,
  type MetaTokens,
  type Numbers,
  type Observer,
  type QueuedMessage,
  type Wamids,
} from '../ports.js';
import { type FilesAtMeta } from './files-at-meta.js';
import { type Persist } from './persist.js';
import { type Reaching } from './reaching.js';
import { createTokenOf } from './token-of.js';

export interface DispatchDeps {
  readonly messages: Messages;
  readonly judge: Judge;
  readonly filesAtMeta: FilesAtMeta;
  readonly reaching: Reaching;
  readonly payFor: PayFor;
  readonly numbers: Numbers;
  readonly wamids: Wamids;
  readonly tokens: MetaTokens;
  readonly cloudApi: CloudApi;
  readonly clock: Clock;
  /** A new name for a call. */
  readonly newCall: () => string;
  readonly persist: Persist;
  readonly observer: Observer;
}

/** How the dispatch of a message ended, for the lane of its customer and for its number. */
export type Dispatched =
  /** The next one may go; with a message that Meta has taken the number is known to work. */
  | { readonly kind: 'over'; readonly isTaken: boolean }
  /** Nobody knows whether Meta has it. */
  | { readonly kind: 'unknown' }
  /** It waits for another attempt, and its customer with it. */
  | {
      readonly kind: 'lane';
      readonly afterMs: number;
      readonly because: Refusal | undefined;
      readonly refusedSince?: Date | undefined;
    }
  /** The number waits. */
  | {
      readonly kind: 'slow' | 'stopped';
      readonly afterMs: number;
      readonly because: Refusal | undefined;
      readonly refusedSince?: Date | undefined;
      /** Of the number as it was. */
      readonly version: number;
    };

/** What a dispatch may rely on, and whom it tells of its call. */
export interface Turn {
  readonly partition: number;
  readonly lease: () => Lease | undefined;
  readonly hold: Hold | undefined;
  /** Resolves when its call may leave, or the lease is gone. */
  readonly leave: () => Promise<void>;
  readonly heard: (result: CallResult) => void;
}

const OVER: Dispatched = { kind: 'over', isTaken: false };
/** The lease is gone: whoever has it now sends the message. */
const NOT_OURS: Dispatched = { kind: 'lane', afterMs: 1_000, because: undefined };

/**
 * One attempt of one message: the gate once more, `dispatching` written, the call, its answer folded. Between an
 * acknowledged `dispatching` and the folded answer the message belongs to this function alone.
 */
export function createDispatchMessage(deps: DispatchDeps) {
  const { messages, judge, filesAtMeta, reaching, payFor, numbers, wamids, tokens } = deps;
  const { cloudApi, clock, newCall, persist, observer } = deps;
  const tokenOf = createTokenOf(deps);

  const command = (messageId: string, input: Input): Promise<Result> =>
    persist('a message cannot be written', () => messages.command(messageId, input));

  async function refuse(messageId: string, refusal: Refusal): Promise<Dispatched> {
    observer.refused(refusal.code, 'dispatch');
    await command(messageId, { kind: 'refuse', refusal, at: clock.now() });
    return OVER;
  }

  return async function dispatchMessage(
    queued: QueuedMessage,
    { partition, lease, hold, leave, heard }: Turn,
  ): Promise<Dispatched> {
    const { messageId, number } = queued;
    const strikes = hold?.strikes ?? 0;
    const version = numbers.view(number)?.version ?? 0;
    const judgement = await judgementOf(queued);
    const { refusal, windowClosesAt } = judgement;
    const isStopped = refusal !== undefined && isMendable(refusal);
    if (refusal && !isStopped) return refuse(messageId, refusal);
    const tooLong = waitedTooLongOf(queued, refusal ?? (hold?.kind === 'stopped' ? hold.because : undefined));
    if (tooLong) return refuse(messageId, tooLong);
    if (refusal) return { ...afterStop(strikes), because: refusal, version };
    const found = await tokenOf(number, version);
    if (found.kind === 'away') return { ...afterNotSent({ tries: 0, strikes }), because: undefined, version };
    if (found.kind === 'none') return { ...afterStop(strikes), because: found.because, version };

    const files = await filesAtMeta.of(queued, { strikes, version });
    if (files.kind === 'refuse') return refuse(messageId, files.refusal);
    if (files.kind === 'wait') return files.waits;

    const room = await reaching(queued, windowClosesAt);
    if (room.kind === 'refuse') return refuse(messageId, room.refusal);
    if (room.kind === 'wait') return { kind: 'lane', afterMs: room.afterMs, because: undefined };
    const { giveBack } = room;
    const paying = await payFor(queued, judgement);
    if (paying.kind !== 'go') await giveBack();
    if (paying.kind === 'refuse') return refuse(messageId, paying.refusal);
    if (paying.kind === 'wait') return { kind: 'lane', afterMs: paying.afterMs, because: undefined };
    const { payment } = paying;

    // Not once it is written: what is then cut off nobody knows the end of.
    await leave();
    const held = lease();
    if (!held || !mayBegin(held, clock.monotonicMs())) return NOT_OURS;
    const begin: Input = { kind: 'begin', call: newCall(), epoch: held.epoch, payment, at: clock.now() };
    const { message, attempt } = await command(messageId, begin);
    // Somebody else has begun it, or a status has shown that Meta has it.
    if (!message || attempt === undefined) return OVER;

    const answer = (outcome: Outcome, more?: Partial<Input & { kind: 'answer' }>): Promise<Result> =>
      command(messageId, {
        kind: 'answer',
        attempt,
        outcome,
        parked: [],
        notBefore: undefined,
        at: clock.now(),
        ...more,
      });

    // The write may have taken long. From here to the socket nothing is waited for.
    if (!mayBegin(lease(), clock.monotonicMs())) {
      await answer({ kind: 'withdrawn', reason: 'the lease ended before the call' });
      return NOT_OURS;
    }
    const whole = { ...message, content: files.withIds(message.content) };
    const result = await call(whole, callbackData({ messageId, attempt }), found.token);
    heard(result);
    return fold(result, message, attempt, answer);

    async function fold(of: CallResult, message: Message, attempt: number, say: typeof answer): Promise<Dispatched> {
      switch (of.kind) {
        case 'accepted': {
          const { whatsappMessageId } = of;
          const claim = await persist('an id of Meta cannot be claimed', () =>
            wamids.claim(number, whatsappMessageId, { messageId, attempt, partition }),
          );
          await say({ kind: 'accepted', whatsappMessageId }, { parked: withParked(claim) });
          if (claim.parked.length > 0) await persist('parked statuses stay parked', () => wamids.settle(claim));
          return { kind: 'over', isTaken: true };
        }
        case 'unknown':
          return (await say(of)).message?.queue === 'unknown' ? { kind: 'unknown' } : OVER;
        case 'refused':
        case 'not-sent': {
          // Another token may be there by now, so account is asked again.
          if (of.kind === 'refused' && of.consequence === 'stop') tokens.forget(number);
          const before = { tries: triesOf(message.attempts, of), strikes };
          const next = of.kind === 'refused' ? await nextOf(of, before, message) : afterNotSent(before);
          const outcome = outcomeOf(of, next.kind === 'over');
          // A number that was stopped goes on as soon as it is mended, so its message has no time of its own.
          const hasTime = next.kind === 'lane' || next.kind === 'slow';
          const notBefore = hasTime ? new Date(clock.now().getTime() + next.afterMs) : undefined;
          const { message: after } = await say(outcome, { notBefore });
          if (next.kind === 'over') await giveBack();
          if (next.kind === 'over' || after?.queue !== 'waiting') return OVER;
          const because = of.kind === 'refused' ? becauseOf(of) : undefined;
          const { refusedSince } = after;
          return next.kind === 'lane'
            ? { ...next, because, refusedSince }
            : { ...next, because, refusedSince, version };
        }
      }
    }
  };

  async function judgementOf(queued: QueuedMessage): Promise<Judgement> {
    const [judgement] = await persist('the gate cannot be asked', () =>
      judge([queued], { whenAway: 'unchecked', whoPays: 'held-later' }),
    );
    if (!judgement) throw new Error('a message was asked about and not judged');
    return judgement;
  }

  /** A file that Meta does not know (any more) is uploaded anew, once. */
  async function nextOf(of: CallResult & { kind: 'refused' }, before: Before, message: Message): Promise<Next> {
    const isForgotten = await filesAtMeta.forgotten(message, of);
    return isForgotten && before.tries === 0 ? { kind: 'lane', afterMs: 0 } : nextAfter(of, before);
  }

  /** For its own refusals from the first of them; for what stops the number since it was accepted. */
  function waitedTooLongOf(queued: QueuedMessage, stop: Refusal | undefined): Refusal | undefined {
    const { acceptedAt, because, refusedSince } = queued;
    const now = clock.now();
    if (stop) return waitedTooLong(new Date(acceptedAt), stop, now);
    return because && refusedSince && waitedTooLong(refusedSince, because, now);
  }

  async function call(message: Message, data: string, token: string): Promise<CallResult> {
    const { number, recipient, content, replyTo, trace } = message;
    if (content.kind === 'unsupported') throw new Error('the gate lets no such content go');
    const begun = clock.monotonicMs();
    const result = await cloudApi.send({ number, token, recipient, content, replyTo, callbackData: data, trace });
    const label = result.kind === 'refused' ? result.consequence : result.kind;
    observer.dispatched(label, (clock.monotonicMs() - begun) / 1_000);
    return result;
  }
}

export type DispatchMessage = ReturnType<typeof createDispatchMessage>;

type CameToNothing = CallResult & { kind: 'refused' | 'not-sent' };

/** How many attempts ended like this one. */
function triesOf(attempts: readonly Attempt[], of: CameToNothing): number {
  const isLike = ({ outcome }: Attempt): boolean => {
    if (outcome?.kind !== 'withdrawn') return false;
    return of.kind === 'refused' ? outcome.reason === of.consequence : !outcome.error;
  };
  return attempts.filter(isLike).length;
}

function outcomeOf(of: CameToNothing, isFinal: boolean): Outcome {
  if (of.kind === 'not-sent') return { kind: 'withdrawn', reason: of.reason };
  const { error, remedy, consequence } = of;
  return isFinal ? { kind: 'rejected', error, remedy } : { kind: 'withdrawn', reason: consequence, error, remedy };
}
