import { createMemoryStore } from '@switchboard/aggregates';
import { createTestClock } from '@switchboard/testing';
import { memoryBots } from './support/bots-world.js';
import { asksContract } from './support/contracts/asks-contract.js';
import { botStoreContract } from './support/contracts/bot-store-contract.js';
import { brandFlowsContract } from './support/contracts/brand-flows-contract.js';
import { chatRowsContract } from './support/contracts/chat-rows-contract.js';
import { chatTimesContract } from './support/contracts/chat-times-contract.js';
import { claimPlaceContract } from './support/contracts/claim-place-contract.js';
import { customersContract } from './support/contracts/customers-contract.js';
import { deskIndexContract } from './support/contracts/desk-index-contract.js';
import { messageStatesContract } from './support/contracts/message-states-contract.js';
import { numberStoreContract } from './support/contracts/number-store-contract.js';
import { threadIndexContract } from './support/contracts/thread-index-contract.js';
import { transcriptContract } from './support/contracts/transcript-contract.js';
import { memoryAsks } from './support/desk-twins.js';
import { createDesks, operatorState } from './support/desk-world.js';
import { createDesk } from './support/neighbours.js';
import { memoryBrandFlows, memoryChatTimes } from './support/settings-twins.js';
import {
  memoryCustomers,
  memoryMessageStates,
  memoryNumbers,
  memoryProjections,
  memoryThreadIndex,
} from './support/twins.js';

customersContract('in-memory', memoryCustomers);
numberStoreContract('in-memory', memoryNumbers);
threadIndexContract('in-memory', () => {
  const store = createMemoryStore();
  return { index: memoryThreadIndex(store), store };
});
transcriptContract('in-memory', memoryProjections);
chatRowsContract('in-memory', memoryProjections);
messageStatesContract('in-memory', memoryMessageStates);
brandFlowsContract('in-memory', memoryBrandFlows);
chatTimesContract('in-memory', memoryChatTimes);
asksContract('in-memory', memoryAsks);
deskIndexContract('in-memory', () => {
  const desks: string[] = [];
  const putDesk = (organisationId: string): Promise<void> => {
    desks.push(organisationId);
    return Promise.resolve();
  };
  return { ...memoryAsks(() => desks), putDesk };
});
botStoreContract('in-memory', memoryBots);

claimPlaceContract('played', () => {
  const { claimPlace, offers, atLimit } = createDesk([]);
  const fill = (operatorId: string): Promise<void> => {
    atLimit.add(operatorId);
    return Promise.resolve();
  };
  return Promise.resolve({ claimPlace, offers: () => offers, fill });
});
claimPlaceContract('real', async () => {
  const { useCases, offers, hearTellings } = createDesks(createTestClock().now);
  await hearTellings(operatorState('ann', { concurrentLimit: 1 }), operatorState('bob'));
  const facts = { count: 1, departmentId: 'sales', concurrentLimit: 1, isFree: true };
  const other = { organisationId: 'acme', chatId: '341.1.other:1', cause: 'assigned', facts } as const;
  return {
    claimPlace: useCases.claimPlace,
    offers,
    fill: (operatorId) => useCases.claimPlace({ ...other, operatorId }),
  };
});
