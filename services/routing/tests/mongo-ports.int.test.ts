import { createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { connectMongo, ensureIndexes } from '@switchboard/mongo';
import { servers } from '@switchboard/testing';
import { asksIndexes, createAsks } from '../src/adapters/mongo/asks.js';
import { createBotStore } from '../src/adapters/mongo/bots.js';
import { brandSettingsIndexes, createBrandFlows } from '../src/adapters/mongo/brand-settings.js';
import { CHAT_ROWS, chatRowsIndexes, createChatRows } from '../src/adapters/mongo/chat-rows.js';
import { chatTimesIndexes, createChatTimes } from '../src/adapters/mongo/chat-times.js';
import { createCustomers, customersIndexes } from '../src/adapters/mongo/customers.js';
import { createDeskIndex, DESKS } from '../src/adapters/mongo/desk-index.js';
import { createMessageStates } from '../src/adapters/mongo/message-states.js';
import { createNumberStore, numbersIndexes } from '../src/adapters/mongo/numbers.js';
import { createProjections } from '../src/adapters/mongo/projections.js';
import { createThreadIndex, threadIndexes, THREADS } from '../src/adapters/mongo/thread-index.js';
import { createTranscript, transcriptIndexes } from '../src/adapters/mongo/transcript.js';
import { asksContract } from './support/contracts/asks-contract.js';
import { botStoreContract } from './support/contracts/bot-store-contract.js';
import { brandFlowsContract } from './support/contracts/brand-flows-contract.js';
import { chatRowsContract } from './support/contracts/chat-rows-contract.js';
import { chatTimesContract } from './support/contracts/chat-times-contract.js';
import { customersContract } from './support/contracts/customers-contract.js';
import { deskIndexContract } from './support/contracts/desk-index-contract.js';
import { messageStatesContract } from './support/contracts/message-states-contract.js';
import { numberStoreContract } from './support/contracts/number-store-contract.js';
import { threadIndexContract } from './support/contracts/thread-index-contract.js';
import { transcriptContract } from './support/contracts/transcript-contract.js';
import { type PutAsk } from './support/desk-twins.js';
import { type TimedRow } from './support/settings-twins.js';

/** The ports on a real MongoDB, by the contracts that their twins pass too. */

const mongo = connectMongo(servers.mongoUrl, { database: `routing-ports-${process.pid}` });
const { connection } = mongo;

beforeAll(async () => {
  await mongo.start();
  await ensureIndexes(connection, [
    ...mongoStoreIndexes(THREADS),
    ...threadIndexes,
    ...asksIndexes,
    ...transcriptIndexes,
    ...chatRowsIndexes,
    ...customersIndexes,
    ...numbersIndexes,
    ...brandSettingsIndexes,
    ...chatTimesIndexes,
  ]);
  // What the suites below ask is written down by the server, where it is read badly.
  const filter = { $or: [{ planSummary: /COLLSCAN/ }, { hasSortStage: true }] };
  await connection.db?.command({ profile: 1, filter: { ns: { $not: /system/ }, ...filter } });
}, 60_000);
afterAll(async () => {
  await connection.dropDatabase();
  await mongo.stop();
});

const projected = () => ({
  project: createProjections(connection),
  transcript: createTranscript(connection),
  chatRows: createChatRows(connection),
});

botStoreContract('MongoDB', () => createBotStore(connection));
customersContract('MongoDB', () => createCustomers(connection));
numberStoreContract('MongoDB', () => createNumberStore(connection));
threadIndexContract('MongoDB', () => ({
  index: createThreadIndex(connection),
  store: createMongoStore(connection, THREADS),
}));
transcriptContract('MongoDB', projected);
chatRowsContract('MongoDB', projected);
messageStatesContract('MongoDB', () => createMessageStates(connection));
brandFlowsContract('MongoDB', () => createBrandFlows(connection));
chatTimesContract('MongoDB', () => ({
  times: createChatTimes(connection),
  put: async (rows) => {
    await connection.collection<TimedRow>(CHAT_ROWS).insertMany(rows.map((row) => ({ ...row })));
  },
}));

const putAsk: PutAsk = async (organisationId, threadId, ask) => {
  const { count: deskCount, chatId, want, isOpen = true, operatorId: operator = '' } = ask;
  const state = !isOpen ? 'completed' : operator === '' ? 'waiting' : 'active';
  const change = {
    $set: { v: 1, owner: { organisationId }, chat: { id: chatId, state, operator }, deskCount, want },
    $setOnInsert: { number: 'of asks', out: [] },
  };
  await connection.collection<{ _id: string }>(THREADS).updateOne({ _id: threadId }, change, { upsert: true });
};
asksContract('MongoDB', () => ({ asks: createAsks(connection), put: putAsk }));
deskIndexContract('MongoDB', () => ({
  index: createDeskIndex(connection),
  put: putAsk,
  putDesk: async (organisationId) => {
    await connection.collection<{ _id: string }>(DESKS).insertOne({ _id: organisationId });
  },
}));

describe('the queries of the adapters', () => {
  it('read by indexes, whatever they ask', async () => {
    const scans = await connection
      .collection('system.profile')
      .find({ planSummary: /COLLSCAN/ })
      .toArray();

    expect(scans.map(({ ns, command }) => ({ ns: ns as string, command: command as object }))).toEqual([]);
  });

  it('sort nothing but the few notes of a page, and what is of one instant', async () => {
    const sorted = await connection.collection('system.profile').find({ hasSortStage: true }).toArray();

    const filters = sorted.map(({ command }) => Object.keys((command as { filter?: object }).filter ?? {}));
    expect(filters.filter((fields) => !fields.includes('n') && !fields.includes('_id'))).toEqual([]);
  });
});
