import { timerCommands } from '@switchboard/contracts/topics';
import { type TimerCommand } from '@switchboard/contracts/timer/v1/events';
import { Failure, type FieldViolation, invalid } from '@switchboard/errors';
import { type Chunk, type HandleChunk, type IncomingRecord } from '@switchboard/kafka';
import { contentRules, nameRules, saidDeadlineRules, versionRules } from '../../domain/rules.js';
import { type Command } from '../../domain/timer.js';
import { type Keeper } from '../../use-cases/keeper.js';

/** Applies stretches of the command log. What cannot be read, or asks what may not be, is kept aside with the reason. */
export function createTimerCommands(deps: {
  readonly keeper: Pick<Keeper, 'apply'>;
  readonly owners: ReadonlySet<string>;
  /** Publishes a record as it was, with the reason. */
  readonly keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
  readonly refused: (count: number) => void;
}): HandleChunk {
  const { keeper, owners, keep, refused } = deps;

  return async function handleChunk(chunk) {
    const commands: Command[] = [];
    for (const record of chunk.records) {
      try {
        commands.push(toCommand(record, owners));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        await keep(chunk, record, `${error.code}: ${error.message}`);
        refused(1);
      }
    }
    const last = chunk.records.at(-1);
    if (last) await keeper.apply(chunk.partition, { commands, next: last.offset + 1, saidAt: last.timestamp });
    return { done: Promise.resolve() };
  };
}

function toCommand(record: IncomingRecord, owners: ReadonlySet<string>): Command {
  const { key, headers, timestamp } = record;
  const said = decode(record);
  const { owner, timerKey, version, command } = said;
  const violations: FieldViolation[] = [...nameRules(said, owners), ...versionRules(version)];
  if (key !== timerKey)
    violations.push({
      field: 'timer_key',
      description: 'must be the key of the record too; publish it under this key',
    });
  if (!command) violations.push({ field: 'command', description: 'must say what to do; set arm, reset or cancel' });
  if (command?.$case === 'arm') violations.push(...contentRules(command.value));
  if (command && command.$case !== 'cancel')
    violations.push(...saidDeadlineRules(`${command.$case}.due_at`, command.value.dueAt?.getTime(), timestamp));
  if (violations.length > 0 || !command) throw invalid('timer.bad-command', violations);
  const name = { owner, key: timerKey, version: Number(version) };
  switch (command.$case) {
    case 'arm': {
      const { dueAt, firedKey, payload } = command.value;
      const { org, traceparent } = headers;
      const content = {
        firedKey: firedKey === '' ? timerKey : firedKey,
        payload,
        ...(org !== undefined && { org }),
        ...(traceparent !== undefined && { traceparent }),
      };
      return { ...name, what: { kind: 'arm', due: dueAt?.getTime() ?? 0, content } };
    }
    case 'reset':
      return { ...name, what: { kind: 'reset', due: command.value.dueAt?.getTime() ?? 0 } };
    case 'cancel':
      return { ...name, what: { kind: 'cancel', at: timestamp } };
  }
}

function decode({ value }: IncomingRecord): TimerCommand {
  try {
    return timerCommands.decode(value ?? new Uint8Array());
  } catch (error) {
    throw new Failure('invalid', 'timer.undecodable', 'these bytes are no timer command', { cause: error });
  }
}
