import fc from 'fast-check';
import type { Read } from '../src/domain/events.js';
import { files, json, payloads, readBody } from './support.js';

const envelope = (...changes: unknown[]) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] });
const metadata = { display_phone_number: '1', phone_number_id: '341' };
const messages = (...items: unknown[]) => ({ field: 'messages', value: { metadata, messages: items } });
const text = (id: string, extra: object = {}) => ({
  from: '1202',
  id,
  timestamp: '1795168800',
  type: 'text',
  text: { body: id },
  ...extra,
});

const shape = (read: readonly Read[] | undefined) => read?.map(({ topic, event }) => `${topic} ${event.eventId}`);

describe('RX-2 a body of many parts', () => {
  it('is split into entries × changes × items, in order', () => {
    const entry = (n: number) => ({
      id: String(n),
      changes: [1, 2, 3].map((c) => ({
        field: 'messages',
        value: {
          metadata: { phone_number_id: String(c) },
          messages: [1, 2, 3, 4, 5].map((i) => text(`w${n}${c}${i}`)),
        },
      })),
    });

    const read = readBody({ object: 'x', entry: [1, 2, 3].map(entry) });

    const expected = [1, 2, 3].flatMap((n) =>
      [1, 2, 3].flatMap((c) => [1, 2, 3, 4, 5].map((i) => `messages w${n}${c}${i}`)),
    );
    expect(shape(read)).toEqual(expected);
  });

  it('lets neighbours of what cannot be read go through', () => {
    const read = readBody(envelope(messages(text('a'), 'poison', null, text('b'))));

    expect(read?.map(({ topic }) => topic)).toEqual(['messages', 'quarantine', 'quarantine', 'messages']);
  });

  it('holds messages and statuses in one value', () => {
    const read = readBody(
      envelope({
        field: 'messages',
        value: { metadata, messages: [text('a')], statuses: [{ id: 'b', status: 'sent' }] },
      }),
    );

    expect(shape(read)).toEqual(['messages a', 'statuses b:sent::']);
  });

  it('passes on kinds, fields and lists that nobody knows yet', () => {
    const read = readBody(
      envelope(
        messages({ id: 'a', from: '1', type: 'hologram', hologram: { x: 1 } }),
        { field: 'brand_new', value: { x: 1 } },
        { field: 'messages', value: { metadata, holograms: [{ x: 1 }] } },
      ),
    );

    expect(read?.map(({ topic }) => topic)).toEqual(['messages', 'changes', 'messages']);
    expect(read?.[0]?.event).toMatchObject({ content: { kind: { $case: 'unknown', value: { type: 'hologram' } } } });
    expect(String((read?.[2]?.event as { raw: Buffer }).raw)).toContain('holograms');
  });

  it('quarantines items that name no number, and keeps their bytes', () => {
    const read = readBody(envelope({ field: 'messages', value: { messages: [text('a')] } }));

    expect(read?.[0]).toMatchObject({ topic: 'quarantine', event: { code: 'ingress.no-phone-number-id' } });
  });

  it('takes template events that come without metadata', () => {
    const value = {
      event: 'APPROVED',
      message_template_id: 1,
      message_template_name: 'x',
      message_template_language: 'en-US',
    };

    expect(readBody(envelope({ field: 'message_template_status_update', value }))?.[0]).toMatchObject({
      topic: 'changes',
      event: { event: 'APPROVED', detail: { value: { templateId: '1', language: 'en_US' } } },
    });
  });

  it('is no envelope without a list of entries', () => {
    for (const body of [null, 7, 'x', [], {}, { entry: {} }]) expect(readBody(body)).toBeUndefined();
  });

  it('RX-7 keeps both times', () => {
    const [read] = readBody(envelope(messages(text('a')))) ?? [];

    expect(read?.event).toMatchObject({
      sentAt: new Date('2026-11-20T10:00:00Z'),
      source: { receivedAt: new Date('2026-11-25T12:00:00Z') },
    });
  });
});

describe('properties', () => {
  const bodies = files(payloads).map(json);

  it('nothing throws, whatever stands where', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(10_000), fc.jsonValue(), (body, place, value) => {
        const read = readBody(replaced(body, place, value));

        for (const { event } of read ?? []) expect(event.eventId).not.toBe('');
      }),
      { numRuns: 3_000 },
    );
  });

  it('no item is lost: each is an event or in quarantine', () => {
    const item = fc.oneof(
      fc.jsonValue(),
      fc.string().map((id) => text(id)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(item)), (changes) => {
        const read = readBody(envelope(...changes.map((items) => messages(...items))));

        expect(read).toHaveLength(changes.flat().length);
      }),
    );
  });

  it('an item has the same id in whatever batch it comes again', () => {
    const item = fc.oneof(
      fc.string({ minLength: 1 }).map((id) => text(id)),
      fc.record({ type: fc.string(), timestamp: fc.constant('1795168800') }),
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), fc.nat(), (items, cut) => {
        const at = cut % items.length;
        const whole = readBody(envelope(messages(...items)));
        const parts = [items.slice(0, at), items.slice(at)].flatMap(
          (part) => readBody(envelope(messages(...part))) ?? [],
        );

        expect(shape(parts)).toEqual(shape(whole));
      }),
    );
  });
});

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
