import { randomBytes } from 'node:crypto';
import { createVault } from './vault.js';

const first = { id: 'first', key: randomBytes(32) };
const second = { id: 'second', key: randomBytes(32) };

describe('the vault', () => {
  it('SE-4 opens what it sealed, and what it keeps does not show it', () => {
    const vault = createVault([first]);

    const token = vault.seal('EAAG-secret');

    expect(vault.open(token)).toBe('EAAG-secret');
    expect(JSON.stringify(token)).not.toContain('EAAG');
  });

  it('SE-4 opens old tokens after the key was rotated', () => {
    const old = createVault([first]).seal('EAAG-secret');

    expect(createVault([second, first]).open(old)).toBe('EAAG-secret');
    expect(createVault([second, first]).seal('x').keyId).toBe('second');
  });

  it('says which key is missing', () => {
    const token = createVault([first]).seal('EAAG-secret');

    expect(() => createVault([second]).open(token)).toThrow('lacks the key "first"');
  });

  it('says that a key is not the one it was', () => {
    const token = createVault([first]).seal('EAAG-secret');
    const other = createVault([{ id: 'first', key: randomBytes(32) }]);

    expect(() => other.open(token)).toThrow(expect.objectContaining({ kind: 'unavailable', code: 'vault.sealed' }));
  });

  it('refuses a token that was tampered with', () => {
    const token = createVault([first]).seal('EAAG-secret');
    const bytes = Buffer.from(token.sealed, 'base64');
    bytes[bytes.length - 1]! ^= 1;

    expect(() => createVault([first]).open({ ...token, sealed: bytes.toString('base64') })).toThrow();
  });
});
