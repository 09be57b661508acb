import { readHttpSettings } from './settings.js';

it('are a port, the usual one where none is said', () => {
  expect(readHttpSettings({})).toEqual({ port: 8_080 });
  expect(readHttpSettings({ HTTP_PORT: '0' })).toEqual({ port: 0 });
  expect(() => readHttpSettings({ HTTP_PORT: '80.5' })).toThrow('HTTP_PORT: ');
});
