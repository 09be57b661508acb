import { OperatorRole, SendingState } from '@switchboard/contracts/account/v1/events';
import { newOrganisation, registration, startWorld, type World } from './support/world.js';

/** `AccountService` over real gRPC on loopback, with the stores in memory. */

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

describe('creating', () => {
  it('is safe to repeat with the same content, and a conflict with other content', async () => {
    const client = await world.client();
    const { organisationId, brandId, departmentId } = await newOrganisation(client, 'acme');
    await newOrganisation(client, 'acme');

    const others = [
      client.createOrganisation({ organisationId, name: 'Other' }),
      client.createBrand({ organisationId, brandId, name: 'Other' }),
      client.createDepartment({ brandId, departmentId, name: 'Other' }),
    ];

    for (const other of others) await expect(other).rejects.toMatchObject({ kind: 'conflict' });
    expect((await client.getOrganisation({ organisationId })).organisation).toMatchObject({
      name: 'acme',
      brands: [{ brandId, name: 'Brand', departments: [{ departmentId, brandId, name: 'Sales' }] }],
    });
  });

  it('makes an id where none is chosen', async () => {
    const client = await world.client();

    const { organisation } = await client.createOrganisation({ name: 'Acme' });

    expect(organisation?.organisationId).toMatch(/^made-/);
  });

  it('of a brand or department needs what it belongs to', async () => {
    const client = await world.client();

    await expect(client.createBrand({ organisationId: 'nobody', name: 'B' })).rejects.toMatchObject({
      code: 'account.organisation-not-found',
    });
    await expect(client.createDepartment({ brandId: 'none', name: 'D' })).rejects.toMatchObject({
      code: 'account.brand-not-found',
    });
  });
});

describe('a number', () => {
  it('ON-7 is connected to one brand: the other of two gets a conflict that says what to do', async () => {
    const client = await world.client();
    const [acme, globex] = [await newOrganisation(client, 'acme'), await newOrganisation(client, 'globex')];
    await client.registerNumber(registration('555'));
    const connect = ({ brandId, departmentId }: typeof acme) =>
      client.connectNumber({ phoneNumberId: '555', brandId, departmentId });

    const answers = await Promise.allSettled([connect(acme), connect(globex)]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        kind: 'conflict',
        code: 'account.number-already-connected',
        message: expect.stringContaining('disconnect it there first'),
      },
    });
  });

  it('ON-17 is free for another after it was disconnected, under a new connection', async () => {
    const client = await world.client();
    const [acme, globex] = [await newOrganisation(client, 'acme'), await newOrganisation(client, 'globex')];
    await client.registerNumber(registration('555'));
    await client.connectNumber({ phoneNumberId: '555', ...acme });

    await client.disconnectNumber({ phoneNumberId: '555' });
    const { number } = await client.connectNumber({ phoneNumberId: '555', ...globex });

    expect(number).toMatchObject({
      organisationId: 'globex',
      connection: 2,
      sending: SendingState.SENDING_STATE_ALLOWED,
    });
  });

  it('is listed page by page, each once', async () => {
    const client = await world.client();
    const acme = await newOrganisation(client, 'acme');
    for (const n of [1, 2, 3, 4, 5]) {
      await client.registerNumber(registration(`55${n}`));
      await client.connectNumber({ phoneNumberId: `55${n}`, ...acme });
    }
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await client.listNumbers({ organisationId: 'acme', pageSize: 2, pageToken });
      seen.push(...page.numbers.map(({ phoneNumberId }) => phoneNumberId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '' && seen.length < 20);

    expect(seen).toEqual(['551', '552', '553', '554', '555']);
  });

  it('that is not known cannot be connected, and has no token', async () => {
    const client = await world.client();
    const acme = await newOrganisation(client, 'acme');
    const notFound = { kind: 'not-found', code: 'account.number-not-found' };

    await expect(client.connectNumber({ phoneNumberId: '555', ...acme })).rejects.toMatchObject(notFound);
    await expect(client.getMetaToken({ phoneNumberId: '555' })).rejects.toMatchObject(notFound);
    await expect(client.disconnectNumber({ phoneNumberId: '555' })).rejects.toMatchObject(notFound);
  });

  it('is connected to a brand and department that are there', async () => {
    const client = await world.client();
    const { brandId } = await newOrganisation(client, 'acme');
    await client.registerNumber(registration('555'));

    await expect(
      client.connectNumber({ phoneNumberId: '555', brandId: 'none', departmentId: 'sales' }),
    ).rejects.toMatchObject({ code: 'account.brand-not-found' });
    await expect(client.connectNumber({ phoneNumberId: '555', brandId, departmentId: 'none' })).rejects.toMatchObject({
      code: 'account.department-not-found',
    });
  });
});

