import { RoutingCommand } from '@switchboard/contracts/routing/v1/desk_events';
import { type OutgoingRecord } from '@switchboard/kafka';
import { createTellApply } from '../src/adapters/kafka/apply-settings.js';
import { createOpenThreads } from '../src/use-cases/threads/open-threads.js';
import { at } from './support/threads.js';

it('CH-9 says to every partition, once, that settings are to be applied', async () => {
  const sent: OutgoingRecord[] = [];
  const send = (records: readonly OutgoingRecord[]) => {
    sent.push(...records);
    return Promise.resolve();
  };

  await createTellApply(
    { send },
    3,
  )({
    commandId: 'c',
    brandId: 'acme-shoes',
    version: 7,
    organisationId: 'acme',
    at: at(1),
  });

  expect(sent.map(({ topic, partition, key }) => ({ topic, partition, key }))).toEqual(
    [0, 1, 2].map((partition) => ({ topic: 'routing.commands', partition, key: String(partition) })),
  );
  expect(sent[2]?.headers).toMatchObject({ id: 'c:2', org: 'acme' });
  expect(RoutingCommand.decode(sent[2]?.value ?? new Uint8Array())).toEqual({
    commandId: 'c',
    partition: 2,
    occurredAt: at(1),
    command: { $case: 'applySettings', value: { brandId: 'acme-shoes', version: 7n } },
  });
});

it('CH-9 names the open threads of a brand on the numbers of one partition', async () => {
  const threads: Readonly<Record<string, string[][]>> = { '1': [['a', 'b'], ['c']], '2': [['d']], '3': [['e']] };
  async function* open(number: string) {
    for (const page of threads[number] ?? []) yield await Promise.resolve(page);
  }
  const openThreads = createOpenThreads({
    numbers: { ofBrand: (brandId) => Promise.resolve(brandId === 'acme-shoes' ? ['1', '2', '3'] : []) },
    index: { open },
    partitionOf: (number) => Number(number) % 2,
  });
  const pages = async (brandId: string, partition: number) => {
    const found: (readonly string[])[] = [];
    for await (const page of openThreads(brandId, partition)) found.push(page);
    return found;
  };

  expect(await pages('acme-shoes', 1)).toEqual([['a', 'b'], ['c'], ['e']]);
  expect(await pages('acme-shoes', 0)).toEqual([['d']]);
  expect(await pages('other', 1)).toEqual([]);
});
