import { BrandState } from '@switchboard/contracts/account/v1/events';
import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import { RoutingCommand } from '@switchboard/contracts/routing/v1/desk_events';
import { accountBrands, routingCommands } from '@switchboard/contracts/topics';
import { createTail, eventRecord, topicEnds } from '@switchboard/kafka';
import { eventually, PARTITIONS } from '@switchboard/testing';
import { routingProcess } from './support/process.js';
import { flow, type SettingsClient } from './support/settings-world.js';

/** Settings in a process of routing on real Kafka and MongoDB. */

jest.setTimeout(120_000);

const brandId = `brand-${Date.now()}-${process.pid}`;
const routing = routingProcess('settings');
const { kafka, producer } = routing;
const tail = createTail(kafka, {
  topics: [routingCommands],
  select: ({ value }) => (value ? RoutingCommand.decode(value) : undefined),
});
let client: SettingsClient;

beforeAll(async () => {
  await routing.start();
  await tail.start();
  const brand = { ...BrandState.decode(new Uint8Array()), brandId, version: 1n, organisationId: 'acme' };
  await producer.send([eventRecord(accountBrands, brand, { key: brandId, id: `${brandId}:1`, time: new Date() })]);
  const claims = { subject: 'olga', scope: 'routing.settings:read routing.settings:write', organisationId: 'acme' };
  client = await routing.client(BrandSettingsServiceService, claims);
  await eventually(() => client.getSettings({ brandId }), { timeoutMs: 30_000, everyMs: 100 });
}, 180_000);
afterAll(async () => {
  await tail.stop();
  await routing.stop();
}, 60_000);

it('CH-9 are kept in versions, and applied by one record in every partition', async () => {
  const before = await topicEnds(kafka, routingCommands.name);
  const from = tail.cursor();
  await client.updateSettings({ brandId, flow: flow({ waitingTime: 'PT90S' }) });
  await client.updateSettings({ brandId, expectedVersion: 1n, flow: flow({ waitingTime: 'PT60S' }) });

  expect(await client.applyNow({ brandId })).toEqual({ version: 2n });

  const heard: RoutingCommand[] = [];
  const reading = new AbortController();
  for await (const each of tail.subscribe({ from, signal: reading.signal })) {
    if (each.kind !== 'item') continue;
    if (each.item.command?.value.brandId === brandId) heard.push(each.item);
    if (heard.length === PARTITIONS) reading.abort();
  }
  expect(heard.map(({ partition }) => partition).sort((a, b) => a - b)).toEqual([...Array(PARTITIONS).keys()]);
  expect(heard[0]?.command).toEqual({ $case: 'applySettings', value: { brandId, version: 2n } });
  const after = await topicEnds(kafka, routingCommands.name);
  for (const [index, { end }] of after.entries()) expect(end).toBeGreaterThan(before[index]?.end ?? 0);
});

it('are read again, tried on what was and on what may come, and refused where they are wrong', async () => {
  const { settings } = await client.getSettings({ brandId });
  expect(settings).toMatchObject({ version: 2n, flow: { waitingTime: 'PT60S' }, changedBy: 'olga' });
  expect((await client.listSettingsVersions({ brandId })).versions.map(({ version }) => version)).toEqual([2n, 1n]);
  expect(await client.whatIf({ brandId, waitingTime: 'PT1S' })).toMatchObject({ chats: 0n, wouldBeMissed: 0n });
  expect(await client.dryRunRules({ brandId, text: 'hello' })).toMatchObject({ ruleId: '', operatorIds: [] });
  await expect(client.updateSettings({ brandId, expectedVersion: 0n, flow: flow() })).rejects.toMatchObject({
    kind: 'conflict',
  });
  await expect(client.whatIf({ brandId, waitingTime: 'P1M' })).rejects.toMatchObject({ kind: 'invalid' });
});
