import { timerFired } from '@switchboard/contracts/topics';
import { done, handle, type Handler, skip } from '@switchboard/kafka';
import { type ReadHourly } from '../../use-cases/read-hourly.js';

/** The hour of an account has come: its templates are read. */
export const onTimerFired = (readHourly: Pick<ReadHourly, 'fired'>): Handler =>
  handle(timerFired('template'), async (_, { key: wabaId }) =>
    (await readHourly.fired(wabaId)) ? done : skip('no organisation has a number in the account'),
  );
