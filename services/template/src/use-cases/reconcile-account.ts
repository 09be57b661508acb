import { type Access } from './access.js';
import { type ReadAccount, type Reading } from './read-account.js';
import { aWabaId, type Caller, demand } from './requests.js';

export type ReconcileAccount = ReturnType<typeof createReconcileAccount>;

/** Reads an account at once; a reading that its caller does not wait for goes on. */
export function createReconcileAccount({ access, readAccount }: { access: Access; readAccount: ReadAccount }) {
  return function reconcileAccount(caller: Caller, wabaId: string): Promise<Reading> {
    demand(aWabaId('waba_id', wabaId));
    access.mustHaveNumber(caller.organisationId, wabaId);
    return readAccount(wabaId, { callFor: 'people', pauseMs: 0, tries: 0 }, new AbortController().signal);
  };
}
