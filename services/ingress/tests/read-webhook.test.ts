import { kinds, type Read } from '../src/domain/events.js';
import { parse } from '../src/domain/json.js';
import { envelope, messages, metadata, ofNumber, readBody, shape, text } from './support/bodies.js';

const one = (change: unknown): Read => {
  const [read, ...rest] = readBody(envelope(change)) ?? [];
  expect(rest).toEqual([]);
  if (!read) throw new Error('nothing came out');
  return read;
};
const topics = (read: readonly Read[] | undefined) => read?.map(({ topic }) => topic);

describe('RX-2 a body of many parts', () => {
  it('of 3 entries × 3 changes × 5 items is split into 45 events of their numbers, in order', () => {
    const [entries, changes, items] = [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3, 4, 5],
    ];
    const body = {
      entry: entries.map((n) => ({
        id: String(n),
        changes: changes.map((c) => ({
          field: 'messages',
          value: { metadata: { phone_number_id: `${n}${c}` }, messages: items.map((i) => text(`w${n}${c}${i}`)) },
        })),
      })),
    };

    const read = readBody(body);

    const each = entries.flatMap((n) => changes.flatMap((c) => items.map((i) => [`${n}${c}`, `w${n}${c}${i}`])));
    expect(read?.map(({ event }) => [(event as { phoneNumberId?: string }).phoneNumberId, event.eventId])).toEqual(
      each,
    );
  });

  it('holds messages and statuses in one value', () => {
    const value = { messages: [text('a')], statuses: [{ id: 'b', status: 'sent' }] };

    expect(shape(readBody(envelope(ofNumber('messages', value))))).toEqual(['messages a', 'statuses b:sent::']);
  });

  it('takes an object where a list is due', () => {
    const change = ofNumber('messages', { messages: text('a'), contacts: { wa_id: '12025550143' } });

    expect(shape(readBody({ entry: { id: '1', changes: change } }))).toEqual(['messages a']);
  });

  it('is no envelope without entries, and nothing without items', () => {
    for (const body of [null, 7, 'x', [], {}, { entry: {} }, { entry: 'x' }]) expect(readBody(body)).toBeUndefined();
    for (const changes of [[], [{}], [messages()], [ofNumber('messages', { contacts: [{ wa_id: '1' }] })]]) {
      expect(readBody(envelope(...changes))).toEqual([]);
    }
  });

  it('RX-7 keeps both times', () => {
    expect(one(messages(text('a'))).event).toMatchObject({
      sentAt: new Date('2026-11-20T10:00:00Z'),
      source: { receivedAt: new Date('2026-11-25T12:00:00Z') },
    });
  });
});

describe('RX-2 what cannot be read', () => {
  it('lets its neighbours go through', () => {
    const read = readBody(envelope(messages(text('a'), 'poison', null, [1], text('b'))));

    expect(topics(read)).toEqual(['messages', 'quarantine', 'quarantine', 'quarantine', 'messages']);
  });

  it('lets neighbouring changes and entries go through', () => {
    const read = readBody({
      entry: [
        7,
        { id: '1', changes: [null, { field: 'x', value: 7 }, { field: 'x' }, messages(text('a'))] },
        { id: '2', x: 1 },
      ],
    });

    expect(read?.map(({ event }) => ('code' in event ? event.code : event.eventId))).toEqual([
      'ingress.unreadable-item',
      'ingress.unreadable-item',
      'ingress.no-value',
      'ingress.no-value',
      'a',
      'ingress.no-changes',
    ]);
  });

  it('of an import lets the other threads and messages go through', () => {
    const threads = ['poison', { id: '1202', messages: [text('a'), 'poison', text('b')] }];

    const read = readBody(envelope(ofNumber('history', { history: [{ threads }] })));

    expect(shape(read)?.filter((each) => each.startsWith('messages'))).toEqual([
      'messages history:a',
      'messages history:b',
    ]);
    expect(topics(read)).toEqual(['quarantine', 'messages', 'quarantine', 'messages']);
  });

  it('names the list it stood in, and what is needed to read it again', () => {
    const { event } = one({ field: 'messages', value: { messages: [text('a')] } });

    expect(event).toMatchObject({ code: 'ingress.no-phone-number-id', part: 'messages' });
    expect(JSON.parse(String((event as { frame: Buffer }).frame))).toEqual({
      id: '215',
      changes: [{ field: 'messages', value: {} }],
    });
  });

  it('is a status that names no message or no state', () => {
    for (const status of [{ status: 'sent' }, { id: 'a' }]) {
      expect(one(ofNumber('messages', { statuses: [status] })).event).toMatchObject({
        code: 'ingress.incomplete-status',
      });
    }
  });
});