describe('SE-1 another organisation', () => {
  it('neither sees nor changes what is not its own', async () => {
    const client = await world.client();
    const [acme, globex] = [await newOrganisation(client, 'acme'), await newOrganisation(client, 'globex')];
    await client.registerNumber(registration('555'));
    await client.connectNumber({ phoneNumberId: '555', ...acme });
    const stranger = await world.client('globex');
    const phoneNumberId = '555';
    const notFound = { kind: 'not-found' };

    await expect(stranger.getOrganisation({ organisationId: 'acme' })).rejects.toMatchObject(notFound);
    await expect(stranger.createOrganisation({ organisationId: 'acme', name: 'x' })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(stranger.createBrand({ organisationId: 'acme', name: 'x' })).rejects.toMatchObject(notFound);
    await expect(stranger.createDepartment({ brandId: acme.brandId, name: 'x' })).rejects.toMatchObject(notFound);
    await expect(stranger.getNumber({ phoneNumberId })).rejects.toMatchObject(notFound);
    await expect(stranger.getMetaToken({ phoneNumberId })).rejects.toMatchObject(notFound);
    await expect(stranger.registerNumber(registration('555'))).rejects.toMatchObject(notFound);
    await expect(stranger.connectNumber({ phoneNumberId, ...acme })).rejects.toMatchObject(notFound);
    await expect(stranger.disconnectNumber({ phoneNumberId })).rejects.toMatchObject(notFound);
    await expect(stranger.listNumbers({ organisationId: 'acme' })).rejects.toMatchObject(notFound);
    expect((await stranger.listNumbers({})).numbers).toEqual([]);
    await expect(stranger.connectNumber({ phoneNumberId, ...globex })).rejects.toMatchObject({ kind: 'conflict' });
    expect((await client.getNumber({ phoneNumberId })).number).toMatchObject({ organisationId: 'acme', version: 2n });
  });

  it('SE-4 hands tokens to those alone who may have them', async () => {
    const client = await world.client();
    await client.registerNumber(registration('555'));
    const administrator = await world.client(undefined, 'account.numbers:read account.numbers:write');

    await expect(administrator.getMetaToken({ phoneNumberId: '555' })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await client.getMetaToken({ phoneNumberId: '555' })).toEqual({ metaToken: 'EAAG-secret', version: 1n });
    expect(JSON.stringify([...world.stores.numbers.documents.values()])).not.toContain('EAAG');
  });
});

describe('an operator', () => {
  const ann = (organisationId: string, more: object = {}) => ({
    operatorId: 'ann',
    organisationId,
    name: 'Ann',
    role: OperatorRole.OPERATOR_ROLE_ASSOCIATE,
    departmentIds: ['sales'],
    concurrentLimit: 3,
    version: 0n,
    ...more,
  });

  it('is made, changed under a higher version, listed and taken away', async () => {
    const client = await world.client();
    const { organisationId } = await newOrganisation(client, 'acme');

    const first = await client.putOperator({ operator: ann(organisationId) });
    const again = await client.putOperator({ operator: ann(organisationId) });
    const changed = await client.putOperator({ operator: ann(organisationId, { name: 'Anna', departmentIds: [] }) });

    expect([first, again, changed].map(({ operator }) => operator?.version)).toEqual([1n, 1n, 2n]);
    expect((await client.listOperators({ organisationId })).operators).toMatchObject([{ name: 'Anna' }]);
    expect((await client.listOperators({ organisationId, departmentId: 'sales' })).operators).toEqual([]);
    await client.removeOperator({ operatorId: 'ann' });
    await client.removeOperator({ operatorId: 'ann' });
    await expect(client.getOperator({ operatorId: 'ann' })).rejects.toMatchObject({
      code: 'account.operator-not-found',
    });
    expect((await client.listOperators({ organisationId })).operators).toEqual([]);
  });

  it('is listed page by page, each once', async () => {
    const client = await world.client();
    const { organisationId } = await newOrganisation(client, 'acme');
    for (const operatorId of ['c', 'a', 'b'])
      await client.putOperator({ operator: ann(organisationId, { operatorId }) });

    const first = await client.listOperators({ organisationId, pageSize: 2 });
    const rest = await client.listOperators({ organisationId, pageSize: 2, pageToken: first.nextPageToken });

    expect([first, rest].map(({ operators }) => operators.map(({ operatorId }) => operatorId))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
    expect(rest.nextPageToken).toBe('');
  });

  it('answers only in departments of their organisation', async () => {
    const client = await world.client();
    const { organisationId } = await newOrganisation(client, 'acme');

    await expect(
      client.putOperator({ operator: ann(organisationId, { departmentIds: ['care'] }) }),
    ).rejects.toMatchObject({ code: 'account.department-not-found' });
  });

  it('SE-1 is neither seen, changed nor taken away by another organisation', async () => {
    const all = await world.client();
    const { organisationId } = await newOrganisation(all, 'acme');
    await newOrganisation(all, 'globex');
    await all.putOperator({ operator: ann(organisationId) });
    const other = await world.client('globex');

    const answers = await Promise.allSettled([
      other.getOperator({ operatorId: 'ann' }),
      other.listOperators({ organisationId }),
      other.removeOperator({ operatorId: 'ann' }),
      other.putOperator({ operator: ann(organisationId) }),
      other.putOperator({ operator: ann('', { departmentIds: [] }) }),
    ]);

    expect(
      answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { code: string }).code : '')),
    ).toEqual([
      'account.operator-not-found',
      'account.organisation-not-found',
      'account.operator-not-found',
      'account.organisation-not-found',
      'account.operator-exists',
    ]);
    expect((await all.getOperator({ operatorId: 'ann' })).operator).toMatchObject({ organisationId });
  });
});
