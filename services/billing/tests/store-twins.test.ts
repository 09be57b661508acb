import { createMemoryPositions, createMemoryTiers } from './support/pricing.js';
import { positionStoreContract, tierStoreContract } from './support/store-contracts.js';

describe('the twin of the tiers', () => {
  const store = createMemoryTiers();
  tierStoreContract(() => store);
});

describe('the twin of the positions', () => {
  const store = createMemoryPositions();
  positionStoreContract(() => store);
});