describe('RX-2 what nobody knows yet', () => {
  it.each(['hologram', 'constructor', '__proto__', 'toString', ''])('a message of type "%s" is passed on', (type) => {
    const read = one(messages({ id: 'a', from: '1', type, [type]: { x: 1 } }));

    expect(read).toMatchObject({
      topic: 'messages',
      event: { kind: kinds.message, content: { kind: { $case: 'unknown', value: { type } } } },
    });
  });

  it('a list of an unknown name is passed on beside known ones', () => {
    const read = readBody(envelope(ofNumber('messages', { messages: [text('a')], constructor: [{ lost: false }] })));

    expect(topics(read)).toEqual(['messages', 'messages']);
    expect(read?.[1]?.event).toMatchObject({ kind: kinds.other });
    expect(String(read?.[1]?.event.raw)).toBe('{"constructor":[{"lost":false}]}');
  });

  it('a list of an unknown name is passed on beside items that name no number, too', () => {
    const read = readBody(envelope({ field: 'messages', value: { messages: [text('a')], holograms: [{ x: 1 }] } }));

    expect(topics(read)).toEqual(['quarantine', 'changes']);
    expect(String(read?.[1]?.event.raw)).toBe('{"holograms":[{"x":1}]}');
  });

  it('a field that names a number goes to the number, one that names none to the account', () => {
    expect(one(ofNumber('brand_new', { x: 1 }))).toMatchObject({
      topic: 'messages',
      event: { kind: kinds.other, action: 'brand_new', phoneNumberId: '341' },
    });
    expect(one({ field: 'brand_new', value: { x: 1 } })).toMatchObject({ topic: 'changes', event: { wabaId: '215' } });
  });

  it('a status, a reason, a price of a new name are passed on as they are', () => {
    const status = {
      id: 'a',
      status: 'pondered',
      pricing: { type: 'new', category: 'newer' },
      errors: [{ code: '7' }],
    };

    expect(one(ofNumber('messages', { statuses: [status] })).event).toMatchObject({
      status: 'pondered',
      pricing: { type: 'new', category: 'newer' },
      errors: [{ code: 7 }],
    });
  });
});

