import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import {
  ConditionOperator,
  ConditionSubject,
  OfferManner,
  RuleTarget,
  TargetKind,
  Weekday,
} from '@switchboard/contracts/routing/v1/settings';
import { settingsServer } from '../src/entrypoints/grpc/settings-server.js';
import { flow, protoRule, serveSettings, type SettingsClient } from './support/settings-world.js';

/** Settings of brands over real gRPC on loopback: kept in versions, tried, applied, refused. */

const brandId = 'acme-shoes';
const long = (length: number): string => 'x'.repeat(length);

let world: Awaited<ReturnType<typeof serveSettings>>;
let client: SettingsClient;
beforeEach(async () => {
  world = await serveSettings();
  client = await world.client('acme');
});
afterEach(() => world.stop());

describe('settings', () => {
  it('are the defaults, as version 0, where nothing was set', async () => {
    const { settings } = await client.getSettings({ brandId });

    expect(settings).toMatchObject({
      brandId,
      version: 0n,
      flow: {
        waitingTime: '',
        missedClose: 'P1D',
        idleCloseCustomerOwes: 'PT24H',
        concurrentLimit: 5,
        transferTimeout: 'PT2M',
        awayAfter: 'PT5M',
      },
      changedAt: undefined,
    });
  });

  it('come back as they were written, with defaults written out, by whom and when', async () => {
    const written = flow({
      waitingTime: 'PT90S',
      missedClose: 'P1M',
      idleCloseOperatorOwes: 'PT2H',
      idleWarningBefore: 'PT5M',
      idleWarningText: 'Still there, {customer}?',
      closingText: 'Bye, {brand}',
      businessHours: {
        timeZone: 'Asia/Tokyo',
        weekly: [{ weekday: Weekday.WEEKDAY_SUNDAY, from: '09:00', to: '24:00' }],
        holidays: [{ date: '2026-12-25', name: 'Christmas', open: [{ weekday: 0, from: '10:00', to: '11:00' }] }],
        outOfHoursText: 'Tomorrow.',
      },
      routingRules: [
        protoRule({
          ruleId: 'vip',
          conditions: [
            {
              subject: ConditionSubject.CONDITION_SUBJECT_ATTRIBUTE,
              attribute: 'username',
              operator: ConditionOperator.CONDITION_OPERATOR_CONTAINS,
              values: ['ana'],
            },
          ],
          target: { kind: TargetKind.TARGET_KIND_OPERATORS, operatorIds: ['olga'], departmentId: 'care' },
          manner: OfferManner.OFFER_MANNER_LEAST_LOADED,
        }),
      ],
      rating: { questionText: 'How was it?', thanksText: 'Thanks' },
      profanity: {
        languages: ['ja'],
        words: ['x'],
        allowedWords: ['y'],
        limit: 3,
        warningText: 'No.',
        completeAtLimit: true,
        blockFor: 'forever',
      },
      blockNeedsApproval: true,
    });

    const updated = await client.updateSettings({ brandId, expectedVersion: 0n, flow: written });

    const kept = {
      ...written,
      idleCloseCustomerOwes: 'PT24H',
      concurrentLimit: 5,
      transferTimeout: 'PT2M',
      awayAfter: 'PT5M',
      routingRules: written.routingRules.map((rule) => ({ ...rule, offerTimeout: 'PT30S' })),
    };
    const expected = { brandId, version: 1n, flow: kept, changedAt: world.clock.now(), changedBy: 'olga' };
    expect(updated.settings).toEqual(expected);
    expect((await client.getSettings({ brandId })).settings).toEqual(expected);
    expect((await client.getSettings({ brandId, version: 1n })).settings).toEqual(expected);
  });

  it('are changed on the version that was read, and on no other', async () => {
    await client.updateSettings({ brandId, expectedVersion: 0n, flow: flow({ concurrentLimit: 1 }) });
    const late = client.updateSettings({ brandId, expectedVersion: 0n, flow: flow({ concurrentLimit: 2 }) });

    await expect(late).rejects.toMatchObject({
      kind: 'conflict',
      code: 'routing.settings-changed',
      details: { newestVersion: '1' },
    });
    await expect(client.updateSettings({ brandId, expectedVersion: 7n, flow: flow() })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await client.getSettings({ brandId })).settings).toMatchObject({
      version: 1n,
      flow: { concurrentLimit: 1 },
    });
  });

  it('are not found in a version that nobody made', async () => {
    await expect(client.getSettings({ brandId, version: 3n })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'routing.settings-not-found',
    });
  });

  it('are listed newest first, in pages', async () => {
    for (let version = 0; version < 5; version += 1) {
      await client.updateSettings({
        brandId,
        expectedVersion: BigInt(version),
        flow: flow({ concurrentLimit: version + 1 }),
      });
    }

    const seen: bigint[][] = [];
    for (let pageToken = ''; ;) {
      const page = await client.listSettingsVersions({ brandId, pageSize: 2, pageToken });
      seen.push(page.versions.map(({ version }) => version));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(seen).toEqual([[5n, 4n], [3n, 2n], [1n]]);
    expect((await client.listSettingsVersions({ brandId })).versions).toHaveLength(5);
  });

  it('are listed in shorter pages where they are large, each once', async () => {
    const words = Array.from({ length: 5_000 }, (_, n) => `${n}`.padEnd(100, 'é'));
    const profanity = {
      languages: [],
      words,
      allowedWords: [],
      limit: 1,
      warningText: '',
      completeAtLimit: false,
      blockFor: '',
    };
    for (let version = 0n; version < 4n; version += 1n) {
      await client.updateSettings({ brandId, expectedVersion: version, flow: flow({ profanity }) });
    }

    const first = await client.listSettingsVersions({ brandId });
    const second = await client.listSettingsVersions({ brandId, pageToken: first.nextPageToken });

    expect(first.versions.map(({ version }) => version)).toEqual([4n, 3n]);
    expect(second.versions.map(({ version }) => version)).toEqual([2n, 1n]);
  });
});

