import { callbackData } from '../../domain/callback.js';
import { type Outcome } from '../../domain/attempt.js';
import { type Input, type Result } from '../../domain/fold.js';
import { gate, later, type Refusal } from '../../domain/gate.js';
import { type Lease, mayBegin } from '../../domain/lease.js';
import { type Message } from '../../domain/message.js';
import { setback, type Setback } from '../../domain/retry.js';
import { withParked } from '../fold-statuses.js';
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
  type Windows,
} from '../ports.js';
import { type Persist } from './persist.js';

export interface DispatchDeps {
  readonly messages: Messages;
  readonly windows: Windows;
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

/** How the dispatch of a message ended, for the lane of its customer. */
export type Dispatched =
  /** The next one may go. */
  | { readonly kind: 'over' }
  /** Nobody knows whether Meta has it. */
  | { readonly kind: 'unknown' }
  /** It waits for another attempt. */
  | ({ readonly kind: 'again' } & Setback);

const OVER: Dispatched = { kind: 'over' };
/** The lease is gone: whoever has it now sends the message. */
const NOT_OURS: Dispatched = { kind: 'again', who: 'lane', afterMs: 1_000 };

const TOKEN_EXPIRED = 190;

/**
 * One attempt of one message: the gate once more, `dispatching` written, the call, its answer folded. Between an
 * acknowledged `dispatching` and the folded answer the message belongs to this function alone.
 */
export function createDispatchMessage(deps: DispatchDeps) {
  const { messages, windows, numbers, wamids, tokens, cloudApi, clock, newCall, persist, observer } = deps;

  const command = (messageId: string, input: Input): Promise<Result> =>
    persist('a message cannot be written', () => messages.command(messageId, input));

  return async function dispatchMessage(
    queued: QueuedMessage,
    partition: number,
    lease: () => Lease | undefined,
  ): Promise<Dispatched> {
    const { messageId, number } = queued;
    const refusal = await refusalOf(queued);
    if (refusal) {
      observer.refused(refusal.code, 'dispatch');
      await command(messageId, { kind: 'refuse', refusal, at: clock.now() });
      return OVER;
    }
    const token = await tokenOf(number);
    if (token === undefined) return { kind: 'again', ...setback({ kind: 'not-sent' }, 0) };

    const held = lease();
    if (!held || !mayBegin(held, clock.monotonicMs())) return NOT_OURS;
    const begin: Input = { kind: 'begin', call: newCall(), epoch: held.epoch, at: clock.now() };
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
    const result = await call(message, callbackData({ messageId, attempt }), token);
    return fold(result, message, attempt, answer);

    async function fold(
      of: CallResult,
      { attempts }: Message,
      attempt: number,
      say: typeof answer,
    ): Promise<Dispatched> {
      switch (of.kind) {
        case 'accepted': {
          const { whatsappMessageId } = of;
          const claim = await persist('an id of Meta cannot be claimed', () =>
            wamids.claim(number, whatsappMessageId, { messageId, attempt, partition }),
          );
          await say({ kind: 'accepted', whatsappMessageId }, { parked: withParked(claim) });
          if (claim.parked.length > 0) await persist('parked statuses stay parked', () => wamids.settle(claim));
          return OVER;
        }
        case 'rejected':
          if (of.error.code === TOKEN_EXPIRED) tokens.forget(number);
          await say({ kind: 'rejected', error: of.error });
          return OVER;
        case 'unknown':
          return (await say(of)).message?.queue === 'unknown' ? { kind: 'unknown' } : OVER;
        case 'throttled':
        case 'not-sent': {
          const tries = attempts.filter(({ outcome }) => outcome?.kind === 'withdrawn').length;
          const wait = setback(causeOf(of), tries);
          const notBefore = new Date(clock.now().getTime() + wait.afterMs);
          const outcome: Outcome =
            of.kind === 'throttled'
              ? { kind: 'withdrawn', reason: 'throttled', error: of.error }
              : { kind: 'withdrawn', reason: of.reason };
          const { message: after } = await say(outcome, { notBefore });
          return after?.queue === 'waiting' ? { kind: 'again', ...wait } : OVER;
        }
      }
    }
  };

  async function refusalOf(queued: QueuedMessage): Promise<Refusal | undefined> {
    const { number, customer, organisation, text } = queued;
    const judge = (lastInboundAt: Date | undefined): Refusal | undefined =>
      gate({ number: numbers.view(number), lastInboundAt, now: clock.now() }, { organisation, text }).refusal;
    const refusal = judge(queued.lastInboundAt);
    if (refusal?.code !== 'egress.window-closed') return refusal;
    // The customer may have written since the message was asked for.
    const [seen] = await persist('windows cannot be read', () => windows.lastInbound([{ number, customer }]));
    return judge(later(queued.lastInboundAt, seen));
  }

  async function tokenOf(number: string): Promise<string | undefined> {
    try {
      return await tokens.of(number, numbers.view(number)?.version ?? 0);
    } catch (error) {
      observer.warn({ number, error }, 'no token of Meta to be had; the number waits');
      return undefined;
    }
  }

  async function call(message: Message, data: string, token: string): Promise<CallResult> {
    const { number, recipient, content, replyTo } = message;
    if (content.kind !== 'text') throw new Error('the gate lets text go only');
    const begun = clock.monotonicMs();
    const { text, previewUrl } = content;
    const result = await cloudApi.send({ number, token, recipient, text, previewUrl, replyTo, callbackData: data });
    observer.dispatched(result.kind, (clock.monotonicMs() - begun) / 1_000);
    return result;
  }
}

export type DispatchMessage = ReturnType<typeof createDispatchMessage>;

const causeOf = (result: CallResult & { kind: 'throttled' | 'not-sent' }): Parameters<typeof setback>[0] =>
  result.kind === 'not-sent'
    ? { kind: 'not-sent' }
    : {
        kind: 'throttled',
        code: result.error.code,
        ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }),
      };
