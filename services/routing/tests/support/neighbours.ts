import { type EncodedEvent } from '@switchboard/aggregates';
import { DeskRequested, type OfferMade } from '@switchboard/contracts/routing/v1/desk_events';
import { TimerCommand, type TimerFired } from '@switchboard/contracts/timer/v1/events';
import { routingDesks, timerCommands } from '@switchboard/contracts/topics';
import { atLimit as atLimitOf, chatTaken } from '../../src/domain/desk/failures.js';
import { threadOfChat } from '../../src/domain/spans.js';
import { type ClaimPlace } from '../../src/use-cases/ports.js';

/** Those who answer threads, in memory: a timer service and a desk that is told what to say. */

/** Timers as they stand after what was published, each once per version. */
export function createTimers(published: readonly EncodedEvent[]) {
  const armed = new Map<string, { readonly version: bigint; readonly due: Date }>();
  const versions = new Map<string, bigint>();
  let read = 0;
  function catchUp(): void {
    for (const { topic, value } of published.slice(read)) {
      if (topic !== timerCommands.name) continue;
      const { timerKey, version, command } = TimerCommand.decode(value);
      if (version <= (versions.get(timerKey) ?? 0n)) continue;
      versions.set(timerKey, version);
      if (command?.$case === 'arm' && command.value.dueAt) armed.set(timerKey, { version, due: command.value.dueAt });
      else armed.delete(timerKey);
    }
    read = published.length;
  }
  return {
    armed(): ReadonlyMap<string, { readonly version: bigint; readonly due: Date }> {
      catchUp();
      return armed;
    },
    /** The next timer that is due by then; it is gone from here. */
    next(by: Date): TimerFired | undefined {
      catchUp();
      const [first] = [...armed]
        .filter(([, { due }]) => due <= by)
        .sort(([, a], [, b]) => a.due.getTime() - b.due.getTime());
      if (!first) return undefined;
      const [timerKey, { version, due }] = first;
      armed.delete(timerKey);
      return { owner: 'routing', timerKey, version, dueAt: due, payload: Buffer.alloc(0) };
    },
  };
}

/**
 * A desk that has a place for everybody but those at their limit; it passes the contract of the real one. What it says is
 * heard when the test says so.
 */
export function createDesk(published: readonly EncodedEvent[]) {
  const offers: OfferMade[] = [];
  const claims: Parameters<ClaimPlace>[0][] = [];
  const atLimit = new Set<string>();
  const holders = new Map<string, string>();
  let said = 0;

  const claimPlace: ClaimPlace = (claim) => {
    const { organisationId, chatId, number: phoneNumberId, operatorId, cause, facts } = claim;
    const holder = holders.get(chatId);
    if (holder === operatorId) return Promise.resolve();
    if (atLimit.has(operatorId)) return Promise.reject(atLimitOf(operatorId, facts.concurrentLimit));
    if (holder !== undefined && cause === 'taken') return Promise.reject(chatTaken(chatId, holder));
    claims.push(claim);
    holders.set(chatId, operatorId);
    const value = { operatorId, cause: { taken: 1, given: 2, assigned: 3, transferred: 4 }[cause] as 1 | 2 | 3 | 4 };
    const threadId = threadOfChat(chatId) ?? '';
    const about = { organisationId, threadId, chatId, phoneNumberId, occurredAt: new Date(0) };
    said += 1;
    const [sequence, count] = [BigInt(said), BigInt(facts.count)];
    offers.push({ ...about, sequence, count, offer: { $case: 'assigned', value } });
    return Promise.resolve();
  };

  return {
    offers,
    claims,
    atLimit,
    claimPlace,
    /** What threads asked of it, in order. */
    asked: (): DeskRequested[] =>
      published.filter(({ topic }) => topic === routingDesks.name).map(({ value }) => DeskRequested.decode(value)),
  };
}
