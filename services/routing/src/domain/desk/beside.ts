import { available, meant, withRoom } from './candidates.js';
import { type Desk, isReserved, roomOf, type Turn, turnsOf } from './desk.js';

/**
 * Chats that wait although somebody who could take them has a free place and is not asked: none, after every input (CH-3).
 * Asked all at once, an operator is on as many offers as they have places, and no more need be.
 */
export function waitBesideAPlace(desk: Desk): Turn[] {
  const turns = turnsOf(desk);
  const there = available(desk);
  return turns.filter((turn) => {
    const { want, offer } = turn;
    if (isReserved(offer)) return false;
    const eligible = withRoom(turn, meant(there, want));
    if (want.manner !== 'all-at-once') return eligible.length > 0;
    return eligible.some(({ operatorId, operator }) => {
      if (offer?.to.includes(operatorId)) return false;
      const others = turns.filter((each) => !isReserved(each.offer) && each.offer?.to.includes(operatorId));
      return others.length < roomOf(operator, want.concurrentLimit);
    });
  });
}
