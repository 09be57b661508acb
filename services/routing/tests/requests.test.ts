import { type ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { type CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import { type GrpcClient } from '@switchboard/grpc';
import { createWorld, NUMBER, serve, type World } from './support/world.js';

/** Bad input to every call, over real gRPC on loopback: each wrong field is named, with the rule and the remedy. */

type Chats = GrpcClient<typeof ChatServiceService>;
type Customers = GrpcClient<typeof CustomerServiceService>;
type Call = (services: { chats: Chats; customers: Customers }) => unknown;
type Row = readonly [what: string, call: Call, fields: readonly string[]];

let world: World;
let server: Awaited<ReturnType<typeof serve>>;
let services: { chats: Chats; customers: Customers };
beforeAll(async () => {
  world = createWorld();
  server = await serve(world);
  services = { chats: await server.chats(), customers: await server.customers() };
});
afterAll(() => server.stop());

const thread = `${NUMBER}.1.ana`;
const chat = `${thread}:1`;
const long = (length: number): string => 'x'.repeat(length);
const half = '\ud83d';
const token = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
const negative = -1 >>> 0;

const badTokens: readonly (readonly [string, string])[] = [
  ['that is no token', '%%%'],
  ['of another list', token({ x: 1 })],
  ['that is null', token(null)],
  ['of no time', token({ lastAt: 1e300, id: chat, at: 1e300, t: thread, s: 1 })],
  ['of no id', token({ lastAt: 1, id: { $gt: '' }, at: 1, t: { $gt: '' }, s: 1 })],
  ['of half a sequence', token({ lastAt: 1, id: 'x', at: 1, t: thread, s: 0.5 })],
  ['too long', long(2_000)],
];

const badIds: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['what is none', 'chat'],
  ['too long', `${NUMBER}.1.${long(65)}:1`],
  ['half a character', `${thread}${half}:1`],
  ['a query', '{"$gt":""}'],
];

const list =
  (more: object): Call =>
  ({ chats }) =>
    chats.listChats({ organisationId: 'acme', ...more });
const reply =
  (more: object): Call =>
  ({ chats }) =>
    chats.reply({ chatId: chat, idempotencyKey: 'k', text: 'hello', ...more });
const resolve =
  (recipients: object[]): Call =>
  ({ customers }) =>
    customers.resolveBatch({ phoneNumberId: NUMBER, recipients: recipients as never });
const start =
  (more: object): Call =>
  ({ chats }) =>
    chats.start({ phoneNumberId: NUMBER, phone: '12025550143', idempotencyKey: 'k', text: 'hello', ...more });
const template = (more: object): Call =>
  start({ text: '', template: { name: 'hi', language: 'en', components: [], ...more } });
const part = { kind: 'body', buttonKind: '', buttonIndex: 0, parameters: [] };
const component = (more: object): Call => template({ components: [{ ...part, ...more }] });
const recipient = (phone: string, userId = '') => ({ phone, userId });
const watch =
  (more: object): Call =>
  async ({ chats }) => {
    for await (const response of chats.watchChats(more)) return response;
    return undefined;
  };

const table: Row[] = [
  ['ListChats of all', ({ chats }) => chats.listChats({}), ['organisation_id']],
  ['ListChats of no organisation', list({ organisationId: 'ACME!' }), ['organisation_id']],
  ['ListChats of an organisation too long', list({ organisationId: long(65) }), ['organisation_id']],
  ['ListChats in no state', list({ states: [1, 0] }), ['states[1]']],
  ['ListChats in a state there is not', list({ states: [99] }), ['states[0]']],
  ['ListChats of no number', list({ phoneNumberId: '+1202' }), ['phone_number_id']],
  ['ListChats of a number too long', list({ phoneNumberId: '1'.repeat(33) }), ['phone_number_id']],
  ['ListChats of no department', list({ departmentId: 'Sales' }), ['department_id']],
  ['ListChats of no brand', list({ brandId: `b${half}` }), ['brand_id']],
  ['ListChats of no customer', list({ customerId: 'a b' }), ['customer_id']],
  ['ListChats of a page too large', list({ pageSize: 501 }), ['page_size']],
  ['ListChats of a page below nothing', list({ pageSize: negative }), ['page_size']],
  [
    'ListChats of much that is wrong',
    list({ phoneNumberId: 'x', brandId: 'X', pageSize: 501, pageToken: 'x' }),
    ['phone_number_id', 'brand_id', 'page_size', 'page_token'],
  ],
  ...badTokens.map(([what, pageToken]): Row => [`ListChats from a place ${what}`, list({ pageToken }), ['page_token']]),
  ...badTokens.map(([what, pageToken]): Row => [
    `ListMessages from a place ${what}`,
    ({ chats }) => chats.listMessages({ threadId: thread, pageToken }),
    ['page_token'],
  ]),
  ...badIds.map(([what, chatId]): Row => [`GetChat of ${what}`, ({ chats }) => chats.getChat({ chatId }), ['chat_id']]),
  ...badIds.map(([what, chatId]): Row => [
    `Complete of ${what}`,
    ({ chats }) => chats.complete({ chatId }),
    ['chat_id'],
  ]),
  ...badIds.map(([what, chatId]): Row => [`Reply in ${what}`, reply({ chatId }), ['chat_id']]),
  ['ListMessages of nothing', ({ chats }) => chats.listMessages({}), ['thread_id']],
  ['ListMessages of both', ({ chats }) => chats.listMessages({ chatId: chat, threadId: thread }), ['thread_id']],
  ['ListMessages of no thread', ({ chats }) => chats.listMessages({ threadId: chat }), ['thread_id']],
  ['ListMessages of no chat', ({ chats }) => chats.listMessages({ chatId: thread }), ['chat_id']],
  [
    'ListMessages of a page too large',
    ({ chats }) => chats.listMessages({ chatId: chat, pageSize: negative }),
    ['page_size'],
  ],
  ['Reply without a key', reply({ idempotencyKey: '' }), ['idempotency_key']],
  ['Reply with a key too long', reply({ idempotencyKey: long(129) }), ['idempotency_key']],
  ['Reply with half a character in the key', reply({ idempotencyKey: `k${half}` }), ['idempotency_key']],
  ['Reply of nothing', reply({ text: '' }), ['text']],
  ['Reply of spaces', reply({ text: ' \n\t' }), ['text']],
  ['Reply too long', reply({ text: long(4_097) }), ['text']],
  ['Reply of half a character', reply({ text: `hello ${half}` }), ['text']],
  ['Reply to a wamid too long', reply({ replyToWhatsappMessageId: long(513) }), ['reply_to_whatsapp_message_id']],
  ['Reply to no wamid', reply({ replyToWhatsappMessageId: 'wamid. x' }), ['reply_to_whatsapp_message_id']],
  ['Reply of much that is wrong', ({ chats }) => chats.reply({}), ['chat_id', 'idempotency_key', 'text']],
  ['ListChats of no operator', list({ operatorId: 'Olga!' }), ['operator_id']],
  ['ListChats with a tag too long', list({ tag: long(65) }), ['tag']],
  ['Accept for nobody', ({ chats }) => chats.accept({ chatId: chat }), ['operator_id']],
  ['Accept of nothing', ({ chats }) => chats.accept({ operatorId: 'O' }), ['chat_id', 'operator_id']],
  ['Refuse for nobody', ({ chats }) => chats.refuse({ chatId: chat }), ['operator_id']],
  ['Refuse of nothing', ({ chats }) => chats.refuse({ operatorId: half }), ['chat_id', 'operator_id']],
  ['Assign to nobody', ({ chats }) => chats.assign({ chatId: chat }), ['operator_id']],
  ['Assign of nothing', ({ chats }) => chats.assign({ operatorId: 'a b' }), ['chat_id', 'operator_id']],
  ['Transfer to nobody', ({ chats }) => chats.transfer({ chatId: chat }), ['to_operator_id']],
  [
    'Transfer to both',
    ({ chats }) => chats.transfer({ chatId: chat, toOperatorId: 'o', toDepartmentId: 'd' }),
    ['to_department_id'],
  ],
  [
    'Transfer with a note too long',
    ({ chats }) => chats.transfer({ chatId: chat, toOperatorId: 'o', note: long(1_025) }),
    ['note'],
  ],
  ['AnswerTransfer with nothing', ({ chats }) => chats.answerTransfer({ chatId: chat }), ['answer']],
  ['AnswerTransfer of what is not', ({ chats }) => chats.answerTransfer({ answer: 9 as 1 }), ['chat_id', 'answer']],
  ['AnswerTransfer for nobody', ({ chats }) => chats.answerTransfer({ chatId: chat, answer: 1 }), ['operator_id']],
  ['HandOver of nothing', ({ chats }) => chats.handOver({ departmentId: 'D' }), ['chat_id', 'department_id']],
  ['HandOver with half a note', ({ chats }) => chats.handOver({ chatId: chat, note: half }), ['note']],
  ['AddNote of nothing', ({ chats }) => chats.addNote({}), ['chat_id', 'idempotency_key', 'text']],
  [
    'AddNote too long',
    ({ chats }) => chats.addNote({ chatId: chat, idempotencyKey: 'k', text: long(4_097) }),
    ['text'],
  ],
  ['SetTags of nothing', ({ chats }) => chats.setTags({ tags: [' '] }), ['chat_id', 'tags[0]']],
  [
    'SetTags that are too many, too long and there twice',
    ({ chats }) => chats.setTags({ chatId: chat, tags: [...Array.from({ length: 50 }, (_, n) => `t${n}`), 't1'] }),
    ['tags', 'tags[50]'],
  ],
  ['SetTags of one too long', ({ chats }) => chats.setTags({ chatId: chat, tags: ['a', long(65)] }), ['tags[1]']],
  ['Start of nothing', ({ chats }) => chats.start({}), ['phone_number_id', 'customer_id', 'idempotency_key', 'text']],
  ['Start with two customers', start({ userId: 'US.1' }), ['user_id']],
  ['Start with a customer that is none', start({ phone: '', customerId: '$' }), ['customer_id']],
  ['Start with a short phone', start({ phone: '123' }), ['phone']],
  ['Start with no user id', start({ phone: '', userId: 'us' }), ['user_id']],
  ['Start with both', start({ template: { name: 'hi', language: 'en', components: [] } }), ['template']],
  ['Start with a text too long', start({ text: long(4_097) }), ['text']],
  ['Start with no template', template({ name: 'Hi!', language: 'english' }), ['template.name', 'template.language']],
  ['Start with too much', template({ components: Array.from({ length: 21 }, () => part) }), ['template.components']],
  ['Start with a part that is none', component({ kind: 'footer' }), ['template.components[0].kind']],
  ['Start with no button', component({ kind: 'button' }), ['template.components[0].button_kind']],
  [
    'Start with a button too far',
    component({ kind: 'button', buttonKind: 'url', buttonIndex: 10 }),
    ['template.components[0].button_index'],
  ],
  [
    'Start with an empty parameter',
    component({ parameters: [{ name: '' }] }),
    ['template.components[0].parameters[0]'],
  ],
  [
    'Start with half a parameter',
    component({ parameters: [{ name: '', value: { $case: 'text', value: half } }] }),
    ['template.components[0].parameters[0]'],
  ],
  [
    'BlockCustomer for a time there is not',
    ({ chats }) => chats.blockCustomer({ duration: 'PT1H', reason: long(1_025) }),
    ['chat_id', 'reason', 'duration'],
  ],
  ['DecideBlock of nothing', ({ chats }) => chats.decideBlock({}), ['chat_id']],
  ['UnblockCustomer of nothing', ({ chats }) => chats.unblockCustomer({}), ['chat_id']],
  ['WatchChats from no cursor', watch({ cursor: 'not a cursor' }), ['cursor']],
  ['WatchChats from a cursor too long', watch({ cursor: long(9_000) }), ['cursor']],
  ['WatchChats of no organisation', watch({ organisationId: 'A' }), ['organisation_id']],
  ['WatchChats of no number', watch({ phoneNumberId: 'x' }), ['phone_number_id']],
  ['WatchChats with a heart that races', watch({ heartbeatMs: 999 }), ['heartbeat_ms']],
  ['WatchChats with a heart that stops', watch({ heartbeatMs: 60_001 }), ['heartbeat_ms']],
  ['ResolveBatch of nothing', ({ customers }) => customers.resolveBatch({}), ['phone_number_id', 'recipients']],
  ['ResolveBatch of too many', resolve(Array.from({ length: 501 }, () => recipient('12025550143'))), ['recipients']],
  ['ResolveBatch of nobody', resolve([recipient('12025550143'), recipient('')]), ['recipients[1]']],
  ['ResolveBatch of two in one', resolve([recipient('12025550143', 'US.1')]), ['recipients[0]']],
  ['ResolveBatch of a short phone', resolve([recipient('123456')]), ['recipients[0].phone']],
  ['ResolveBatch of a long phone', resolve([recipient('1'.repeat(16))]), ['recipients[0].phone']],
  ['ResolveBatch of letters', resolve([recipient('call me')]), ['recipients[0].phone']],
  ['ResolveBatch of no user id', resolve([recipient('', 'us-1')]), ['recipients[0].user_id']],
  ['ResolveBatch of a user id too long', resolve([recipient('', `US.${long(129)}`)]), ['recipients[0].user_id']],
  [
    'ResolveBatch of 500 that are wrong',
    resolve(Array.from({ length: 500 }, () => recipient('x'))),
    Array.from({ length: 20 }, (_, n) => `recipients[${n}].phone`),
  ],
  ['GetCustomer of nobody', ({ customers }) => customers.getCustomer({}), ['customer_id']],
  [
    'GetCustomer of an id too long',
    ({ customers }) => customers.getCustomer({ customerId: long(65) }),
    ['customer_id'],
  ],
  ['GetCustomer of half a character', ({ customers }) => customers.getCustomer({ customerId: half }), ['customer_id']],
  ['FindCustomers by nothing', ({ customers }) => customers.findCustomers({}), ['phone_number_id', 'alias']],
  [
    'FindCustomers by a name too long',
    ({ customers }) => customers.findCustomers({ phoneNumberId: NUMBER, alias: long(161) }),
    ['alias'],
  ],
  [
    'FindCustomers by half a character',
    ({ customers }) => customers.findCustomers({ phoneNumberId: NUMBER, alias: half }),
    ['alias'],
  ],
  ['JoinCustomers of nobody', ({ customers }) => customers.joinCustomers({}), ['customer_id', 'into_customer_id']],
  [
    'JoinCustomers of one with itself',
    ({ customers }) => customers.joinCustomers({ customerId: 'a', intoCustomerId: 'a' }),
    ['into_customer_id'],
  ],
  ['UndoJoin of nobody', ({ customers }) => customers.undoJoin({}), ['customer_id']],
];

it.each(table)('%s is refused, field by field', async (_what, call, fields) => {
  const failure = await Promise.resolve(call(services)).catch((error: unknown) => error);

  expect(failure).toMatchObject({ kind: 'invalid', code: 'routing.invalid-request' });
  const { violations } = failure as { violations: { field: string; description: string }[] };
  expect(violations.map(({ field }) => field)).toEqual(fields);
  for (const { description } of violations) expect(description).toMatch(/^(must|is needed) .+; .+/);
});

it('writes nothing of what it refused', () => {
  expect(world.store.documents.size).toBe(0);
  expect(world.joins).toEqual([]);
  expect(world.asked).toEqual([]);
});