describe('RX-5 fields of many kinds', () => {
  it('what happens while another partner owns the conversation is split, stored and never answered', () => {
    const standby = {
      contacts: [{ wa_id: '12025550143', profile: { name: 'Ana' } }],
      messages: [text('a')],
      message_echoes: [text('b', { to: '12025550143' })],
      statuses: [{ id: 'c', status: 'read', timestamp: '1795168800', recipient_id: '12025550143' }],
    };

    const read = readBody(envelope(ofNumber('standby', { standby })));

    expect(shape(read)).toEqual(['messages standby:a', 'messages standby:b', 'messages standby:c:read::1795168800']);
    for (const { event } of read ?? []) {
      expect(event).toMatchObject({ kind: kinds.standby, customer: { phone: '12025550143' } });
    }
  });

  it('control that passes between partners names the number and the customer', () => {
    const value = {
      sender: { phone_number: '12025550143' },
      recipient: { phone_number_id: '341', display_phone_number: '15550140077' },
      type: 'control_passed',
      timestamp: '1795168800',
    };

    expect(one({ field: 'messaging_handovers', value }).event).toMatchObject({
      kind: kinds.handover,
      phoneNumberId: '341',
      action: 'control_passed',
      customer: { phone: '12025550143' },
    });
  });

  it('a call and what became of it are two events', () => {
    const call = { id: 'wacid.1', from: '12025550143', event: 'connect', timestamp: '1795168800' };
    const read = readBody(envelope(ofNumber('calls', { calls: [call, { ...call, event: 'terminate' }] })));

    expect(read?.map(({ event }) => (event as { action: string }).action)).toEqual(['connect', 'terminate']);
    expect(new Set(read?.map(({ event }) => event.eventId)).size).toBe(2);
  });

  it('a status of a call is no status of a message', () => {
    const status = { id: 'wacid.1', status: 'RINGING', timestamp: '1795168800', recipient_user_id: 'US.1' };

    expect(one(ofNumber('calls', { statuses: [status] }))).toMatchObject({
      topic: 'messages',
      event: { kind: kinds.call, action: 'RINGING', fromBusiness: true, customer: { userId: 'US.1' } },
    });
  });

  it('a group event goes to its number', () => {
    const groups = [{ type: 'group_create', group_id: 'g1', timestamp: '1795168800' }];

    expect(one(ofNumber('group_lifecycle_update', { groups })).event).toMatchObject({
      kind: kinds.group,
      action: 'group_create',
      groupId: 'g1',
    });
  });

  it('events of advertisements are one by one', () => {
    const automatic_events = [1, 2].map((n) => ({ id: `w${n}`, event_name: 'Purchase', timestamp: n }));

    const read = readBody(envelope(ofNumber('automatic_events', { automatic_events })));

    expect(read?.map(({ event }) => event)).toMatchObject([
      { kind: kinds.userAction, action: 'Purchase' },
      { kind: kinds.userAction, action: 'Purchase' },
    ]);
  });

  it('an import keeps where a message stood, and who wrote it', () => {
    const chunk = {
      metadata: { phase: '1', chunk_order: 2, progress: 40 },
      threads: [
        {
          id: 'US.1',
          messages: [
            { ...text('a'), from: '15550140077' },
            { ...text('b'), from: undefined, from_user_id: 'US.1' },
          ],
        },
      ],
    };

    const read = readBody(envelope(ofNumber('history', { history: [chunk] })));

    expect(read?.map(({ event }) => event)).toMatchObject([
      { fromBusiness: true, customer: { userId: 'US.1' }, history: { phase: 1, chunkOrder: 2, threadId: 'US.1' } },
      { fromBusiness: false, customer: { userId: 'US.1' }, history: { progress: 40 } },
    ]);
  });

  it('an import that was declined is a fault, one without messages is passed on', () => {
    const history = [{ errors: [{ code: 2593109, title: 'declined' }] }, { metadata: { phase: 2, progress: 100 } }];

    expect(readBody(envelope(ofNumber('history', { history })))?.map(({ event }) => event)).toMatchObject([
      { kind: kinds.error, action: 'history', errors: [{ code: 2593109 }] },
      { kind: kinds.other, action: 'history' },
    ]);
  });

  it('a user id that changed is told as WhatsApp’s system messages tell it', () => {
    const user_id_update = [
      { detail: 'changed', user_id: { previous: 'US.1', current: 'US.2' }, timestamp: '1795168800' },
    ];

    expect(one(ofNumber('user_id_update', { user_id_update })).event).toMatchObject({
      kind: kinds.system,
      content: { kind: { $case: 'system', value: { userId: 'US.2', previousUserId: 'US.1' } } },
    });
  });

  it('a fault of an account goes to the account, a fault of a number to the number', () => {
    const errors = [{ code: 130429, title: 'slow down' }];

    expect(one({ field: 'messages', value: { errors } })).toMatchObject({ topic: 'changes', event: { wabaId: '215' } });
    expect(one(ofNumber('messages', { errors }))).toMatchObject({ topic: 'messages', event: { kind: kinds.error } });
  });

  it('the same fault told at another time is another event, of the time its entry names', () => {
    const at = (time: number) =>
      readBody({ entry: [{ id: '215', time, changes: [ofNumber('messages', { errors: [{ code: 130429 }] })] }] });

    expect(shape(at(1_795_168_800))).not.toEqual(shape(at(1_795_168_900)));
    expect(shape(at(1_795_168_800))).toEqual(shape(at(1_795_168_800)));
    expect(at(1_795_168_800)?.[0]?.event).toMatchObject({ sentAt: new Date('2026-11-20T10:00:00Z') });
  });

  it('an edit of an edit is not followed', () => {
    const inner = { type: 'edit', edit: { original_message_id: 'x', message: text('deep') } };
    const edit = { original_message_id: 'a', message: inner };

    expect(one(messages({ id: 'b', type: 'edit', edit })).event).toMatchObject({
      content: { kind: { value: { content: { kind: { $case: 'unknown', value: { type: 'edit' } } } } } },
    });
  });
});

