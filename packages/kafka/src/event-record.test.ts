import { eventRecord } from './event-record.js';

describe('the record of an event', () => {
  const topic = {
    name: 'routing.threads',
    type: 'switchboard.routing.v1.ThreadEvent',
    encode: (text: string) => Buffer.from(text),
  };
  const time = new Date('2026-03-01T10:00:00.250Z');

  it('carries id, type and time, and what is known of organisation and trace', () => {
    expect(
      eventRecord(topic, 'opened', { key: '4711', id: 't:1', time, org: 'o-1', traceparent: '00-a-b-01' }),
    ).toEqual({
      topic: 'routing.threads',
      key: '4711',
      value: Buffer.from('opened'),
      headers: { id: 't:1', type: topic.type, time: '2026-03-01T10:00:00.250Z', org: 'o-1', traceparent: '00-a-b-01' },
    });
  });

  it('leaves out what is not known, and the timestamp: retention goes by when it was said', () => {
    const record = eventRecord(topic, 'opened', { key: '4711', id: 't:1', time });

    expect(Object.keys(record.headers ?? {}).sort()).toEqual(['id', 'time', 'type']);
    expect(record.timestamp).toBeUndefined();
  });
});
