import { grpcClient, signToken } from '@switchboard/grpc';
import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { PricingServiceService } from '@switchboard/contracts/billing/v1/pricing_service';
import { MediaServiceService } from '@switchboard/contracts/egress/v1/media_service';
import { MessageServiceService, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import { BotServiceService } from '@switchboard/contracts/routing/v1/bot_service';
import { ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import { DeskServiceService } from '@switchboard/contracts/routing/v1/desk_service';
import { TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import { TimerServiceService } from '@switchboard/contracts/timer/v1/timer_service';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';

jest.setTimeout(120_000);

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const definitions = {
  account: AccountServiceService,
  ingress: IngressServiceService,
  chats: ChatServiceService,
  customers: CustomerServiceService,
  settings: BrandSettingsServiceService,
  desk: DeskServiceService,
  bots: BotServiceService,
  messages: MessageServiceService,
  media: MediaServiceService,
  timers: TimerServiceService,
  templates: TemplateServiceService,
  billing: BillingServiceService,
  prices: PricingServiceService,
};
const service: Record<keyof typeof definitions, string> = {
  account: 'account',
  ingress: 'ingress',
  chats: 'routing',
  customers: 'routing',
  settings: 'routing',
  desk: 'routing',
  bots: 'routing',
  messages: 'egress',
  media: 'egress',
  timers: 'timer',
  templates: 'template',
  billing: 'billing',
  prices: 'billing',
};

type Call = (request: object) => Promise<unknown>;

/** Any method of any service, streams included: they are given one request, or asked for their first response. */
function method(of: keyof typeof definitions, name: string, token: string): { call: Call; close: () => void } {
  const client = grpcClient(definitions[of], system.stack.grpc(service[of]), { token }) as unknown as Record<
    string,
    unknown
  >;
  const run = client[name] as (request: object) => Promise<unknown> | AsyncIterable<unknown>;
  const { requestStream } = (definitions[of] as Record<string, { requestStream: boolean }>)[name]!;
  const call: Call = async (request) => {
    const answer = run(requestStream ? once(request) : request);
    return Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer;
  };
  return { call, close: client['close'] as () => void };
}

async function* once(request: object): AsyncGenerator<object> {
  yield await Promise.resolve(request);
}

const everyMethod = Object.entries(definitions).flatMap(([of, definition]) =>
  Object.keys(definition).map((name) => [of as keyof typeof definitions, name] as const),
);

const chat = '341280095512345.1.nobody:1';
const after = (seconds: bigint) => ({ $case: 'delay', value: { seconds, nanos: 0 } });
const timer = {
  owner: 'demo',
  timerKey: 'a',
  version: 1n,
  when: after(60n),
  firedKey: '',
  payload: Buffer.alloc(0),
};
const content = { kind: { $case: 'text', value: { body: 'Hi' } } };

const noBot = {
  phoneNumberId: '',
  botId: '',
  name: '',
  webhookUrl: '',
  idleTime: '',
  idleAction: 0,
  answerTimeout: '',
  departmentId: '',
  version: 0n,
  stopped: false,
};

const badCalls: [keyof typeof definitions, string, object, string[]][] = [
  ['account', 'createOrganisation', { organisationId: 'Not An Id', name: '' }, ['organisation_id', 'name']],
  ['account', 'getOrganisation', { organisationId: '' }, ['organisation_id']],
  [
    'account',
    'createBrand',
    { organisationId: '-', brandId: 'B', name: 'x'.repeat(201) },
    ['organisation_id', 'brand_id', 'name'],
  ],
  ['account', 'createDepartment', { brandId: '', departmentId: '', name: '' }, ['brand_id', 'name']],
  ['account', 'putOperator', {}, ['operator.organisation_id', 'operator.name', 'operator.role']],
  ['account', 'getOperator', { operatorId: 'Not An Id' }, ['operator_id']],
  ['account', 'listOperators', { organisationId: 'demo', pageSize: 501 }, ['page_size']],
  ['account', 'removeOperator', { operatorId: '' }, ['operator_id']],
  [
    'account',
    'registerNumber',
    { phoneNumberId: 'abc', wabaId: '', portfolioId: '', displayPhoneNumber: '', verifiedName: '', metaToken: 'a b' },
    ['phone_number_id', 'waba_id', 'portfolio_id', 'display_phone_number', 'verified_name', 'meta_token'],
  ],
  [
    'account',
    'connectNumber',
    { phoneNumberId: '', brandId: '', departmentId: '' },
    ['phone_number_id', 'brand_id', 'department_id'],
  ],
  ['account', 'disconnectNumber', { phoneNumberId: 'x' }, ['phone_number_id']],
  ['account', 'getNumber', { phoneNumberId: 'x' }, ['phone_number_id']],
  ['account', 'listNumbers', { organisationId: 'demo', pageSize: 501 }, ['page_size']],
  ['account', 'getMetaToken', { phoneNumberId: 'x' }, ['phone_number_id']],
  ['ingress', 'listQuarantined', { pageSize: 501 }, ['page_size']],
  ['ingress', 'listQuarantined', { pageToken: 'nonsense' }, ['page_token']],
  ['ingress', 'replayQuarantined', { quarantineId: 'nonsense' }, ['quarantine_id']],
  [
    'chats',
    'listChats',
    { organisationId: 'demo', pageSize: 501, phoneNumberId: 'x' },
    ['phone_number_id', 'page_size'],
  ],
  ['chats', 'listChats', {}, ['organisation_id']],
  ['chats', 'listChats', { organisationId: 'demo', pageToken: 'nonsense' }, ['page_token']],
  ['chats', 'getChat', { chatId: 'x' }, ['chat_id']],
  ['chats', 'listMessages', {}, ['thread_id']],
  ['chats', 'listMessages', { chatId: chat, threadId: 'y' }, ['thread_id']],
  ['chats', 'reply', { chatId: 'x', idempotencyKey: '', text: ' ' }, ['chat_id', 'idempotency_key', 'text']],
  ['chats', 'reply', { chatId: chat, idempotencyKey: 'k', text: 'x'.repeat(4_097) }, ['text']],
  ['chats', 'markRead', { chatId: 'x' }, ['chat_id']],
  ['chats', 'complete', { chatId: '' }, ['chat_id']],
  ['chats', 'accept', { chatId: 'x', operatorId: 'Not An Id' }, ['chat_id', 'operator_id']],
  ['chats', 'accept', { chatId: chat }, ['operator_id']],
  ['chats', 'refuse', { chatId: '', operatorId: '$' }, ['chat_id', 'operator_id']],
  ['chats', 'assign', { chatId: 'x', operatorId: '$' }, ['chat_id', 'operator_id']],
  ['chats', 'transfer', { chatId: 'x', note: 'x'.repeat(1_025) }, ['chat_id', 'to_operator_id', 'note']],
  ['chats', 'answerTransfer', { chatId: 'x', answer: 0 }, ['chat_id', 'answer']],
  ['chats', 'handOver', { chatId: 'x', departmentId: '$' }, ['chat_id', 'department_id']],
  ['chats', 'addNote', { chatId: 'x', idempotencyKey: '', text: '' }, ['chat_id', 'idempotency_key', 'text']],
  ['chats', 'setTags', { chatId: 'x', tags: ['', 'a', 'a'] }, ['chat_id', 'tags[0]', 'tags[2]']],
  [
    'chats',
    'start',
    { phoneNumberId: 'x', idempotencyKey: '', template: { name: 'A', language: '', components: [] } },
    ['phone_number_id', 'customer_id', 'idempotency_key', 'template.name', 'template.language'],
  ],
  ['chats', 'blockCustomer', { chatId: 'x', duration: 'P2D' }, ['chat_id', 'duration']],
  ['chats', 'decideBlock', { chatId: 'x' }, ['chat_id']],
  ['chats', 'unblockCustomer', { chatId: 'x' }, ['chat_id']],
  ['chats', 'watchChats', { heartbeatMs: 5 }, ['heartbeat_ms']],
  ['customers', 'resolveBatch', { phoneNumberId: 'x', recipients: [] }, ['phone_number_id', 'recipients']],
  [
    'customers',
    'resolveBatch',
    { phoneNumberId: '1', recipients: [{ phone: '12', userId: '' }] },
    ['recipients[0].phone'],
  ],
  ['customers', 'getCustomer', { customerId: '' }, ['customer_id']],
  ['customers', 'findCustomers', { phoneNumberId: '', alias: '' }, ['phone_number_id', 'alias']],
  ['customers', 'joinCustomers', { customerId: 'a', intoCustomerId: 'a' }, ['into_customer_id']],
  ['customers', 'undoJoin', { customerId: '$' }, ['customer_id']],
  ['desk', 'setPresence', { operatorId: 'Not An Id', presence: 9 }, ['operator_id', 'presence']],
  ['desk', 'heartbeat', { operatorId: '' }, ['operator_id']],
  ['desk', 'getDesk', { organisationId: '$' }, ['organisation_id']],
  ['settings', 'getSettings', { brandId: 'Not An Id' }, ['brand_id']],
  ['settings', 'updateSettings', { brandId: '' }, ['brand_id', 'flow']],
  ['settings', 'listSettingsVersions', { brandId: 'b', pageSize: 101, pageToken: 'x' }, ['page_size', 'page_token']],
  ['settings', 'applyNow', { brandId: '' }, ['brand_id']],
  ['settings', 'whatIf', { brandId: '$' }, ['brand_id']],
  [
    'settings',
    'dryRunRules',
    { brandId: 'b', phoneNumberId: 'x', text: 'x'.repeat(4_097) },
    ['phone_number_id', 'text'],
  ],
  ['bots', 'putBot', {}, ['bot', 'bot.phone_number_id']],
  ['bots', 'putBot', { bot: { ...noBot, phoneNumberId: 'x' } }, ['bot.phone_number_id']],
  ['bots', 'getBot', { phoneNumberId: 'x' }, ['phone_number_id']],
  ['bots', 'removeBot', { phoneNumberId: '' }, ['phone_number_id']],
  ['bots', 'watchBot', { phoneNumberId: 'x', cursor: 'x'.repeat(9_000) }, ['phone_number_id', 'cursor']],
  ['messages', 'check', { phoneNumberId: 'x', content }, ['phone_number_id']],
  [
    'messages',
    'send',
    { phoneNumberId: 'x', message: OutboundMessage.decode(new Uint8Array()) },
    ['phone_number_id', 'message.idempotency_key', 'message.recipient', 'message.content'],
  ],
  ['messages', 'markRead', { phoneNumberId: 'x' }, ['phone_number_id', 'whatsapp_message_id']],
  ['messages', 'sendBatch', { phoneNumberId: 'x', messages: [] }, ['phone_number_id', 'messages']],
  ['messages', 'get', { messageId: '' }, ['message_id']],
  ['messages', 'list', { organisationId: 'demo', pageSize: 501, pageToken: 'x' }, ['page_size', 'page_token']],
  ['messages', 'resolve', {}, ['message_id', 'resolution']],
  ['messages', 'watch', { cursor: 'x', heartbeatMs: 1 }, ['heartbeat_ms']],
  ['messages', 'watch', { cursor: 'x' }, ['cursor']],
  ['timers', 'schedule', {}, ['timer.owner', 'timer.timer_key', 'timer.version', 'timer.when']],
  [
    'timers',
    'schedule',
    { timer: { ...timer, owner: 'nobody', firedKey: 'x'.repeat(257), payload: Buffer.alloc(4_097) } },
    ['timer.owner', 'timer.fired_key', 'timer.payload'],
  ],
  ['timers', 'schedule', { timer: { ...timer, when: after(0n) } }, ['timer.delay']],
  ['timers', 'schedule', { timer: { ...timer, when: after(401n * 86_400n) } }, ['timer.delay']],
  ['timers', 'scheduleBatch', { timers: [] }, ['timers']],
  ['timers', 'scheduleBatch', { timers: [timer, { ...timer, version: 0n }] }, ['timers[1].version']],
  ['timers', 'reset', { ...timer, version: 0n, when: undefined }, ['version', 'when']],
  ['timers', 'cancel', { owner: 'Not An Owner', timerKey: 'x'.repeat(257) }, ['owner', 'timer_key', 'version']],
  ['timers', 'get', { owner: '', timerKey: '', minVersion: 2n ** 60n }, ['owner', 'timer_key', 'min_version']],
  [
    'timers',
    'list',
    { owner: 'demo', pageSize: 501, keyPrefix: 'x'.repeat(257), pageToken: '!' },
    ['page_size', 'key_prefix', 'page_token'],
  ],
  ['media', 'upload', { piece: { $case: 'about', value: { filename: '', kind: 'x', sizeBytes: 0n } } }, ['about']],
  ['media', 'getFile', {}, ['file']],
  ['media', 'getLink', { file: { fileId: 'x' }, validSeconds: 1 }, ['valid_seconds']],
  ['media', 'download', {}, ['file']],
  ['media', 'retryFetch', {}, ['file']],
  ['media', 'getPolicy', { organisationId: '', brandId: 'x'.repeat(129) }, ['organisation_id', 'brand_id']],
  ['media', 'putPolicy', { organisationId: '' }, ['organisation_id']],
  ['templates', 'create', { wabaId: 'x', name: 'Not A Name', language: 'xx' }, ['waba_id']],
  ['templates', 'edit', { templateId: 'x' }, ['template_id']],
  ['templates', 'duplicate', { templateId: 'x', wabaId: 'x' }, ['template_id', 'waba_id']],
  ['templates', 'submit', { templateId: 'x' }, ['template_id']],
  ['templates', 'delete', { templateId: 'x' }, ['template_id']],
  ['templates', 'unpause', { templateId: 'x' }, ['template_id']],
  ['templates', 'get', { wabaId: 'x' }, ['waba_id']],
  ['templates', 'list', { organisationId: 'demo', pageSize: 501, pageToken: '!' }, ['page_size', 'page_token']],
  ['templates', 'listVersions', { templateId: 'x', pageSize: 101 }, ['template_id', 'page_size']],
  ['templates', 'diff', { templateId: 'x' }, ['template_id']],
  ['templates', 'render', { templateId: 'x' }, ['template_id']],
  ['templates', 'checkParameters', { templateId: 'x' }, ['template_id']],
  [
    'templates',
    'uploadExample',
    { piece: { $case: 'about', value: { wabaId: 'x', mimeType: 'x', sizeBytes: 0n } } },
    ['about'],
  ],
  ['templates', 'reconcile', { wabaId: 'x' }, ['waba_id']],
  ['billing', 'createWallet', { walletId: '!', name: '' }, ['wallet_id', 'organisation_id', 'name', 'kind']],
  ['billing', 'updateWallet', { walletId: '!', name: '', notice_emails: [] }, ['wallet_id', 'name']],
  ['billing', 'getWallet', { walletId: '!' }, ['wallet_id']],
  ['billing', 'listWallets', { organisationId: '', pageSize: 501 }, ['organisation_id', 'page_size']],
  ['billing', 'putNumber', { phoneNumberId: 'x', walletId: '!', timeZone: 'x' }, ['phone_number_id', 'wallet_id']],
  ['billing', 'putBrand', { brandId: '$', walletId: '!' }, ['brand_id', 'wallet_id']],
  ['billing', 'getNumber', { phoneNumberId: 'x' }, ['phone_number_id']],
  ['billing', 'quotePurchase', { credits: 0 }, ['credits']],
  ['billing', 'buyCredits', { walletId: '!', successUrl: 'x' }, ['wallet_id', 'credits', 'success_url', 'cancel_url']],
  ['billing', 'grantCredits', { walletId: '!' }, ['wallet_id', 'credits', 'reason', 'idempotency_key']],
  ['billing', 'getPurchase', {}, ['purchase_id']],
  ['billing', 'listPurchases', { walletId: '!', pageSize: 501 }, ['wallet_id', 'page_size']],
  ['billing', 'holdBatch', { walletId: '!', holds: [] }, ['wallet_id', 'holds']],
  ['billing', 'settleBatch', { walletId: '!', settlements: [] }, ['wallet_id', 'settlements']],
  ['billing', 'releaseBatch', { walletId: '!', holdIds: ['!'] }, ['wallet_id', 'hold_ids[0]']],
  [
    'billing',
    'listEntries',
    { walletId: '!', pageSize: 501, pageToken: 'x', phoneNumberId: 'x', country: 'brazil' },
    ['wallet_id', 'page_size', 'phone_number_id', 'country', 'page_token'],
  ],
  ['billing', 'exportStatement', { walletId: '!' }, ['wallet_id']],
  ['billing', 'prove', { walletId: '!' }, ['wallet_id']],
  ['billing', 'reportSpend', { walletId: '!', groupBy: ['x'] }, ['wallet_id']],
  ['billing', 'reconcile', { wabaId: 'x', from: 'x', until: '2026-13-01' }, ['waba_id', 'from', 'until']],
  [
    'billing',
    'listReconciliations',
    { wabaId: 'x', from: 'x', pageSize: 501, pageToken: 'x' },
    ['waba_id', 'from', 'page_size', 'page_token'],
  ],
  ['prices', 'getPrice', { country: 'x', category: 'x', phone: 'x' }, ['category', 'phone']],
  ['prices', 'quote', { groups: [] }, ['groups']],
  ['prices', 'importRates', {}, ['csv']],
  ['prices', 'listRates', { day: 'x' }, ['day']],
];

describe('AP-1 bad input names the field, the rule and the remedy', () => {
  it.each(badCalls)('%s.%s %j', async (of, name, request, fields) => {
    const { call, close } = method(of, name, system.token);

    const failure = await call(request).then(
      () => undefined,
      (error: unknown) => error as { kind: string; violations: { field: string; description: string }[] },
    );
    close();

    expect(failure).toMatchObject({ kind: 'invalid' });
    const named = failure?.violations.map(({ field }) => field.split('.')[0] ?? '') ?? [];
    for (const field of fields) expect(named).toContain(field.split('.')[0]);
    // The rule and the remedy stand in one sentence with a semicolon between them.
    for (const { description } of failure?.violations ?? []) expect(description).toMatch(/.+[;:].+/);
  });

  it('covers every method', () => {
    const called = new Set(badCalls.map(([of, name]) => `${of}.${name}`));
    // It refuses nothing: what is wrong is its answer.
    const all = everyMethod.map(([of, name]) => `${of}.${name}`).filter((each) => each !== 'templates.check');
    expect([...called].sort()).toEqual(all.sort());
  });
});

describe('SE-3 nothing is open', () => {
  it.each(everyMethod)('%s.%s without a token, with a foreign one, and without the scope', async (of, name) => {
    const foreign = await signToken('another-secret-of-thirty-two-characters', {
      subject: 'x',
      scope: '*',
      ttlSeconds: 60,
    });
    const narrow = await signToken(system.stack.secrets.jwtSecret, {
      subject: 'x',
      scope: 'nothing:read',
      ttlSeconds: 60,
    });
    const failing = async (token: string): Promise<unknown> => {
      const { call, close } = method(of, name, token);
      const failure: unknown = await call({}).catch((error: unknown) => error);
      close();
      return failure;
    };

    expect(await failing('')).toMatchObject({ kind: 'unauthenticated' });
    expect(await failing(foreign)).toMatchObject({ kind: 'unauthenticated' });
    expect(await failing(narrow)).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('scope') });
  });
});

describe('SE-1 nothing is shared between organisations', () => {
  it('chats, messages and customers of one are not found by another', async () => {
    const person = { waId: '12025550777', userId: 'US.777', name: 'Tia' };
    await system.simulator.write(person, system.demo.phoneNumberId, 'for demo alone');
    const found = await eventually(async () => {
      const { chats } = await system.chats.listChats({ organisationId: 'demo' });
      expect(chats).toHaveLength(1);
      return chats[0]!;
    });
    const secret = system.stack.secrets.jwtSecret;
    const token = await signToken(secret, { subject: 'eve', scope: '*', organisationId: 'globex', ttlSeconds: 60 });
    const options = { token };
    const chats = grpcClient(ChatServiceService, system.stack.grpc('routing'), options);
    const customers = grpcClient(CustomerServiceService, system.stack.grpc('routing'), options);
    const accounts = grpcClient(AccountServiceService, system.stack.grpc('account'), options);
    const { chatId, customerId, threadId } = found;

    expect((await chats.listChats({})).chats).toEqual([]);
    const notFound = { kind: 'not-found' };
    await expect(chats.listChats({ organisationId: 'demo' })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(chats.getChat({ chatId })).rejects.toMatchObject(notFound);
    await expect(chats.listMessages({ threadId })).rejects.toMatchObject(notFound);
    await expect(chats.reply({ chatId, idempotencyKey: 'k', text: 'Hi' })).rejects.toMatchObject(notFound);
    await expect(chats.complete({ chatId })).rejects.toMatchObject(notFound);
    await expect(customers.getCustomer({ customerId })).rejects.toMatchObject(notFound);
    await expect(accounts.getNumber({ phoneNumberId: system.demo.phoneNumberId })).rejects.toMatchObject(notFound);
    await expect(accounts.getMetaToken({ phoneNumberId: system.demo.phoneNumberId })).rejects.toMatchObject(notFound);
    for (const client of [chats, customers, accounts]) client.close();
  });
});
