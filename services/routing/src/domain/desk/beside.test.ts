import type { Manner } from '../flow/settings.js';
import { waitBesideAPlace } from './beside.js';
import {
  type Desk,
  emptyDesk,
  type Offer,
  type Operator,
  operatorKey,
  strangerAt,
  type Turn,
  turnKey,
} from './desk.js';

const at = new Date('2026-11-26T12:00:00Z');
const operator = (more: Partial<Operator> = {}): Operator => ({
  ...strangerAt(at),
  isActive: true,
  presence: 'available',
  departmentIds: ['sales'],
  ...more,
});
const turn = (nth: number, manner: Manner, offer: Offer | null = null, more: Partial<Turn> = {}): Turn => ({
  chatId: `n.1.c${nth}:1`,
  count: 1,
  want: {
    brandId: 'acme',
    departmentId: 'sales',
    target: { kind: 'everyone', operatorIds: [] },
    manner,
    offerTimeoutMs: 30_000,
    lastOperatorId: '',
    exceptIds: [],
    concurrentLimit: 2,
    since: at,
    line: 'sales',
  },
  refused: [],
  isLastAsked: false,
  offer,
  ...more,
});
const desk = (ann: Operator, ...turns: Turn[]): Desk => ({
  ...emptyDesk(),
  [operatorKey('ann')]: ann,
  ...Object.fromEntries(turns.map((each) => [turnKey(each.chatId), each])),
});
const toAnn = { to: ['ann'], until: null, timer: 0 };
const held = [{ chatId: 'n.1.x:1', count: 1 }];

describe('chats that wait beside a free place', () => {
  it.each<[string, Desk, number]>([
    ['one that nobody was asked for', desk(operator(), turn(1, 'one-by-one')), 1],
    ['one for whom a place is reserved', desk(operator(), turn(1, 'one-by-one', { ...toAnn, until: at })), 0],
    ['one that waits while its operator is away', desk(operator({ presence: 'away' }), turn(1, 'one-by-one')), 0],
    ['one for another department', desk(operator({ departmentIds: ['support'] }), turn(1, 'one-by-one')), 0],
    ['one that was refused', desk(operator(), turn(1, 'one-by-one', null, { refused: ['ann'] })), 0],
    ['one while all places are taken', desk(operator({ limit: 1, held }), turn(1, 'one-by-one')), 0],
    ['asked all at once, one that is on no offer', desk(operator(), turn(1, 'all-at-once')), 1],
    [
      'asked all at once, one beside as many offers as places',
      desk(operator({ limit: 1 }), turn(1, 'all-at-once', toAnn), turn(2, 'all-at-once')),
      0,
    ],
    [
      'asked all at once, one beside fewer offers than places',
      desk(operator(), turn(1, 'all-at-once', toAnn), turn(2, 'all-at-once')),
      1,
    ],
  ])('CH-3 %s', (_name, state, count) => {
    expect(waitBesideAPlace(state)).toHaveLength(count);
  });
});
