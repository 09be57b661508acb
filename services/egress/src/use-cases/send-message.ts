import { contentHashOf, messageIdOf } from '../domain/callback.js';
import { refusedByGate } from '../domain/fold.js';
import { gate, later } from '../domain/gate.js';
import { type Draft, type Message } from '../domain/message.js';
import {
  type Clock,
  type Hash,
  type Messages,
  type Numbers,
  type Observer,
  type Recipient,
  type Recipients,
  type Windows,
} from './ports.js';

export interface MessageToSend {
  /** Of the caller; undefined = whosever the number is. */
  readonly organisation: string | undefined;
  readonly number: string;
  readonly idempotencyKey: string;
  readonly recipient: Recipient;
  readonly text: string;
  readonly previewUrl: boolean;
  readonly replyTo: string;
}

/** A message under its id. */
export interface KeptMessage {
  readonly messageId: string;
  readonly message: Message;
  /** Its own sequence; undefined where the caller is not told. */
  readonly sequence?: number;
}

export type SendMessage = ReturnType<typeof createSendMessage>;

/** Accepts a message once per organisation and key (TX-2), if the gate lets it (TX-1). */
export function createSendMessage(deps: {
  messages: Messages;
  windows: Windows;
  numbers: Numbers;
  recipients: Recipients;
  clock: Clock;
  hash: Hash;
  nextOrder: () => number;
  partitionOf: (number: string) => number;
  observer: Observer;
}) {
  const { messages, windows, numbers, recipients, clock, hash, nextOrder, partitionOf, observer } = deps;

  return async function sendMessage(asked: MessageToSend): Promise<KeptMessage> {
    const { number, idempotencyKey, recipient, text, previewUrl, replyTo } = asked;
    const view = numbers.view(number);
    const organisation = asked.organisation ?? view?.organisation ?? '';
    const at = clock.now();
    const content = { kind: 'text', text, previewUrl } as const;
    // What is refused whoever it goes to needs no recipient; a repeated call still gets its message from the fold.
    const early = gate({ number: view, lastInboundAt: at, now: at }, { organisation, content }).refusal;
    if (early && organisation === '') throw refusedByGate(early);

    const resolved = early ? undefined : await recipients.resolve(number, recipient);
    const customer = resolved?.customer ?? '';
    const [seen] = resolved ? await windows.lastInbound([{ number, customer }]) : [];
    const lastInboundAt = later(resolved?.lastInboundAt, seen);
    const refusal = early ?? gate({ number: view, lastInboundAt, now: at }, { organisation, content }).refusal;

    const draft: Draft = {
      organisation,
      number,
      customer,
      thread: resolved?.thread ?? '',
      chat: resolved?.chat ?? '',
      threadSequence: 0,
      content,
      recipient: resolved?.address ?? {},
      replyTo,
      idempotencyKey,
      contentHash: contentHashOf({ number, ...recipient, text, previewUrl, replyTo }, hash),
      ...(lastInboundAt && { lastInboundAt }),
      wallet: '',
      partition: partitionOf(number),
      priority: 0,
      order: nextOrder(),
    };
    if (refusal) observer.refused(refusal.code, 'send');
    const messageId = messageIdOf(organisation, idempotencyKey, hash);
    const input = { kind: 'accept', draft, refusal, whenRefused: 'throw', wake: true, at } as const;
    const { message } = await messages.command(messageId, input);
    if (!message) throw new Error('a message that was accepted is not there');
    return { messageId, message };
  };
}
