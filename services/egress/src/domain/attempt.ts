import { mergeReport, type MetaError, type Report } from './report.js';

/** What a call to Meta came to, as far as the caller can tell. */
export type Outcome =
  /** Meta answered with its id of the message. */
  | { readonly kind: 'accepted'; readonly whatsappMessageId: string }
  /** Meta answered with a final error. */
  | { readonly kind: 'rejected'; readonly error: MetaError; readonly remedy?: string }
  /** Certainly not handed over: it may be tried again. The reason is the consequence of Meta's error, where it gave one. */
  | {
      readonly kind: 'withdrawn';
      readonly reason: string;
      readonly error?: MetaError;
      readonly remedy?: string;
    }
  /** Nobody knows: it must not be sent again before something tells. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** One call to Meta. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Names the one call that began it, so that a repeated `begin` is recognised. */
  readonly call: string;
  /** Under which epoch of the partition's lease it began. */
  readonly epoch: number;
  readonly startedAt: Date;
  /** Absent where nobody is paid. */
  readonly payment?: { readonly isHeld: boolean; readonly windowOpen: boolean };
  readonly answeredAt?: Date;
  readonly outcome?: Outcome;
  /** Meta's id (wamid): from the answer, or from a status that carried ours. */
  readonly whatsappMessageId?: string;
  readonly reports: readonly Report[];
}

/** Where an attempt stands, from least to most. `failed` may still become delivered; `read` implies delivered. */
const standings = ['dispatching', 'unknown', 'withdrawn', 'sent', 'failed', 'delivered', 'read', 'played'] as const;
export type Standing = (typeof standings)[number];

const standingOfOutcome = {
  accepted: 'sent',
  rejected: 'failed',
  withdrawn: 'withdrawn',
  unknown: 'unknown',
} as const satisfies Record<Outcome['kind'], Standing>;

/** The highest of what the answer and the statuses say; the order in which they came does not matter. */
export function standingOf({ outcome, reports }: Attempt): Standing {
  let best: Standing = outcome ? standingOfOutcome[outcome.kind] : 'dispatching';
  for (const { status } of reports) if (isStanding(status) && rank(status) > rank(best)) best = status;
  return best;
}

/** Somebody has it: it was on a device. */
export const wasDelivered = (attempt: Attempt): boolean => rank(standingOf(attempt)) >= rank('delivered');

/** What is known for certain replaces what is not; the same attempt when nothing is learnt. */
export function withOutcome(attempt: Attempt, outcome: Outcome, at: Date): Attempt {
  const known = attempt.outcome;
  if (known && certainty[known.kind] >= certainty[outcome.kind]) return attempt;
  const whatsappMessageId =
    attempt.whatsappMessageId ?? (outcome.kind === 'accepted' ? outcome.whatsappMessageId : undefined);
  return {
    ...attempt,
    outcome,
    // An attempt that nobody answered has no such time.
    ...(outcome.kind !== 'unknown' && { answeredAt: at }),
    ...(whatsappMessageId !== undefined && { whatsappMessageId }),
  };
}

/** The same attempt when the report says nothing new. */
export function withReport(attempt: Attempt, report: Report, whatsappMessageId: string): Attempt {
  const reports = mergeReport(attempt.reports, report);
  const isNamed = attempt.whatsappMessageId !== undefined || whatsappMessageId === '';
  if (reports === attempt.reports && isNamed) return attempt;
  return { ...attempt, reports, ...(!isNamed && { whatsappMessageId }) };
}

const certainty = { unknown: 1, withdrawn: 2, rejected: 3, accepted: 4 } as const satisfies Record<
  Outcome['kind'],
  number
>;

const rank = (standing: Standing): number => standings.indexOf(standing);

/** Only these statuses of Meta move an attempt; others are kept and told. */
const isStanding = (status: string): status is Standing =>
  ['sent', 'failed', 'delivered', 'read', 'played'].includes(status);
