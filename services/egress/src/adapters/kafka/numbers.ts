import { type NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { type NumberView } from '../../domain/gate.js';
import { type Numbers } from '../../use-cases/ports.js';

/** The view of `account.numbers`, which is in memory whole. */
export function createNumbers(table: { readonly get: (number: string) => NumberState | undefined }): Numbers {
  return {
    view(number) {
      const state = table.get(number);
      return state && toView(state);
    },
  };
}

const toView = ({ organisationId, version, sending, wabaId }: NumberState): NumberView => ({
  organisation: organisationId,
  version: Number(version),
  waba: wabaId,
  sending: organisationId === '' ? 'not-connected' : (sendingOf[sending] ?? 'stopped'),
});

/** A reason we do not know yet stops sending as well. */
const sendingOf: Partial<Record<SendingState, NumberView['sending']>> = {
  [SendingState.SENDING_STATE_ALLOWED]: 'allowed',
  [SendingState.SENDING_STATE_NOT_CONNECTED]: 'not-connected',
  [SendingState.SENDING_STATE_NO_TOKEN]: 'no-token',
  [SendingState.SENDING_STATE_STOPPED]: 'stopped',
};
