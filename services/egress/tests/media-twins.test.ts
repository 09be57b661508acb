import {
  draftsContract,
  filesContract,
  fileStoreContract,
  mediaIdsContract,
  policiesContract,
} from './support/media-contracts.js';
import { memoryDrafts, memoryFiles, memoryFileStore, memoryMediaIds, memoryPolicies } from './support/media-twins.js';

/** The twins pass the contracts that the real ports pass. */

const store = memoryFileStore();
fileStoreContract('memory', () => store);
const files = memoryFiles();
filesContract('memory', () => files);
draftsContract('memory', memoryDrafts);
const ids = memoryMediaIds();
mediaIdsContract('memory', () => ids);
const policies = memoryPolicies();
policiesContract('memory', () => policies);
