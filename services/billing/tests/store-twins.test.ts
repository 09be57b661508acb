import { createMemoryPositions, createMemoryTiers } from './support/pricing.js';
import { createMemoryReports } from './support/reconciliation-twins.js';
import { positionStoreContract, reportsContract, tierStoreContract } from './support/store-contracts.js';

describe('the twin of the tiers', () => {
  const store = createMemoryTiers();
  tierStoreContract(() => store);
});

describe('the twin of the positions', () => {
  const store = createMemoryPositions();
  positionStoreContract(() => store);
});

describe('the twin of the reports', () => {
  const store = createMemoryReports();
  reportsContract(() => store);
});
