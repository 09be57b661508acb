import { type Content } from './content.js';

/** Whether a message may go: one pure function, asked by `Check`, at accept and again at dispatch (TX-1). */

/** The customer service window: 24 h from the customer's last message, by Meta's time of it. */
export const WINDOW_MS = 24 * 3_600_000;
export const MAX_TEXT_LENGTH = 4_096;
const MAX_CHOICES = 10;

/** What egress knows of a number. */
export interface NumberView {
  readonly organisation: string;
  /** Raised with every change; the token of Meta belongs to it. */
  readonly version: number;
  readonly sending: 'allowed' | 'not-connected' | 'no-token' | 'stopped';
}

export interface Snapshot {
  /** Absent when nobody has told us of the number. */
  readonly number: NumberView | undefined;
  /** The later of what the request carries and what egress has seen, by Meta's clock. */
  readonly lastInboundAt: Date | undefined;
  readonly now: Date;
}

export interface Question {
  /** Whose message it is; absent = whosever the number is. */
  readonly organisation: string | undefined;
  /** What it would say. */
  readonly content: Content;
}

export interface Refusal {
  /** Stable: `egress.window-closed`. */
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** When it opens again; absent where time does not help. */
  readonly opensAt?: Date;
}

export interface Verdict {
  readonly refusal: Refusal | undefined;
  readonly windowClosesAt: Date | undefined;
}

/** The first rule that refuses, with the remedy. */
export function gate(snapshot: Snapshot, question: Question): Verdict {
  const windowClosesAt = snapshot.lastInboundAt && new Date(snapshot.lastInboundAt.getTime() + WINDOW_MS);
  return {
    windowClosesAt,
    refusal:
      refusedByNumber(snapshot.number, question.organisation) ??
      refusedByContent(question.content) ??
      // Only an approved template may go without the customer's word (TX-6).
      (question.content.kind === 'template' ? undefined : refusedByWindow(windowClosesAt, snapshot.now)),
  };
}

/** The later of two times that may not be known. */
export const later = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  !a || !b ? (a ?? b) : a > b ? a : b;

function refusedByNumber(number: NumberView | undefined, organisation: string | undefined): Refusal | undefined {
  const isTheirs = number && (organisation === undefined || organisation === number.organisation);
  if (!isTheirs || number.sending === 'not-connected') return notConnected;
  return number.sending === 'allowed' ? undefined : stopped[number.sending];
}

function refusedByContent(content: Content): Refusal | undefined {
  switch (content.kind) {
    case 'text':
      if (content.text.trim() === '') return empty;
      return content.text.length > MAX_TEXT_LENGTH ? tooLong : undefined;
    case 'list':
      return content.choices.length >= 1 && content.choices.length <= MAX_CHOICES ? undefined : wrongList;
    case 'template':
      return undefined;
    case 'unsupported':
      return unsupported;
  }
}

function refusedByWindow(windowClosesAt: Date | undefined, now: Date): Refusal | undefined {
  return windowClosesAt && now < windowClosesAt ? undefined : windowClosed;
}

/** It may go once the number has a token again: a message that was accepted waits for that. */
export const isMendable = ({ code }: Refusal): boolean => code === withoutToken.code;

const notConnected: Refusal = {
  code: 'egress.number-not-connected',
  reason: 'the number is not connected to this organisation',
  remedy: 'connect the number to a brand of the organisation, then send again',
};

export const withoutToken: Refusal = {
  code: 'egress.number-without-token',
  reason: 'no valid token of Meta is known for the number',
  remedy: 'connect the WhatsApp account again',
};

const stopped: Record<'no-token' | 'stopped', Refusal> = {
  'no-token': withoutToken,
  stopped: {
    code: 'egress.number-stopped',
    reason: 'the number may not send at present',
    remedy: "look at the number's health for the cause, mend it, then send again",
  },
};

const unsupported: Refusal = {
  code: 'egress.content-unsupported',
  reason: 'messages of this kind cannot be sent yet',
  remedy: 'send text, a template or a list',
};

const wrongList: Refusal = {
  code: 'egress.list-wrong',
  reason: `a list has 1 to ${MAX_CHOICES} choices`,
  remedy: 'offer as many as that',
};

const empty: Refusal = {
  code: 'egress.text-empty',
  reason: 'the text is empty',
  remedy: `write 1 to ${MAX_TEXT_LENGTH} characters`,
};

const tooLong: Refusal = {
  code: 'egress.text-too-long',
  reason: `the text is longer than ${MAX_TEXT_LENGTH} characters`,
  remedy: 'shorten it, or send it in parts',
};

const windowClosed: Refusal = {
  code: 'egress.window-closed',
  reason: 'the customer has not written for 24 hours',
  remedy: 'send an approved template, or wait until the customer writes',
};
