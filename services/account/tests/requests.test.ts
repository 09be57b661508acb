import { OperatorRole } from '@switchboard/contracts/account/v1/events';
import { type Client, registration, startWorld, type World } from './support/world.js';

/** Bad input to every call, over real gRPC on loopback: each wrong field is named, with the rule and the remedy. */

type Row = readonly [what: string, call: (client: Client) => Promise<unknown>, fields: readonly string[]];

let world: World;
let client: Client;
beforeAll(async () => {
  world = await startWorld();
  client = await world.client();
});
afterAll(() => world.stop());

const long = (length: number): string => 'x'.repeat(length);
const half = '\ud83d';
const good = registration('555');

const badIds: readonly (readonly [string, string])[] = [
  ['too long', long(65)],
  ['in capitals', 'Acme'],
  ['that begins with a dash', '-acme'],
  ['with half a character', `acme${half}`],
  ['that is a query', '{"$gt":""}'],
];
const badMetaIds: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a phone', '+12025550143'],
  ['too long', '1'.repeat(33)],
  ['half a character', half],
];
const badNames: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['spaces', '  '],
  ['too much', long(201)],
  ['two lines', 'a\nb'],
  ['half a character', `a${half}`],
];

const putOperator = (more: object) => (of: Client) =>
  of.putOperator({
    operator: {
      operatorId: 'ann',
      organisationId: 'acme',
      name: 'Ann',
      role: OperatorRole.OPERATOR_ROLE_ASSOCIATE,
      departmentIds: [],
      concurrentLimit: 0,
      version: 0n,
      ...more,
    },
  });
const register = (more: object) => (of: Client) => of.registerNumber({ ...good, ...more });
const numberField = (call: (of: Client, phoneNumberId: string) => Promise<unknown>, name: string): Row[] =>
  badMetaIds.map(([what, phoneNumberId]) => [
    `${name} of ${what}`,
    (of) => call(of, phoneNumberId),
    ['phone_number_id'],
  ]);

