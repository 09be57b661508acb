import { createAggregates, createMongoStore } from '@switchboard/aggregates';
import { OperatorRole, SendingState } from '@switchboard/contracts/account/v1/events';
import { eventually } from '@switchboard/testing';
import { brandDefinition, numberDefinition } from '../src/adapters/kafka/wakes.js';
import { type AccountProcess, type Installation, newKey, startInstallation } from './support/installation.js';
import { type Client, newOrganisation, registration } from './support/world.js';

/** account as processes on real MongoDB and Kafka. */

jest.setTimeout(180_000);

const KEYS = newKey('first');
let installation: Installation;
let account: AccountProcess;
beforeAll(async () => {
  installation = await startInstallation('service');
  account = await installation.startProcess(KEYS);
}, 180_000);
afterAll(() => installation.stop(), 60_000);

let made = 0;
const label = (): string => `${Date.now()}${process.pid}${(made += 1)}`;
const newNumber = async (client: Client): Promise<string> => {
  const phoneNumberId = label();
  await client.registerNumber(registration(phoneNumberId));
  return phoneNumberId;
};
const lastTold = (phoneNumberId: string) => installation.numbersTold(phoneNumberId).at(-1);

describe('what is created', () => {
  it('is told whole on account.brands and account.numbers, with names and without the token', async () => {
    const { client } = account;
    const acme = await newOrganisation(client, `acme-${label()}`);
    const phoneNumberId = await newNumber(client);
    const { number } = await client.connectNumber({ phoneNumberId, ...acme });

    await eventually(() => {
      expect(installation.brandsTold(acme.brandId).at(-1)).toMatchObject({
        version: 2n,
        organisationId: acme.organisationId,
        organisationName: acme.organisationId,
        name: 'Brand',
        departments: [{ departmentId: 'sales', name: 'Sales' }],
      });
      expect(lastTold(phoneNumberId)).toEqual(number);
    });
    expect(number).toMatchObject({ version: 2n, connection: 1, sending: SendingState.SENDING_STATE_ALLOWED });
    const told = installation.numbersTold(phoneNumberId);
    expect(JSON.stringify(told, (_, value: unknown) => String(value))).not.toContain('EAAG');
  });

  it('CH-3 operators are told whole on account.operators, also that they were taken away', async () => {
    const { client } = account;
    const { organisationId } = await newOrganisation(client, `acme-${label()}`);
    const operatorId = `ann-${label()}`;
    const about = { operatorId, organisationId, name: 'Ann', departmentIds: ['sales'], concurrentLimit: 3 };
    await client.putOperator({ operator: { ...about, role: OperatorRole.OPERATOR_ROLE_SUPERVISOR, version: 0n } });
    const lastOfAnn = () => installation.operatorsTold(operatorId).at(-1);

    await eventually(() => {
      expect(lastOfAnn()).toMatchObject({ ...about, role: OperatorRole.OPERATOR_ROLE_SUPERVISOR, active: true });
    });
    await client.removeOperator({ operatorId });
    await eventually(() => {
      expect(lastOfAnn()).toMatchObject({ operatorId, version: 2n, active: false });
    });
  });

  it('is one thing, however often and at once it is asked for', async () => {
    const { client } = account;
    const name = `acme-${label()}`;

    const many = await Promise.all(Array.from({ length: 8 }, () => newOrganisation(client, name)));

    const { organisation } = await client.getOrganisation({ organisationId: name });
    expect(organisation?.brands).toMatchObject([{ brandId: many[0]?.brandId, departments: [{ name: 'Sales' }] }]);
    await expect(client.createOrganisation({ organisationId: name, name: 'Other' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'account.organisation-exists',
    });
  });
});

describe('ON-7 a number that two finish to connect at once', () => {
  it('goes to one, and the other gets a conflict that says what to do', async () => {
    const { client } = account;
    const both = [await newOrganisation(client, `a-${label()}`), await newOrganisation(client, `b-${label()}`)];
    for (let round = 0; round < 5; round += 1) {
      const phoneNumberId = await newNumber(client);

      const answers = await Promise.allSettled(both.map((to) => client.connectNumber({ phoneNumberId, ...to })));

      const lost = answers.filter(({ status }) => status === 'rejected');
      expect(lost).toMatchObject([
        {
          reason: {
            kind: 'conflict',
            code: 'account.number-already-connected',
            message: expect.stringContaining('disconnect it there first'),
          },
        },
      ]);
      const { number } = await client.getNumber({ phoneNumberId });
      const winner = answers.findIndex(({ status }) => status === 'fulfilled');
      expect(number?.organisationId).toBe(both[winner]?.organisationId);
    }
  });

  it('stays as it is when it is connected again to where it is', async () => {
    const { client } = account;
    const acme = await newOrganisation(client, `acme-${label()}`);
    const phoneNumberId = await newNumber(client);
    const first = await client.connectNumber({ phoneNumberId, ...acme });

    expect(await client.connectNumber({ phoneNumberId, ...acme })).toEqual(first);
  });
});

describe('SE-4 tokens of Meta', () => {
  it('are not in the stored document, not even in part, and come back whole', async () => {
    const { client } = account;
    const phoneNumberId = await newNumber(client);

    const stored = await installation.connection.collection<{ _id: string }>('numbers').findOne({ _id: phoneNumberId });

    const text = JSON.stringify(stored);
    expect(text).toContain('"sealed"');
    for (const form of ['EAAG', Buffer.from('EAAG-secret').toString('base64').slice(0, 8), '454141472d']) {
      expect(text).not.toContain(form);
    }
    expect(await client.getMetaToken({ phoneNumberId })).toMatchObject({ metaToken: 'EAAG-secret' });
  });

  it('open after the key was rotated; with another key the refusal says which one is missing', async () => {
    const phoneNumberId = await newNumber(account.client);
    const rotated = await installation.startProcess(`${newKey('second')},${KEYS}`);
    const wrong = await installation.startProcess(newKey('first'));
    const missing = await installation.startProcess(newKey('third'));

    expect(await rotated.client.getMetaToken({ phoneNumberId })).toMatchObject({ metaToken: 'EAAG-secret' });
    for (const each of [wrong, missing]) {
      await expect(each.client.getMetaToken({ phoneNumberId })).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'vault.sealed',
        message: expect.stringContaining('the key "first"'),
      });
    }
    await Promise.all([rotated, wrong, missing].map((each) => each.stop()));
  });
});

