import { type LogInput, type Position } from '@switchboard/aggregates';
import { type AttemptId } from '../domain/callback.js';
import { type Input, type StatusOfAttempt } from '../domain/inputs.js';
import { type Claim, type Messages, type Observer, type Wamids } from './ports.js';

/** A status as it was read from the log. */
export interface StatusNews {
  readonly position: Position;
  readonly status: StatusOfAttempt;
  /** Our id, where the status carries it. */
  readonly about: AttemptId | undefined;
}

export type FoldStatuses = ReturnType<typeof createFoldStatuses>;

/** Folds each status into its message (TX-3). One that nobody knows yet waits at Meta's id of its message. */
export function createFoldStatuses(deps: {
  messages: Messages;
  wamids: Wamids;
  told: (messageIds: readonly string[]) => void;
  observer: Observer;
}) {
  const { messages, wamids, told, observer } = deps;

  return async function foldStatuses(
    news: readonly StatusNews[],
    signal: AbortSignal,
  ): Promise<{ done: Promise<void> }> {
    const nameless = news.filter(({ about }) => !about);
    const claims = nameless.length > 0 ? await wamids.meet(nameless.map(({ status }) => status)) : [];
    const claimOf = new Map(nameless.map((each, index) => [each, claims[index]]));

    const inputs: LogInput<Input>[] = [];
    for (const each of news) {
      const claim = claimOf.get(each);
      if (each.about)
        inputs.push(toInput(each.position, each.about, [{ ...each.status, attempt: each.about.attempt }]));
      else if (claim) inputs.push(toInput(each.position, claim.owner, withParked(claim, each.status)));
    }
    const found = claims.filter((claim) => claim !== undefined).length;
    observer.statuses('ours', news.length - nameless.length);
    observer.statuses('found', found);
    observer.statuses('parked', nameless.length - found);
    if (inputs.length === 0) return { done: Promise.resolve() };

    const { done } = await messages.apply(inputs, signal);
    told(inputs.map(({ aggregateId }) => aggregateId));
    return { done };
  };
}

const toInput = (position: Position, { messageId }: AttemptId, statuses: StatusOfAttempt[]): LogInput<Input> => ({
  aggregateId: messageId,
  position,
  input: { kind: 'statuses', statuses },
});

/** With those that were parked, in case whoever claimed the id was stopped before it folded them. */
export const withParked = ({ owner, parked }: Claim, ...more: StatusOfAttempt[]): StatusOfAttempt[] =>
  [...parked, ...more].map((status) => ({ ...status, attempt: owner.attempt }));
