import { windowClosesAt as closesAtOf } from '../domain/gate/window.js';
import { type Full, personOf, withoutRoom } from '../domain/pace/reach.js';
import { type Asked, type Judge, type Judgement } from './judge.js';
import { type Places, type Reach } from './pace-ports.js';
import { type Clock, type Windows } from './ports.js';

/** A message that the gate lets go and that reaches somebody outside the window. */
interface Reaching {
  readonly index: number;
  readonly asked: Asked;
  readonly person: string;
}

/**
 * The gate, and the portfolio's messaging limit with it, before a message is dispatched (TX-1, TX-5): refuses what could not
 * go while it may wait, says of the rest when there is room, and takes none. Where Meta has not told the limit yet dispatch
 * asks, so nothing is refused here.
 */
export function createJudgeWithRoom(deps: {
  judge: Judge;
  reach: Pick<Reach, 'roomFor'>;
  places: Pick<Places, 'portfolioOf'>;
  windows: Windows;
  clock: Clock;
}): Judge {
  const { judge, reach, places, windows, clock } = deps;

  /** Without those who have written meanwhile: they can be answered. */
  async function withoutWindow(all: readonly (Reaching & { readonly full: Full })[], now: Date) {
    const seen = await windows.lastInbound(all.map(({ asked }) => asked));
    return all.filter((_each, index) => (closesAtOf(seen[index]) ?? now) <= now);
  }

  async function fullFor(portfolio: string, all: readonly Reaching[]) {
    const room = await reach.roomFor(
      portfolio,
      all.map(({ person }) => person),
    );
    return all.flatMap((each, index) => {
      const full = room[index];
      return full ? [{ ...each, full }] : [];
    });
  }

  return async function judgeWithRoom(all, options): Promise<readonly Judgement[]> {
    const judgements = await judge(all, options);
    const now = clock.now();
    const byPortfolio = new Map<string, Reaching[]>();
    for (const [index, judgement] of judgements.entries()) {
      const asked = all[index];
      const portfolio = asked && reaches(judgement, now) ? places.portfolioOf(asked.number) : undefined;
      if (!asked || portfolio === undefined) continue;
      const reaching = { index, asked, person: personOf(asked.recipient, asked.customer) };
      byPortfolio.set(portfolio, [...(byPortfolio.get(portfolio) ?? []), reaching]);
    }
    const full = (await Promise.all([...byPortfolio].map(([portfolio, of]) => fullFor(portfolio, of)))).flat();
    if (full.length === 0) return judgements;
    const waiting = new Map((await withoutWindow(full, now)).map((each) => [each.index, each]));
    return judgements.map((judgement, index): Judgement => {
      const without = waiting.get(index);
      if (!without) return judgement;
      const { expiresAt } = without.asked;
      const room = withoutRoom(without.full, { acceptedAt: now.getTime(), expiresAt }, now);
      return room.kind === 'refuse' ? { ...judgement, refusal: room.refusal } : { ...judgement, waits: room.because };
    });
  };
}

const reaches = ({ refusal, content, windowClosesAt }: Judgement, now: Date): boolean =>
  !refusal && content.kind === 'template' && (windowClosesAt ?? now) <= now;