describe('a brand', () => {
  const calls: [string, (of: SettingsClient, id: string) => Promise<unknown>][] = [
    ['GetSettings', (of, id) => of.getSettings({ brandId: id })],
    ['UpdateSettings', (of, id) => of.updateSettings({ brandId: id, flow: flow() })],
    ['ListSettingsVersions', (of, id) => of.listSettingsVersions({ brandId: id })],
    ['ApplyNow', (of, id) => of.applyNow({ brandId: id })],
    ['WhatIf', (of, id) => of.whatIf({ brandId: id })],
    ['DryRunRules', (of, id) => of.dryRunRules({ brandId: id })],
  ];

  it.each(calls)('of another organisation is as unknown to %s as one that there is not', async (_name, call) => {
    for (const id of ['other-brand', 'nothing']) {
      await expect(call(client, id)).rejects.toMatchObject({ kind: 'not-found', code: 'routing.brand-not-found' });
    }
    expect(world.told).toEqual([]);
  });

  it.each(calls)('of any organisation is known to %s of an internal service', async (_name, call) => {
    await expect(call(await world.client(), 'other-brand')).resolves.toBeDefined();
  });

  it.each(calls)('needs the scope that %s says', async (name, call) => {
    const { scopes } = settingsServer({} as never, {} as never);
    const scope = Object.entries(scopes).find(([method]) => method.toLowerCase() === name.toLowerCase())?.[1];
    const other = scope === 'routing.settings:read' ? 'routing.settings:write' : 'routing.settings:read';

    await expect(call(await world.client('acme', String(scope)), brandId)).resolves.toBeDefined();
    await expect(call(await world.client('acme', other), brandId)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(Object.keys(scopes)).toHaveLength(Object.keys(BrandSettingsServiceService).length);
  });
});

describe('CH-9 applying now', () => {
  it('asks for the newest version, once for each call', async () => {
    await client.updateSettings({ brandId, flow: flow({ waitingTime: 'PT1S' }) });

    expect(await client.applyNow({ brandId })).toEqual({ version: 1n });
    expect(await client.applyNow({ brandId })).toEqual({ version: 1n });

    const told = { brandId, version: 1, organisationId: 'acme', at: world.clock.now() };
    expect(world.told).toEqual([
      { commandId: 'command-1', ...told },
      { commandId: 'command-2', ...told },
    ]);
  });
});

describe('CH-9 what if', () => {
  it('counts the chats of the last 30 days that other times would have closed or missed', async () => {
    const day = 86_400_000;
    const opened = (days: number): Date => new Date(world.clock.now().getTime() - days * day);
    const row = (id: string, days: number, more: object) => ({
      _id: id,
      organisationId: 'acme',
      brandId,
      openedAt: opened(days),
      ...more,
    });
    await world.put([
      row('a', 1, { longestWaitMs: 90_000, missedForMs: 900_000 }),
      row('b', 30, { longestWaitMs: 89_999, missedForMs: 899_999, longestIdleCustomerMs: 3_600_000 }),
      row('c', 29, { longestIdleOperatorMs: 60_000 }),
      row('d', 31, { longestWaitMs: 90_000 }),
    ]);

    const counts = await client.whatIf({
      brandId,
      waitingTime: 'PT90S',
      missedClose: 'PT15M',
      idleCloseCustomerOwes: 'PT1H',
      idleCloseOperatorOwes: 'PT1M',
    });

    expect(counts).toEqual({
      chats: 3n,
      wouldBeMissed: 1n,
      wouldCloseMissed: 1n,
      wouldCloseCustomerOwes: 1n,
      wouldCloseOperatorOwes: 1n,
    });
    expect(await client.whatIf({ brandId })).toMatchObject({ chats: 3n, wouldBeMissed: 0n, wouldCloseMissed: 0n });
  });
});

describe('CH-2 the dry run', () => {
  const vip = protoRule({
    ruleId: 'vip',
    name: 'VIP',
    conditions: [
      {
        subject: ConditionSubject.CONDITION_SUBJECT_TAG,
        attribute: '',
        operator: ConditionOperator.CONDITION_OPERATOR_IS_ONE_OF,
        values: ['vip'],
      },
    ],
    target: { kind: TargetKind.TARGET_KIND_LAST_OPERATOR, operatorIds: [], departmentId: 'care' },
    manner: OfferManner.OFFER_MANNER_ROUND_ROBIN,
  });

  it('tells who would get a chat by the brand’s rules, by which rule, and why', async () => {
    await client.updateSettings({ brandId, flow: flow({ routingRules: [vip], concurrentLimit: 3 }) });

    const answer = await client.dryRunRules({ brandId, departmentId: 'sales', tags: ['vip'], lastOperatorId: 'olga' });

    expect(answer).toEqual({
      ruleId: 'vip',
      ruleName: 'VIP',
      target: vip.target,
      manner: OfferManner.OFFER_MANNER_ROUND_ROBIN,
      operatorIds: ['olga', 'otto'],
      reasons: ['rule “VIP” matches: its condition holds'],
    });
    expect(world.asked).toEqual([
      {
        organisationId: 'acme',
        brandId,
        departmentId: 'care',
        target: { kind: 'last-operator', operatorIds: [], departmentId: 'care' },
        manner: 'round-robin',
        lastOperatorId: 'olga',
        concurrentLimit: 3,
      },
    ]);
  });

  it('tries rules that are not kept, and keeps nothing', async () => {
    const answer = await client.dryRunRules({ brandId, rules: [vip], text: 'hello' });

    expect(answer).toMatchObject({ ruleId: '', target: { kind: TargetKind.TARGET_KIND_EVERYONE } });
    expect(answer.reasons).toEqual([
      'rule “VIP” does not match: the tag is not known and must be vip',
      'no rule matched: everyone available in the department of the number is asked, all at once',
    ]);
    expect((await client.getSettings({ brandId })).settings?.version).toBe(0n);
  });

  it('asks nobody for a chat that is nobody’s', async () => {
    const nobody = protoRule({ target: { kind: TargetKind.TARGET_KIND_NOBODY, operatorIds: [], departmentId: '' } });

    expect((await client.dryRunRules({ brandId, rules: [nobody] })).operatorIds).toEqual([]);
    expect(world.asked).toEqual([]);
  });

  it('knows the department of a number, where the number is the organisation’s', async () => {
    const owner = { organisationId: 'acme', brandId, departmentId: 'sales' };
    const span = { from: 0, connection: 1, owner };
    await world.numbers.save('341', undefined, { version: 1, spans: [span] });
    const foreign = { ...span, owner: { ...owner, organisationId: 'other' } };
    await world.numbers.save('342', undefined, { version: 1, spans: [foreign] });

    for (const phoneNumberId of ['341', '342', '343']) await client.dryRunRules({ brandId, phoneNumberId });

    expect(world.asked.map(({ departmentId }) => departmentId)).toEqual(['sales', '', '']);
  });

  it('CH-14 is by the hours of the time that is asked about', async () => {
    const open = protoRule({
      conditions: [
        {
          subject: ConditionSubject.CONDITION_SUBJECT_BUSINESS_HOURS,
          attribute: '',
          operator: ConditionOperator.CONDITION_OPERATOR_IS_ONE_OF,
          values: ['closed'],
        },
      ],
    });
    const businessHours = {
      timeZone: 'UTC',
      weekly: [{ weekday: Weekday.WEEKDAY_MONDAY, from: '09:00', to: '18:00' }],
      holidays: [],
      outOfHoursText: '',
    };
    await client.updateSettings({ brandId, flow: flow({ businessHours, routingRules: [open] }) });
    const ruleAt = async (time: string) => (await client.dryRunRules({ brandId, at: new Date(time) })).ruleId;

    expect(await ruleAt('2026-06-01T10:00:00Z')).toBe('');
    expect(await ruleAt('2026-06-01T18:00:00Z')).toBe('all');
  });
});

type Row = readonly [what: string, call: (of: SettingsClient) => Promise<unknown>, fields: readonly string[]];

describe('bad input', () => {
  const update =
    (more: Parameters<typeof flow>[0]): Row[1] =>
    (of) =>
      of.updateSettings({ brandId, flow: flow(more) });
  const dryRun =
    (more: object): Row[1] =>
    (of) =>
      of.dryRunRules({ brandId, ...more });
  const target = {
    ...RuleTarget.decode(new Uint8Array()),
    kind: TargetKind.TARGET_KIND_EVERYONE,
    departmentId: 'nowhere',
  };
  const token = Buffer.from(JSON.stringify({ before: 1 })).toString('base64url');

  it.each<Row>([
    ['GetSettings of nothing', (of) => of.getSettings({}), ['brand_id']],
    ['GetSettings of no brand', (of) => of.getSettings({ brandId: 'Acme Shoes' }), ['brand_id']],
    ['GetSettings of no version', (of) => of.getSettings({ brandId, version: 2n ** 64n - 1n }), ['version']],
    ['UpdateSettings of nothing', (of) => of.updateSettings({}), ['brand_id', 'flow']],
    [
      'UpdateSettings on no version',
      (of) => of.updateSettings({ brandId, expectedVersion: 2n ** 63n, flow: flow() }),
      ['expected_version'],
    ],
    ['UpdateSettings of too much', update({ closingText: long(3_000_000) }), ['flow']],
    [
      'UpdateSettings out of range',
      update({ missedClose: 'PT1M', waitingTime: 'P8D' }),
      ['flow.waiting_time', 'flow.missed_close'],
    ],
    [
      'UpdateSettings of an empty rule',
      update({ routingRules: [protoRule({ ruleId: '', name: '', target: undefined, manner: 0 })] }),
      ['rule_id', 'name', 'target.kind', 'manner'].map((place) => `flow.routing_rules[0].${place}`),
    ],
    [
      'UpdateSettings of enumerations there are not',
      update({
        routingRules: [
          protoRule({
            target: { ...target, departmentId: '', kind: 99 as never },
            manner: 99 as never,
            conditions: [{ subject: 99 as never, attribute: '', operator: 99 as never, values: ['x'] }],
          }),
        ],
      }),
      ['conditions[0].subject', 'conditions[0].operator', 'target.kind', 'manner'].map(
        (place) => `flow.routing_rules[0].${place}`,
      ),
    ],
    [
      'UpdateSettings of a department nobody has',
      update({ routingRules: [protoRule(), protoRule({ ruleId: 'b', target })] }),
      ['flow.routing_rules[1].target.department_id'],
    ],
    ['ListSettingsVersions of nothing', (of) => of.listSettingsVersions({}), ['brand_id']],
    [
      'ListSettingsVersions of a page too large',
      (of) => of.listSettingsVersions({ brandId, pageSize: 101 }),
      ['page_size'],
    ],
    [
      'ListSettingsVersions from no place',
      (of) => of.listSettingsVersions({ brandId, pageToken: 'x' }),
      ['page_token'],
    ],
    [
      'ListSettingsVersions from before the first',
      (of) => of.listSettingsVersions({ brandId, pageToken: token }),
      ['page_token'],
    ],
    ['ApplyNow of nothing', (of) => of.applyNow({}), ['brand_id']],
    ['WhatIf of nothing', (of) => of.whatIf({}), ['brand_id']],
    [
      'WhatIf out of range',
      (of) =>
        of.whatIf({
          brandId,
          waitingTime: 'PT0S',
          missedClose: 'P2M',
          idleCloseCustomerOwes: 'P1D',
          idleCloseOperatorOwes: 'soon',
        }),
      ['waiting_time', 'missed_close', 'idle_close_customer_owes', 'idle_close_operator_owes'],
    ],
    ['DryRunRules of nothing', (of) => of.dryRunRules({}), ['brand_id']],
    [
      'DryRunRules of rules that are wrong',
      dryRun({ rules: [protoRule({ name: '', target })] }),
      ['rules[0].name', 'rules[0].target.department_id'],
    ],
    [
      'DryRunRules of much that is wrong',
      dryRun({
        phoneNumberId: '+1',
        departmentId: 'X',
        phone: long(41),
        userId: long(161),
        profileName: long(257),
        text: long(4_097),
        tags: ['\ud83d'],
        advertisementId: long(201),
        lastOperatorId: 'O',
        language: long(36),
        at: new Date('3000-01-01T00:00:00Z'),
      }),
      [
        'phone_number_id',
        'department_id',
        'phone',
        'user_id',
        'profile_name',
        'text',
        'tags[0]',
        'advertisement_id',
        'last_operator_id',
        'language',
        'at',
      ],
    ],
    ['DryRunRules of too many tags', dryRun({ tags: Array.from({ length: 101 }, () => 'a') }), ['tags']],
  ])('%s is refused, field by field, and nothing is written', async (_what, call, fields) => {
    const failure = await call(client).catch((error: unknown) => error);

    expect(failure).toMatchObject({ kind: 'invalid', code: 'routing.invalid-request' });
    const { violations } = failure as { violations: { field: string; description: string }[] };
    expect(violations.map(({ field }) => field)).toEqual(fields);
    for (const { description } of violations) expect(description).toMatch(/^(must|is needed) .+; .+/);
    expect(await world.store.newerThan([{ brandId, version: 0 }])).toEqual([]);
    expect([world.told, world.asked]).toEqual([[], []]);
  });
});
