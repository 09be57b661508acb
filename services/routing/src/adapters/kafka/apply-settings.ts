import { routingCommands } from '@switchboard/contracts/topics';
import { eventRecord, type Producer } from '@switchboard/kafka';
import type { TellApply } from '../../use-cases/settings/ports.js';

/** Says it to the owner of every partition, in its own chain: whoever owns it hears it between other inputs. */
export const createTellApply =
  (producer: Pick<Producer, 'send'>, partitions: number): TellApply =>
  ({ commandId, brandId, version, organisationId, at }) =>
    producer.send(
      Array.from({ length: partitions }, (_, partition) => ({
        ...eventRecord(
          routingCommands,
          {
            commandId,
            partition,
            occurredAt: at,
            command: { $case: 'applySettings', value: { brandId, version: BigInt(version) } },
          },
          { key: String(partition), id: `${commandId}:${partition}`, time: at, org: organisationId },
        ),
        partition,
      })),
    );
