export { type BlockFailure, type BlockUser } from './block-users.js';
export { createGraphClient, type GraphClient, type GraphClientOptions, type PhoneNumberFields } from './client.js';
export {
  type Consequence,
  type ErrorAnswer,
  type Ruling,
  rulingOf,
  rulingOfStatus,
  type Scope,
} from './consequence.js';
export { type MetaError } from './errors.js';
export { type SendOutcome } from './outcome.js';
