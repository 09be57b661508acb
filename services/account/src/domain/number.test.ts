import fc from 'fast-check';
import { decideNumber, sendingOf, unknownNumber, type NumberCommand, type NumberState } from './number.js';

const at = new Date('2026-11-01T00:00:00Z');
const token = { keyId: 'k1', wrappedKey: 'w', sealed: 's' };
const register: NumberCommand = {
  kind: 'register',
  at,
  wabaId: '100',
  portfolioId: '200',
  displayPhoneNumber: '+1 555 014 0077',
  verifiedName: 'Acme',
  token,
  organisationId: null,
};
const toBrand = (brandId: string, departmentId = 'sales'): NumberCommand => ({
  kind: 'connect',
  at,
  organisationId: `org-of-${brandId}`,
  brandId,
  departmentId,
});
const disconnect: NumberCommand = { kind: 'disconnect', at, organisationId: null };

const after = (...commands: NumberCommand[]): NumberState => commands.reduce(decideNumber, unknownNumber());

describe('a number', () => {
  it('is nobody’s after it was registered, and may not send', () => {
    const number = after(register);

    expect(number).toMatchObject({ organisationId: null, connection: 1 });
    expect(sendingOf(number)).toBe('not-connected');
  });

  it('may send once it is connected', () => {
    expect(sendingOf(after(register, toBrand('acme')))).toBe('allowed');
  });

  it('cannot be connected before it is known', () => {
    expect(() => after(toBrand('acme'))).toThrow(expect.objectContaining({ code: 'account.number-not-found' }));
  });

  it('ON-7 is connected to exactly one brand: the second one to finish gets a conflict', () => {
    expect(() => after(register, toBrand('acme'), toBrand('globex'))).toThrow(
      expect.objectContaining({ kind: 'conflict', code: 'account.number-already-connected' }),
    );
  });

  it('changes nothing when it is connected again to where it is', () => {
    const connected = after(register, toBrand('acme'));

    expect(decideNumber(connected, toBrand('acme'))).toBe(connected);
  });

  it('moves to another department of its brand', () => {
    expect(after(register, toBrand('acme'), toBrand('acme', 'support'))).toMatchObject({
      departmentId: 'support',
      connection: 1,
    });
  });

  it('ON-17 is free for another brand after it was disconnected, under a new connection', () => {
    expect(after(register, toBrand('acme'), disconnect, toBrand('globex'))).toMatchObject({
      organisationId: 'org-of-globex',
      connection: 2,
    });
  });

  it('is disconnected once, however often that is asked', () => {
    expect(after(register, toBrand('acme'), disconnect, disconnect).connection).toBe(2);
  });

  it('SE-1 does not let another organisation disconnect it', () => {
    expect(() => after(register, toBrand('acme'), { ...disconnect, organisationId: 'org-of-globex' })).toThrow(
      expect.objectContaining({ kind: 'not-found' }),
    );
  });

  it('SE-1 does not let another organisation replace its token, also when that one looked before it was connected', () => {
    const theirs: NumberCommand = { ...register, organisationId: 'org-of-globex' };

    expect(after(theirs)).toMatchObject({ organisationId: null });
    expect(() => after(register, toBrand('acme'), theirs)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });

  it('never gives two organisations the same connection', () => {
    const command = fc.oneof(
      fc.constant(register),
      fc.constantFrom('acme', 'globex', 'initech').map((brand) => toBrand(brand)),
      fc.constant(disconnect),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const ownerOf = new Map<number, string>();
        let number = after(register);
        for (const each of commands) {
          try {
            number = decideNumber(number, each);
          } catch {
            continue;
          }
          if (number.organisationId === null) continue;
          const owner = ownerOf.get(number.connection) ?? number.organisationId;
          expect(number.organisationId).toBe(owner);
          ownerOf.set(number.connection, owner);
        }
      }),
    );
  });
});
