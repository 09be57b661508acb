import { createMemoryStore } from '@switchboard/aggregates';
import { asksContract, deskIndexContract } from './support/desk-contracts.js';
import { memoryAsks } from './support/desk-twins.js';
import { botStoreContract } from './support/bot-contracts.js';
import { memoryBots } from './support/bots-world.js';
import {
  chatRowsContract,
  customersContract,
  messageStatesContract,
  numberStoreContract,
  threadIndexContract,
  transcriptContract,
} from './support/contracts.js';
import { brandFlowsContract, chatTimesContract } from './support/settings-contracts.js';
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
