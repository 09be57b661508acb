import { type Address } from '../address.js';
import { type Refusal } from './refusal.js';

/** Meta takes one-time passwords for phones alone (131062). Where nothing is known of the recipient, nothing is refused. */
export const refusedAsAuthentication = ({ phone, userId, parentUserId }: Address): Refusal | undefined =>
  phone === undefined && (userId ?? parentUserId) !== undefined ? phoneNeeded : undefined;

const phoneNeeded: Refusal = {
  code: 'egress.phone-needed',
  reason: 'an authentication template goes to phones alone, and of this customer only the user id is known',
  remedy: 'ask the customer for the phone number, for example with a contact info request, then send it there',
  field: 'recipient',
};