const table: Row[] = [
  ['CreateOrganisation of nothing', (of) => of.createOrganisation({}), ['name']],
  ...badIds.map(([what, organisationId]): Row => [
    `CreateOrganisation by an id ${what}`,
    (of) => of.createOrganisation({ organisationId, name: 'Acme' }),
    ['organisation_id'],
  ]),
  ...badNames.map(([what, name]): Row => [
    `CreateOrganisation named ${what}`,
    (of) => of.createOrganisation({ organisationId: 'acme', name }),
    ['name'],
  ]),
  ['GetOrganisation of nothing', (of) => of.getOrganisation({}), ['organisation_id']],
  ...badIds.map(([what, organisationId]): Row => [
    `GetOrganisation by an id ${what}`,
    (of) => of.getOrganisation({ organisationId }),
    ['organisation_id'],
  ]),
  ['CreateBrand of nothing', (of) => of.createBrand({}), ['organisation_id', 'name']],
  ...badIds.map(([what, brandId]): Row => [
    `CreateBrand by an id ${what}`,
    (of) => of.createBrand({ organisationId: 'acme', brandId, name: 'Brand' }),
    ['brand_id'],
  ]),
  ...badNames.map(([what, name]): Row => [
    `CreateBrand named ${what}`,
    (of) => of.createBrand({ organisationId: 'acme', brandId: 'b', name }),
    ['name'],
  ]),
  ['CreateDepartment of nothing', (of) => of.createDepartment({}), ['brand_id', 'name']],
  ...badIds.map(([what, departmentId]): Row => [
    `CreateDepartment by an id ${what}`,
    (of) => of.createDepartment({ brandId: 'b', departmentId, name: 'Sales' }),
    ['department_id'],
  ]),
  ...badNames.map(([what, name]): Row => [
    `CreateDepartment named ${what}`,
    (of) => of.createDepartment({ brandId: 'b', departmentId: 'd', name }),
    ['name'],
  ]),
  [
    'PutOperator of nothing',
    (of) => of.putOperator({}),
    ['operator.organisation_id', 'operator.name', 'operator.role'],
  ],
  ['PutOperator in no role', putOperator({ role: OperatorRole.OPERATOR_ROLE_UNSPECIFIED }), ['operator.role']],
  ['PutOperator in a role of another version', putOperator({ role: 99 as OperatorRole }), ['operator.role']],
  ['PutOperator with a limit too high', putOperator({ concurrentLimit: 101 }), ['operator.concurrent_limit']],
  [
    'PutOperator in departments that cannot be',
    putOperator({ departmentIds: ['sales', 'Sales', ''] }),
    ['operator.department_ids[1]', 'operator.department_ids[2]'],
  ],
  [
    'PutOperator in too many departments',
    putOperator({ departmentIds: Array.from({ length: 101 }, (_, n) => `d${n}`) }),
    ['operator.department_ids'],
  ],
  ...badIds.map(([what, operatorId]): Row => [
    `PutOperator by an id ${what}`,
    putOperator({ operatorId }),
    ['operator.operator_id'],
  ]),
  ...badNames.map(([what, name]): Row => [`PutOperator named ${what}`, putOperator({ name }), ['operator.name']]),
  ['GetOperator of nobody', (of) => of.getOperator({}), ['operator_id']],
  ['RemoveOperator of nobody', (of) => of.removeOperator({}), ['operator_id']],
  ['ListOperators of nobody', (of) => of.listOperators({}), ['organisation_id']],
  [
    'ListOperators of much that is wrong',
    (of) => of.listOperators({ organisationId: 'A', departmentId: 'B', pageSize: 501, pageToken: 'C' }),
    ['organisation_id', 'department_id', 'page_size', 'page_token'],
  ],
  [
    'RegisterNumber of nothing',
    (of) => of.registerNumber({}),
    ['phone_number_id', 'waba_id', 'portfolio_id', 'display_phone_number', 'verified_name', 'meta_token'],
  ],
  ...numberField((of, phoneNumberId) => register({ phoneNumberId })(of), 'RegisterNumber'),
  ...badMetaIds.map(([what, wabaId]): Row => [
    `RegisterNumber in an account of ${what}`,
    register({ wabaId }),
    ['waba_id'],
  ]),
  ...badMetaIds.map(([what, portfolioId]): Row => [
    `RegisterNumber in a portfolio of ${what}`,
    register({ portfolioId }),
    ['portfolio_id'],
  ]),
  ...badNames.map(([what, displayPhoneNumber]): Row => [
    `RegisterNumber shown as ${what}`,
    register({ displayPhoneNumber }),
    ['display_phone_number'],
  ]),
  ...badNames.map(([what, verifiedName]): Row => [
    `RegisterNumber named ${what}`,
    register({ verifiedName }),
    ['verified_name'],
  ]),
  ['RegisterNumber without a token', register({ metaToken: '' }), ['meta_token']],
  ['RegisterNumber with a token too long', register({ metaToken: long(4_097) }), ['meta_token']],
  ['RegisterNumber with a token in two lines', register({ metaToken: 'EAAG\nx' }), ['meta_token']],
  ['RegisterNumber with half a character in its token', register({ metaToken: `EAAG${half}` }), ['meta_token']],
  ['ConnectNumber of nothing', (of) => of.connectNumber({}), ['phone_number_id', 'brand_id', 'department_id']],
  ...numberField(
    (of, phoneNumberId) => of.connectNumber({ phoneNumberId, brandId: 'b', departmentId: 'd' }),
    'ConnectNumber',
  ),
  ...badIds.map(([what, brandId]): Row => [
    `ConnectNumber to a brand ${what}`,
    (of) => of.connectNumber({ phoneNumberId: '555', brandId, departmentId: 'd' }),
    ['brand_id'],
  ]),
  ...badIds.map(([what, departmentId]): Row => [
    `ConnectNumber to a department ${what}`,
    (of) => of.connectNumber({ phoneNumberId: '555', brandId: 'b', departmentId }),
    ['department_id'],
  ]),
  ...numberField((of, phoneNumberId) => of.disconnectNumber({ phoneNumberId }), 'DisconnectNumber'),
  ...numberField((of, phoneNumberId) => of.getNumber({ phoneNumberId }), 'GetNumber'),
  ...numberField((of, phoneNumberId) => of.getMetaToken({ phoneNumberId }), 'GetMetaToken'),
  ['ListNumbers of nobody', (of) => of.listNumbers({}), ['organisation_id']],
  ...badIds.map(([what, organisationId]): Row => [
    `ListNumbers of an organisation ${what}`,
    (of) => of.listNumbers({ organisationId }),
    ['organisation_id'],
  ]),
  ['ListNumbers of a page too large', (of) => of.listNumbers({ organisationId: 'acme', pageSize: 501 }), ['page_size']],
  [
    'ListNumbers of a page below nothing',
    (of) => of.listNumbers({ organisationId: 'acme', pageSize: -1 >>> 0 }),
    ['page_size'],
  ],
  [
    'ListNumbers from no place',
    (of) => of.listNumbers({ organisationId: 'acme', pageToken: 'page two' }),
    ['page_token'],
  ],
  [
    'ListNumbers of much that is wrong',
    (of) => of.listNumbers({ organisationId: 'A', pageSize: 501, pageToken: 'x' }),
    ['organisation_id', 'page_size', 'page_token'],
  ],
];

it.each(table)('%s is refused, field by field', async (_what, call, fields) => {
  const failure = await call(client).catch((error: unknown) => error);

  expect(failure).toMatchObject({ kind: 'invalid', code: 'account.invalid-request' });
  const { violations } = failure as { violations: { field: string; description: string }[] };
  expect(violations.map(({ field }) => field)).toEqual(fields);
  for (const { description } of violations) expect(description).toMatch(/^must .+; .+/);
});

it('writes nothing of what it refused', () => {
  expect(Object.values(world.stores).map(({ documents }) => documents.size)).toEqual([0, 0, 0, 0]);
});
