import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { readMessageEvent } from './message-news.js';

const at = new Date('2026-11-26T12:00:00Z');
const event = (said: NonNullable<MessageEvent['event']>, more: Partial<MessageEvent> = {}): MessageEvent => ({
  ...MessageEvent.decode(new Uint8Array()),
  messageId: 'thread:7',
  phoneNumberId: '555',
  walletId: 'main',
  occurredAt: at,
  cost: { category: 'service', recipient: { userId: 'BR.1' }, windowOpen: true, held: true },
  event: said,
  ...more,
});
const status = (word: string, more: object = { delivered: ['delivered', 'read', 'played'].includes(word) }) =>
  event({
    $case: 'statusChanged',
    value: {
      attempt: 2,
      status: word,
      pricing: { model: 'PMP', type: 'regular', category: 'service' },
      errors: [],
      doubled: true,
      delivered: false,
      ...more,
    },
  });

it.each(['delivered', 'read', 'played'])('BL-3 %s is delivered, with what Meta reports', (word) => {
  expect(readMessageEvent(status(word))).toEqual({
    holdId: 'thread:7:2',
    what: 'delivered',
    isHeld: true,
    reported: { type: 'regular', category: 'service', billable: undefined },
    doubled: true,
    wallet: 'main',
    number: '555',
    at,
    category: 'service',
    recipient: { phone: '', userId: 'BR.1' },
    windowOpen: true,
  });
});

it('BL-4 a price that a late status brings is that of what was delivered before', () => {
  expect(readMessageEvent(status('sent', { delivered: true }))).toMatchObject({
    what: 'delivered',
    holdId: 'thread:7:2',
  });
});

it('BL-4 what is delivered waits for its price; what is read has none', () => {
  const none = { delivered: true, pricing: undefined };

  expect(readMessageEvent(status('delivered', none))).toBeUndefined();
  expect(readMessageEvent(status('read', none))).toMatchObject({ what: 'delivered', reported: undefined });
});

it.each<[string, MessageEvent, string, string]>([
  ['a failed status', status('failed'), 'failed', 'thread:7:2'],
  [
    'a call that Meta refused',
    event({ $case: 'failed', value: { attempt: 1, error: undefined, remedy: '' } }),
    'failed',
    'thread:7:1',
  ],
  ['an attempt that was put off', event({ $case: 'putOff', value: { attempt: 3 } }), 'failed', 'thread:7:3'],
  [
    'a refusal, of the attempt that would have been next',
    event({ $case: 'refused', value: { code: '', reason: '', remedy: '', nextAttempt: 4 } }),
    'refused',
    'thread:7:4',
  ],
])('BL-8 %s gives the price back', (_what, told, what, holdId) => {
  expect(readMessageEvent(told)).toMatchObject({ what, holdId });
});

it.each([
  ['sent', event({ $case: 'sent', value: { attempt: 1 } })],
  ['unknown', event({ $case: 'unknown', value: { attempt: 1, reason: '' } })],
  ['a status sent', status('sent')],
])('BL-8 %s moves no money', (_what, told) => {
  expect(readMessageEvent(told)).toBeUndefined();
});
