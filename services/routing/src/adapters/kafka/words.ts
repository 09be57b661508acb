import { AssignmentCause as CauseProto } from '@switchboard/contracts/routing/v1/desk_events';
import {
  Author as AuthorProto,
  CompletionReason,
  HandOverCause as HandOverProto,
  TransferOutcome as OutcomeProto,
  Trouble as TroubleProto,
} from '@switchboard/contracts/routing/v1/events';
import { OfferManner, type RuleTarget, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import type { Author, Completion } from '../../domain/chat/chat.js';
import type { Manner, Target } from '../../domain/flow/settings.js';
import type { AssignmentCause, HandOverCause, TransferOutcome, Trouble } from '../../domain/thread-events.js';

/** What the domain names by words, the contracts name by numbers. */

export const authors = {
  customer: AuthorProto.AUTHOR_CUSTOMER,
  operator: AuthorProto.AUTHOR_OPERATOR,
  bot: AuthorProto.AUTHOR_BOT,
  'business-app': AuthorProto.AUTHOR_BUSINESS_APP,
  service: AuthorProto.AUTHOR_SERVICE,
  system: AuthorProto.AUTHOR_SYSTEM,
} as const satisfies Record<Author, AuthorProto>;

export const completions = {
  operator: CompletionReason.COMPLETION_REASON_OPERATOR,
  'number-disconnected': CompletionReason.COMPLETION_REASON_NUMBER_DISCONNECTED,
  joined: CompletionReason.COMPLETION_REASON_JOINED,
  missed: CompletionReason.COMPLETION_REASON_MISSED,
  idle: CompletionReason.COMPLETION_REASON_IDLE,
  profanity: CompletionReason.COMPLETION_REASON_PROFANITY,
  bot: CompletionReason.COMPLETION_REASON_BOT,
  blocked: CompletionReason.COMPLETION_REASON_BLOCKED,
} as const satisfies Record<Completion, CompletionReason>;

export const troubles = {
  refused: TroubleProto.TROUBLE_REFUSED,
  failed: TroubleProto.TROUBLE_FAILED,
  unknown: TroubleProto.TROUBLE_UNKNOWN,
} as const satisfies Record<Trouble, TroubleProto>;

export const causes = {
  taken: CauseProto.ASSIGNMENT_CAUSE_TAKEN,
  given: CauseProto.ASSIGNMENT_CAUSE_GIVEN,
  assigned: CauseProto.ASSIGNMENT_CAUSE_ASSIGNED,
  transferred: CauseProto.ASSIGNMENT_CAUSE_TRANSFERRED,
} as const satisfies Record<AssignmentCause, CauseProto>;

export const outcomes = {
  accepted: OutcomeProto.TRANSFER_OUTCOME_ACCEPTED,
  refused: OutcomeProto.TRANSFER_OUTCOME_REFUSED,
  'timed-out': OutcomeProto.TRANSFER_OUTCOME_TIMED_OUT,
  withdrawn: OutcomeProto.TRANSFER_OUTCOME_WITHDRAWN,
} as const satisfies Record<TransferOutcome, OutcomeProto>;

export const handOvers = {
  bot: HandOverProto.HAND_OVER_CAUSE_BOT,
  'timed-out': HandOverProto.HAND_OVER_CAUSE_TIMED_OUT,
  idle: HandOverProto.HAND_OVER_CAUSE_IDLE,
  detached: HandOverProto.HAND_OVER_CAUSE_DETACHED,
  taken: HandOverProto.HAND_OVER_CAUSE_TAKEN,
} as const satisfies Record<HandOverCause, HandOverProto>;

export const manners = {
  'all-at-once': OfferManner.OFFER_MANNER_ALL_AT_ONCE,
  'one-by-one': OfferManner.OFFER_MANNER_ONE_BY_ONE,
  'least-loaded': OfferManner.OFFER_MANNER_LEAST_LOADED,
  'round-robin': OfferManner.OFFER_MANNER_ROUND_ROBIN,
} as const satisfies Record<Manner, OfferManner>;

const kinds = {
  everyone: TargetKind.TARGET_KIND_EVERYONE,
  operators: TargetKind.TARGET_KIND_OPERATORS,
  'last-operator': TargetKind.TARGET_KIND_LAST_OPERATOR,
  'lead-owner': TargetKind.TARGET_KIND_LEAD_OWNER,
  nobody: TargetKind.TARGET_KIND_NOBODY,
} as const satisfies Record<Target['kind'], TargetKind>;

export const targetToProto = ({ kind, operatorIds, departmentId }: Target): RuleTarget => ({
  kind: kinds[kind],
  operatorIds: [...operatorIds],
  departmentId,
});
