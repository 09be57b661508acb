export { type BlockFailure, type BlockUser } from './block-users.js';
export {
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  type MediaFields,
  type PhoneNumberFields,
} from './client.js';
export {
  type Consequence,
  type ErrorAnswer,
  type Ruling,
  rulingOf,
  rulingOfStatus,
  type Scope,
} from './consequence.js';
export { type MetaError } from './errors.js';
export {
  createMediaClient,
  type MediaClient,
  type MediaClientOptions,
  type MediaToUpload,
  type UploadOutcome,
} from './media.js';
export { type PricingAnalytics, type PricingAnalyticsCalls, type PricingPoint } from './pricing-analytics.js';
export { type SendOutcome } from './outcome.js';
export { type GraphSettings, readGraphSettings } from './settings.js';
export { type ExampleFile, type TemplateCalls, type TemplateFields, type TemplatePage } from './templates.js';