describe('the compacted topics', () => {
  it('end with the newest state, whichever of two processes wrote it', async () => {
    const other = await installation.startProcess(KEYS);
    const clients = [account.client, other.client];
    const acme = await newOrganisation(account.client, `acme-${label()}`);
    const ids = await Promise.all(Array.from({ length: 6 }, () => newNumber(account.client)));

    await Promise.all(
      ids.map(async (phoneNumberId) => {
        for (let round = 0; round < 8; round += 1) {
          const client = clients[round % 2] ?? account.client;
          await (round % 2 === 0
            ? client.connectNumber({ phoneNumberId, ...acme })
            : client.disconnectNumber({ phoneNumberId }));
        }
      }),
    );

    await eventually(() => {
      expect(ids.map((id) => lastTold(id)?.version)).toEqual(ids.map(() => 9n));
    });
    await other.stop();
  });

  it('are told of what a process wrote before it died without a word', async () => {
    const [phoneNumberId, brandId] = [label(), `brand-${label()}`];
    // As a process leaves it that is killed between the write and the wake: the state stands, nobody was told.
    const silent = { publish: () => new Promise<never>(() => undefined) };
    const store = (name: string) => createMongoStore(installation.connection, name);
    const numbers = createAggregates({ definition: numberDefinition, store: store('numbers'), ...silent });
    const brands = createAggregates({ definition: brandDefinition, store: store('brands'), ...silent });
    const { wabaId, portfolioId, displayPhoneNumber, verifiedName } = registration(phoneNumberId);
    const about = { wabaId, portfolioId, displayPhoneNumber, verifiedName };
    const token = { keyId: 'k', wrappedKey: 'w', sealed: 's' };
    const at = new Date();
    await numbers.command(phoneNumberId, { kind: 'register', at, ...about, token, organisationId: null });
    await brands.command(brandId, { kind: 'create-brand', at, organisationId: 'acme', name: 'Silent' });

    await eventually(
      () => {
        expect(lastTold(phoneNumberId)).toMatchObject({ version: 1n, verifiedName: 'Acme' });
        expect(installation.brandsTold(brandId).at(-1)).toMatchObject({ version: 1n, name: 'Silent' });
      },
      { timeoutMs: 60_000 },
    );
  });

  it('hold every change that was answered, after kills under load', async () => {
    const acme = await newOrganisation(account.client, `acme-${label()}`);
    const ids = await Promise.all(Array.from({ length: 12 }, () => newNumber(account.client)));
    const answered = new Map<string, bigint>();

    for (let kill = 0; kill < 3; kill += 1) {
      const victim = account;
      const work = ids.map(async (phoneNumberId) => {
        for (let round = 0; ; round += 1) {
          const { number } = await (round % 2 === kill % 2
            ? victim.client.connectNumber({ phoneNumberId, ...acme })
            : victim.client.disconnectNumber({ phoneNumberId }));
          answered.set(phoneNumberId, number?.version ?? 0n);
        }
      });
      const before = [...answered.values()].reduce((sum, version) => sum + version, 0n);
      await eventually(() => {
        expect([...answered.values()].reduce((sum, version) => sum + version, 0n)).toBeGreaterThan(before + 40n);
      });
      await victim.kill();
      await Promise.allSettled(work);
      account = await installation.startProcess(KEYS);
    }

    const kept = await Promise.all(ids.map((phoneNumberId) => account.client.getNumber({ phoneNumberId })));
    for (const { number } of kept) {
      expect(number?.version).toBeGreaterThanOrEqual(answered.get(number?.phoneNumberId ?? '') ?? 0n);
    }
    await eventually(
      () => {
        expect(ids.map(lastTold)).toEqual(kept.map(({ number }) => number));
      },
      { timeoutMs: 60_000 },
    );
  });
});
