import { type Call } from '@switchboard/grpc';
import { type Tenant } from '../../use-cases/wallets.js';

export const tenantOf = ({ caller }: Call): Tenant => caller.organisationId;
/** Of a token that names none the one that was asked for. */
export const organisationOf = (call: Call, asked: string): string => call.caller.organisationId ?? asked;
