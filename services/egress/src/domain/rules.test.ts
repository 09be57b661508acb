import { createHash } from 'node:crypto';
import { callbackData, contentHashOf, messageIdOf, readCallbackData } from './callback.js';
import { mayBegin } from './lease.js';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('what rides through Meta', () => {
  it('comes back as the message and the attempt, though ids of replies have a colon themselves', () => {
    const id = { messageId: '555.1.c1:7', attempt: 2 };

    expect(callbackData(id)).toBe('555.1.c1:7:2');
    expect(readCallbackData(callbackData(id), '555')).toEqual(id);
  });

  it('comes back for messages that are no replies', () => {
    const messageId = messageIdOf('acme', 'key', hash);

    expect(readCallbackData(callbackData({ messageId, attempt: 1 }), '555')).toEqual({ messageId, attempt: 1 });
  });

  it.each(['', 'order-17', 'a:1', ':1', '555.1.c1:7', '556.1.c1:7:1', '555.1.c1:7:0', '555.1.c1:7:x', 'out-12:1'])(
    'is nobody’s when others attached it: %j',
    (data) => {
      expect(readCallbackData(data, '555')).toBeUndefined();
    },
  );
});

describe('TX-2 the id of a message', () => {
  it('is the same for the same organisation and key, and only then', () => {
    const id = messageIdOf('acme', 'key', hash);

    expect(messageIdOf('acme', 'key', hash)).toBe(id);
    expect(messageIdOf('acm', 'ekey', hash)).not.toBe(id);
    expect(messageIdOf('globex', 'key', hash)).not.toBe(id);
  });

  it('stands beside a hash of what was asked for', () => {
    expect(contentHashOf('1', 'a', hash)).toBe(contentHashOf('1', 'a', hash));
    expect(contentHashOf('1', 'a', hash)).not.toBe(contentHashOf('1', 'b', hash));
    expect(contentHashOf('1', 'a', hash)).not.toBe(contentHashOf('2', 'a', hash));
  });
});

describe('a lease', () => {
  const lease = { partition: 1, epoch: 4, until: 10_000 };

  it('lets a call begin with two seconds left, and not with less', () => {
    expect(mayBegin(lease, 8_000)).toBe(true);
    expect(mayBegin(lease, 8_001)).toBe(false);
    expect(mayBegin(undefined, 0)).toBe(false);
  });
});
