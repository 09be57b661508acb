export { type MasterKeys, masterKeys } from './master-keys.js';
export { createVault, type Sealed, type Vault } from './vault.js';
