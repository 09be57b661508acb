import { routingJoins } from '@switchboard/contracts/topics';
import { eventRecord, type Producer } from '@switchboard/kafka';
import type { TellJoins } from '../../use-cases/ports.js';

/** Tells of joins and undos under the key of the number, so that its owner hears them in its chain. */
export const createTellJoins =
  (producer: Pick<Producer, 'send'>): TellJoins =>
  (joins) =>
    producer.send(
      joins.map(({ eventId, number, connection, ended, survivor, undone, at }) =>
        eventRecord(
          routingJoins,
          {
            eventId,
            phoneNumberId: number,
            connection,
            customerId: ended,
            intoCustomerId: survivor,
            undone,
            occurredAt: at,
          },
          { key: number, id: eventId, time: at },
        ),
      ),
    );
