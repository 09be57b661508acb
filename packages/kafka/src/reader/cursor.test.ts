import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.js';

describe('a cursor', () => {
  it('says the same after it was text', () => {
    const topic = fc.record({
      code: fc.string({ maxLength: 4 }),
      generation: fc.nat({ max: 300 }),
      offsets: fc.array(fc.maxSafeNat(), { maxLength: 64 }),
    });
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 4 }), (topics) => {
        expect(decodeCursor(encodeCursor({ topics }))).toEqual({ topics });
      }),
    );
  });

  it('is fit for a URL', () => {
    expect(encodeCursor({ topics: [{ code: 't', generation: 1, offsets: [2 ** 52, 255, 254] }] })).toMatch(/^[\w-]+$/);
  });

  it.each([
    '',
    'x',
    'latest',
    '%%%',
    'AQ',
    encodeCursor({ topics: [{ code: 't', generation: 1, offsets: [1] }] }).slice(0, -2),
  ])('is not %j', (text) => {
    expect(decodeCursor(text)).toBeUndefined();
  });

  it('is no other text, and no text makes it fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(() => decodeCursor(Buffer.from(bytes).toString('base64url'))).not.toThrow();
      }),
    );
  });
});
