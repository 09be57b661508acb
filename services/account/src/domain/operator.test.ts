import { decideOperator, noOperator, type PutOperator } from './operator.js';

const at = new Date('2026-11-01T00:00:00Z');
const later = new Date('2026-11-02T00:00:00Z');
const put: PutOperator = {
  kind: 'put-operator',
  at,
  organisationId: 'acme',
  name: 'Ann',
  role: 'associate',
  departmentIds: ['sales'],
  concurrentLimit: 3,
};

describe('an operator', () => {
  it('is made, and put again without a change when nothing differs', () => {
    const made = decideOperator(noOperator(), put);

    expect(made).toMatchObject({ organisationId: 'acme', active: true, changedAt: at });
    expect(decideOperator(made, { ...put, at: later })).toBe(made);
  });

  it.each([{ name: 'Bea' }, { role: 'supervisor' as const }, { departmentIds: [] }, { concurrentLimit: 0 }])(
    'changes by %j',
    (change) => {
      const made = decideOperator(noOperator(), put);

      expect(decideOperator(made, { ...put, ...change, at: later })).toMatchObject({ ...change, changedAt: later });
    },
  );

  it('is taken away once, and comes back when they are put again', () => {
    const gone = decideOperator(decideOperator(noOperator(), put), {
      kind: 'remove-operator',
      at: later,
      organisationId: 'acme',
    });

    expect(gone).toMatchObject({ active: false, changedAt: later });
    expect(decideOperator(gone, { kind: 'remove-operator', at, organisationId: null })).toBe(gone);
    expect(decideOperator(gone, put)).toMatchObject({ active: true });
  });

  it('SE-1 is neither taken over nor taken away by another organisation', () => {
    const made = decideOperator(noOperator(), put);

    expect(() => decideOperator(made, { ...put, organisationId: 'globex' })).toThrow(
      expect.objectContaining({ code: 'account.operator-exists' }),
    );
    expect(() => decideOperator(made, { kind: 'remove-operator', at, organisationId: 'globex' })).toThrow(
      expect.objectContaining({ code: 'account.operator-not-found' }),
    );
  });
});
