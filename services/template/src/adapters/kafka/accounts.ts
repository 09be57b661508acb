import { type NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { type Table } from '@switchboard/kafka';
import { type Accounts } from '../../use-cases/ports.js';

/** Accounts from `account.numbers`, which is in memory whole. Made before the table is loaded. */
export function createAccounts(table: Pick<Table<NumberState>, 'onChange'>): Accounts {
  const ofAccount = new Map<string, Map<string, NumberState>>();
  const accountOf = new Map<string, string>();
  const listeners: ((wabaId: string) => void)[] = [];

  function forget(phoneNumberId: string): void {
    const wabaId = accountOf.get(phoneNumberId) ?? '';
    const numbers = ofAccount.get(wabaId);
    accountOf.delete(phoneNumberId);
    numbers?.delete(phoneNumberId);
    if (numbers?.size === 0) ofAccount.delete(wabaId);
  }

  table.onChange((phoneNumberId, state) => {
    const { wabaId = '', organisationId = '' } = state ?? {};
    if (accountOf.get(phoneNumberId) !== wabaId || organisationId === '') forget(phoneNumberId);
    if (!state || wabaId === '' || organisationId === '') return;
    const numbers = ofAccount.get(wabaId) ?? new Map<string, NumberState>();
    const isFirst = numbers.size === 0;
    ofAccount.set(wabaId, numbers.set(phoneNumberId, state));
    accountOf.set(phoneNumberId, wabaId);
    if (isFirst) for (const listener of listeners) listener(wabaId);
  });

  const sorted = (wabaId: string): NumberState[] =>
    [...(ofAccount.get(wabaId)?.values() ?? [])].sort((a, b) => (a.phoneNumberId < b.phoneNumberId ? -1 : 1));

  return {
    organisationsOf: (wabaId) => [...new Set(sorted(wabaId).map(({ organisationId }) => organisationId))],
    numbersOf: (wabaId) =>
      sorted(wabaId)
        .filter(({ sending }) => sending !== SendingState.SENDING_STATE_NO_TOKEN)
        .map(({ phoneNumberId, version, organisationId }) => ({
          phoneNumberId,
          version: Number(version),
          organisationId,
        })),
    all: () => [...ofAccount.keys()],
    onFirstNumber: (listener) => {
      listeners.push(listener);
    },
  };
}
