import { routingDesks } from '@switchboard/contracts/topics';
import { eventRecord, type Producer } from '@switchboard/kafka';
import type { TellChecks } from '../../use-cases/desk/ports.js';

/** Asks under the key of the desk, so that it is compared between what threads tell it and not beside that. */
export const createTellChecks =
  (producer: Pick<Producer, 'send'>): TellChecks =>
  (organisationIds, at) =>
    producer.send(
      organisationIds.map((organisationId) =>
        eventRecord(
          routingDesks,
          {
            organisationId,
            threadId: '',
            chatId: '',
            phoneNumberId: '',
            occurredAt: at,
            count: 0n,
            request: { $case: 'deskCheck', value: {} },
          },
          { key: organisationId, id: `${organisationId}:check:${at.getTime()}`, time: at, org: organisationId },
        ),
      ),
    );