describe('changes of templates, numbers and accounts', () => {
  const template = {
    event: 'APPROVED',
    message_template_id: 1,
    message_template_name: 'x',
    message_template_language: 'en-US',
  };

  it.each([{}, { metadata }])('a template event is one with or without a number (%j)', (extra) => {
    const change = one({ field: 'message_template_status_update', value: { ...template, ...extra } });

    expect(change).toMatchObject({
      topic: 'changes',
      event: { event: 'APPROVED', wabaId: '215', detail: { value: { templateId: '1', language: 'en_US' } } },
    });
  });

  it('a template event is known by its keys where its field is another’s', () => {
    const value = { ...template, new_quality_score: 'RED', previous_quality_score: 'GREEN' };

    expect(one({ field: 'message_template_status_update', value }).event).toMatchObject({
      detail: { $case: 'template', value: { quality: 'RED', previousQuality: 'GREEN' } },
    });
  });

  it('ids longer than a double holds keep every digit, also in the raw item', () => {
    const body =
      '{"entry":[{"id":"215","changes":[{"field":"message_template_status_update","value":' +
      '{"message_template_id":12345678901234567891,"event":"APPROVED"}}]}]}';

    const [read] = readBody(parse(body)) ?? [];

    expect(read?.event).toMatchObject({ detail: { value: { templateId: '12345678901234567891' } } });
    expect(String(read?.event.raw)).toBe('{"message_template_id":12345678901234567891,"event":"APPROVED"}');
  });

  it('a partner’s events tell the account from the portfolio', () => {
    const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: '9', owner_business_id: '8' } };

    expect(one({ field: 'account_update', value }).event).toMatchObject({ wabaId: '9', portfolioId: '215' });
  });

  it('an alert names the number it is about', () => {
    const value = { entity_type: 'PHONE_NUMBER', entity_id: '341', alert_info: { alert_type: 'OBA_APPROVED' } };

    expect(one({ field: 'account_alerts', value }).event).toMatchObject({
      phoneNumberId: '341',
      detail: { value: { alertType: 'OBA_APPROVED' } },
    });
  });

  it('the same change at another time is another event', () => {
    const at = (time: number) =>
      readBody({ entry: [{ id: '215', time, changes: [{ field: 'account_update', value: { event: 'X' } }] }] });

    expect(shape(at(1))).not.toEqual(shape(at(2)));
    expect(shape(at(1))).toEqual(shape(at(1)));
  });
});

describe('RX-6 who it is', () => {
  const from = (contacts: unknown, ...items: object[]) =>
    readBody(envelope(ofNumber('messages', { contacts, messages: items })))?.map(
      ({ event }) => (event as { customer?: object }).customer,
    );
  const anonymous = { id: 'a', type: 'text', text: { body: 'x' } };

  it('each message takes the contact that agrees, wherever it stands in the list', () => {
    const contacts = ['1', '2', '3'].map((n) => ({ wa_id: n, user_id: `US.${n}`, profile: { name: `n${n}` } }));

    expect(from(contacts, text('a', { from: '3' }), text('b', { from: undefined, from_user_id: 'US.1' }))).toEqual([
      { phone: '3', userId: 'US.3', profileName: 'n3' },
      { phone: '1', userId: 'US.1', profileName: 'n1' },
    ]);
  });

  it('a contact of another user id is not taken, though the phone agrees', () => {
    const contact = { wa_id: '1', user_id: 'US.2', profile: { name: 'other' } };

    expect(from([contact], text('a', { from: '1', from_user_id: 'US.1' }))).toEqual([{ phone: '1', userId: 'US.1' }]);
  });

  it('the only contact is the only sender’s; with two senders it could be either’s', () => {
    const contact = { wa_id: '1', profile: { name: 'Ana', username: '@ana' } };

    expect(from([contact], { ...anonymous, from_user_id: 'US.1' })).toEqual([
      { phone: '1', userId: 'US.1', username: 'ana', profileName: 'Ana' },
    ]);
    expect(from([contact], { ...anonymous, from_user_id: 'US.1' }, { ...anonymous, id: 'b', from: '1' })).toEqual([
      { userId: 'US.1' },
      { phone: '1', username: 'ana', profileName: 'Ana' },
    ]);
  });

  it('nobody is nobody', () => {
    expect(from(undefined, anonymous)).toEqual([undefined]);
  });
});
