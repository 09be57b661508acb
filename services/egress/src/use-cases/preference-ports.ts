import { type CustomerView } from '../domain/gate.js';
import { type Address } from '../domain/address.js';
import { type PreferenceNews } from '../domain/preferences.js';

export interface CustomerToSend {
  readonly number: string;
  /** Empty where not known. */
  readonly customer: string;
  readonly recipient: Address;
}

/** What customers do not want, and who is not wanted. */
export interface Preferences {
  /** The latest of each subject holds; in any order, any number of times. */
  readonly note: (news: readonly PreferenceNews[]) => Promise<void>;
  /** In the order asked. */
  readonly of: (customers: readonly CustomerToSend[]) => Promise<readonly CustomerView[]>;
}
