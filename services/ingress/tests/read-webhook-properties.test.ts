import fc from 'fast-check';
import { fittingRecord } from '../src/adapters/kafka/webhook-log.js';
import type { Read } from '../src/domain/events.js';
import {
  envelope,
  files,
  json,
  messages,
  metadata,
  ofNumber,
  payloads,
  readBody,
  shape,
  text,
} from './support/bodies.js';

const lists = [
  'messages',
  'message_echoes',
  'statuses',
  'errors',
  'user_actions',
  'automatic_events',
  'user_preferences',
  'user_id_update',
  'state_sync',
  'calls',
  'groups',
];
const fieldNames = ['messages', 'calls', 'standby', 'group_status_update', 'smb_message_echoes', 'brand_new', ''];

/** Names that an object has without being given them. */
const inherited = fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf');
const anything = fc.oneof(fc.jsonValue(), inherited, fc.constant(null));
const item = fc.oneof(
  anything,
  fc.string({ minLength: 1 }).map((id) => text(id)),
  fc.record(
    { id: anything, type: fc.oneof(inherited, fc.string()), timestamp: anything, from: anything, status: anything },
    { requiredKeys: [] },
  ),
);

describe('RX-2 whatever stands anywhere in a body', () => {
  const bodies = [...files(payloads), ...files(`${payloads}/bsuid`)].map(json);

  it('everything read can be told, and has an id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(10_000), anything, (body, place, value) => {
        for (const each of readBody(replaced(body, place, value)) ?? []) {
          expect(each.event.eventId).not.toBe('');
          expect(fittingRecord(each).value?.byteLength).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('no item is lost: each is an event or in quarantine, raw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fieldNames),
        fc.constantFrom({ metadata }, {}),
        fc.dictionary(fc.constantFrom(...lists), fc.array(item, { maxLength: 5 })),
        (field, frame, value) => {
          const items = lists.flatMap((name) => value[name] ?? []).map((each) => JSON.stringify(each));
          fc.pre(items.length > 0);

          const read = readBody(envelope({ field, value: { ...frame, ...value } })) ?? [];

          expect(read.map(({ event }) => String(event.raw)).sort()).toEqual(items.sort());
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('unknown parts of a value are not lost either', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(...fieldNames), (extra, field) => {
        const parts = Object.entries(extra).filter(
          ([name, part]) => typeof part === 'object' && part !== null && !lists.includes(name) && !known.has(name),
        );
        const read = readBody(envelope(ofNumber(field, { messages: [text('a')], ...Object.fromEntries(parts) })));

        const raw = (read ?? []).map(({ event }) => String(event.raw)).join();
        for (const [name, part] of parts) expect(raw).toContain(`${JSON.stringify(name)}:${JSON.stringify(part)}`);
      }),
    );
  });
});

describe('event ids', () => {
  const items = fc.array(item, { minLength: 1 });

  it('are the same in whatever batch an item comes again (RX-4)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lists), items, fc.nat(), (name, batch, cut) => {
        const at = cut % batch.length;
        const told = (part: readonly unknown[]): Read[] =>
          readBody(envelope(messages(text('before')), ofNumber('messages', { [name]: part }))) ?? [];

        const whole = told(batch).slice(1);
        const parts = [batch.slice(0, at), batch.slice(at)].flatMap((part) => told(part).slice(1));

        expect(shape(parts)).toEqual(shape(whole));
      }),
    );
  });

  it('differ where items do', () => {
    const action = fc.record({ action_type: fc.string(), timestamp: fc.nat(), n: fc.nat() });
    fc.assert(
      fc.property(fc.uniqueArray(action, { selector: (each) => JSON.stringify(each) }), (user_actions) => {
        const read = readBody(envelope(ofNumber('messages', { user_actions })));

        expect(new Set(shape(read)).size).toBe(user_actions.length);
      }),
    );
  });
});

/** Names that a value has of its own, and lists that are tested elsewhere. */
const known = new Set(['metadata', 'contacts', 'messaging_product', 'history', 'standby', 'recipient']);

/** The body with one of its values, anywhere in it, replaced. */
function replaced(body: unknown, place: number, value: unknown): unknown {
  let left = place % 200;
  const visit = (node: unknown): unknown => {
    left -= 1;
    if (left === 0) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node === 'object' && node !== null) {
      return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, visit(inner)]));
    }
    return node;
  };
  return visit(body);
}
