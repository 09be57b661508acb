import { SendingState } from '@switchboard/contracts/account/v1/events';
import { accountNumbers, whatsappMessages } from '@switchboard/contracts/topics';
import { eventRecord, type OutgoingRecord, partitionOf } from '@switchboard/kafka';
import { PARTITIONS } from '../infrastructure.ts';
import { recordsOf } from '../ingress/events.ts';
import { webhookBody } from '../webhooks.ts';

const NUMBERS_PER_PARTITION = 2;

/** So many numbers in each partition. */
export const numbers: readonly string[] = (() => {
  const found = Array.from({ length: PARTITIONS }, (): string[] => []);
  for (let id = 341_280_095_500_000; found.some((each) => each.length < NUMBERS_PER_PARTITION); id += 1) {
    const of = found[partitionOf(String(id), PARTITIONS)];
    if (of && of.length < NUMBERS_PER_PARTITION) of.push(String(id));
  }
  return found.flat();
})();

/** The state of every number: all of them belong to one organisation. */
export const numberStates = (): OutgoingRecord[] =>
  numbers.map((phoneNumberId) =>
    eventRecord(
      accountNumbers,
      {
        phoneNumberId,
        version: 1n,
        wabaId: '215589313241560',
        portfolioId: '1',
        displayPhoneNumber: '15550140077',
        verifiedName: 'Bench',
        connection: 1,
        organisationId: 'bench',
        brandId: 'brand',
        departmentId: 'sales',
        sending: SendingState.SENDING_STATE_ALLOWED,
        stop: undefined,
        changedAt: new Date(),
      },
      { key: phoneNumberId, id: `${phoneNumberId}:1`, time: new Date() },
    ),
  );

/** Makes records of messages: number after number, customer after customer, so that neighbours have other threads. */
export function createMessages(customers: number) {
  let told = 0;
  return (count: number, topic: string = whatsappMessages.name): OutgoingRecord[] =>
    Array.from({ length: count }, () => {
      const number = numbers[told % numbers.length] ?? '';
      const customer = Math.floor((told % customers) / numbers.length);
      const sent = { number, phone: String(12_025_000_000 + customer), wamid: `wamid.BENCH${told}`, at: new Date() };
      told += 1;
      const body = Buffer.from(webhookBody(sent));
      return recordsOf(body, JSON.parse(body.toString())).map((record) => ({ ...record, topic }));
    }).flat();
}
