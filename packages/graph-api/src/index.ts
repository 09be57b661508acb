export { createGraphClient, type GraphClient, type GraphClientOptions, type PhoneNumberFields } from './client.js';
export { type Consequence, consequenceOf, type MetaError } from './errors.js';
export { type SendOutcome } from './outcome.js';
