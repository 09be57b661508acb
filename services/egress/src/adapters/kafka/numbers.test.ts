import { NumberState, SendingState } from '@switchboard/contracts/account/v1/events';
import { createNumbers } from './numbers.js';

const state = (more: Partial<NumberState>): NumberState => ({
  ...NumberState.decode(new Uint8Array()),
  phoneNumberId: '555',
  version: 3n,
  wabaId: 'w',
  organisationId: 'acme',
  sending: SendingState.SENDING_STATE_ALLOWED,
  ...more,
});
const viewOf = (more: Partial<NumberState>) => createNumbers({ get: () => state(more) }).view('555');

describe('TX-1 a number as account tells of it', () => {
  it('may send, or may not, with the reason of Meta where that is told', () => {
    const stop = { code: 'meta.DISABLED_UPDATE', reason: 'the account is disabled', remedy: 'appeal' };

    expect(viewOf({})).toEqual({ organisation: 'acme', version: 3, waba: 'w', sending: 'allowed' });
    expect(viewOf({ sending: SendingState.SENDING_STATE_STOPPED, stop })).toMatchObject({ sending: 'stopped', stop });
    expect(viewOf({ sending: SendingState.SENDING_STATE_NO_TOKEN })).toMatchObject({ sending: 'no-token' });
  });

  it('may not send in a state that is not known here yet, and is nobody’s without an organisation', () => {
    expect(viewOf({ sending: 99 as SendingState })).toMatchObject({ sending: 'stopped' });
    expect(viewOf({ organisationId: '' })).toMatchObject({ sending: 'not-connected' });
  });

  it('is not known where account has not told of it', () => {
    expect(createNumbers({ get: () => undefined }).view('555')).toBeUndefined();
  });
});
