import {
  type Timer as TimerProto,
  TimerServiceService,
  type TimerServiceServer,
  TimerState,
} from '@switchboard/contracts/timer/v1/timer_service';
import { Failure } from '@switchboard/errors';
import { type Call, type ServedService, unary } from '@switchboard/grpc';
import { type Command } from '../../domain/timer.js';
import { type CommandTimers } from '../../use-cases/command-timers.js';
import { type GetTimer } from '../../use-cases/get-timer.js';
import { type ListTimers } from '../../use-cases/list-timers.js';
import { type KeptTimer } from '../../use-cases/ports.js';
import { armOf, armsOf, cancelOf, type Circumstances, getIsSound, pageOf, resetOf, tokenOf } from './requests.js';

/** Timers for services that publish no commands themselves. */
export function timerServer(deps: {
  readonly commandTimers: CommandTimers;
  readonly getTimer: GetTimer;
  readonly listTimers: ListTimers;
  readonly owners: ReadonlySet<string>;
  readonly now: () => number;
}): ServedService {
  const { commandTimers, getTimer, listTimers, owners } = deps;

  function admitted({ caller, metadata }: Call): Circumstances {
    if (caller.organisationId !== undefined)
      throw new Failure(
        'forbidden',
        'timer.internal-only',
        'timers belong to services, not to organisations; use a token without one',
      );
    const [traceparent] = metadata.get('traceparent');
    return { owners, now: deps.now(), traceparent: typeof traceparent === 'string' ? traceparent : undefined };
  }

  const implementation: TimerServiceServer = {
    schedule: unary(async ({ timer }, call) => {
      const command = armOf(timer, admitted(call));
      await commandTimers([command]);
      return { dueAt: dueOf(command) };
    }),
    scheduleBatch: unary(async ({ timers }, call) => {
      const commands = armsOf(timers, admitted(call));
      await commandTimers(commands);
      return { dueAt: commands.map(dueOf) };
    }),
    reset: unary(async (request, call) => {
      const command = resetOf(request, admitted(call));
      await commandTimers([command]);
      return { dueAt: dueOf(command) };
    }),
    cancel: unary(async (request, call) => {
      await commandTimers([cancelOf(request, admitted(call))]);
      return {};
    }),
    get: unary(async (request, call) => {
      admitted(call);
      getIsSound(request, owners);
      const { owner, timerKey: key, minVersion } = request;
      return { timer: toProto(await getTimer({ owner, key }, Number(minVersion), call.signal)) };
    }),
    list: unary(async (request, call) => {
      admitted(call);
      const { timers, last } = await listTimers(request.owner, pageOf(request, owners));
      return { timers: timers.map(toProto), nextPageToken: last === undefined ? '' : tokenOf(last) };
    }),
  };
  const [read, write] = ['timer.timers:read', 'timer.timers:write'];
  return {
    definition: TimerServiceService,
    implementation,
    scopes: { schedule: write, scheduleBatch: write, reset: write, cancel: write, get: read, list: read },
  };
}

const dueOf = ({ what }: Command): Date => new Date(what.kind === 'cancel' ? what.at : what.due);

const toProto = ({ owner, key, version, due, firedKey, payload, isCancelled }: KeptTimer): TimerProto => ({
  owner,
  timerKey: key,
  version: BigInt(version),
  state: isCancelled ? TimerState.TIMER_STATE_CANCELLED : TimerState.TIMER_STATE_PENDING,
  dueAt: new Date(due),
  firedKey,
  payload: Buffer.from(payload),
});
