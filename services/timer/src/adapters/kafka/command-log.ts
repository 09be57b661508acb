import { timerCommands } from '@switchboard/contracts/topics';
import { type Ends, eventRecord, type Producer } from '@switchboard/kafka';
import { fireIdOf } from '../../domain/timer.js';
import { commandToProto } from '../../proto.js';
import { type CommandLog } from '../../use-cases/ports.js';

export const createCommandLog = (producer: Pick<Producer, 'send'>, ends: Pick<Ends, 'now'>): CommandLog => ({
  publish: (commands) =>
    producer.send(
      commands.map(({ command, at }) => {
        const { traceparent, org } = command.what.kind === 'arm' ? command.what.content : {};
        return eventRecord(timerCommands, commandToProto(command), {
          key: command.key,
          id: `${command.owner}/${fireIdOf(command)}`,
          time: new Date(at),
          org,
          traceparent,
        });
      }),
    ),
  ends: ends.now,
});
