import { type NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { type Table } from '@switchboard/kafka';
import { type NumberView } from '../../domain/gate.js';
import { type Places } from '../../use-cases/pace-ports.js';
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

/** Where numbers belong. Rare questions are answered by a look at all of them. */
export function createPlaces(table: Pick<Table<NumberState>, 'get' | 'values'>): Places {
  const portfolioOf = (state: NumberState | undefined): string | undefined =>
    state && (state.portfolioId || state.wabaId || undefined);
  return {
    portfolioOf: (number) => portfolioOf(table.get(number)),
    find(waba, displayPhone) {
      const ofAccount = [...table.values()].filter(({ wabaId }) => wabaId === waba);
      const wanted = digitsOf(displayPhone);
      return {
        number: ofAccount.find((each) => wanted !== '' && digitsOf(each.displayPhoneNumber) === wanted)?.phoneNumberId,
        portfolio: portfolioOf(ofAccount[0]),
      };
    },
  };
}

const digitsOf = (phone: string): string => phone.replaceAll(/\D/g, '');

const toView = ({ organisationId, version, sending, wabaId, stop }: NumberState): NumberView => ({
  organisation: organisationId,
  version: Number(version),
  waba: wabaId,
  sending: organisationId === '' ? 'not-connected' : (sendingOf[sending] ?? 'stopped'),
  ...(stop && { stop: { code: stop.code, reason: stop.reason, remedy: stop.remedy } }),
});

/** A reason we do not know yet stops sending as well. */
const sendingOf: Partial<Record<SendingState, NumberView['sending']>> = {
  [SendingState.SENDING_STATE_ALLOWED]: 'allowed',
  [SendingState.SENDING_STATE_NOT_CONNECTED]: 'not-connected',
  [SendingState.SENDING_STATE_NO_TOKEN]: 'no-token',
  [SendingState.SENDING_STATE_STOPPED]: 'stopped',
};
