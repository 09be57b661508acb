import { phoneVariants } from './variants.js';

describe('RX-6 spellings of a phone', () => {
  it.each([
    ['Brazil, with the ninth digit', '+55 11 98765-4321', ['5511987654321', '551187654321']],
    ['Brazil, without it', '551187654321', ['551187654321', '5511987654321']],
    ['Argentina, with the 9', '5491123456789', ['5491123456789', '541123456789']],
    ['Argentina, without it', '541123456789', ['541123456789', '5491123456789']],
    ['Mexico, with the 1', '5215512345678', ['5215512345678', '525512345678']],
    ['Mexico, without it', '525512345678', ['525512345678', '5215512345678']],
    ['anywhere else', '12025550143', ['12025550143']],
  ])('%s', (_, phone, variants) => {
    expect(phoneVariants(phone)).toEqual(variants);
  });
});
