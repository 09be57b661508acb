/** Between the domain and the contracts, for entry points and adapters alike. */
import { MessageState } from '@switchboard/contracts/egress/v1/events';
import {
  type MetaError as MetaErrorProto,
  type Party,
  type Pricing as PricingProto,
} from '@switchboard/contracts/whatsapp/v1/content';
import { type Address } from './domain/address.js';
import { type State } from './domain/message.js';
import { type MetaError, type Pricing } from './domain/report.js';

export const stateToProto = {
  accepted: MessageState.MESSAGE_STATE_ACCEPTED,
  dispatching: MessageState.MESSAGE_STATE_DISPATCHING,
  sent: MessageState.MESSAGE_STATE_SENT,
  delivered: MessageState.MESSAGE_STATE_DELIVERED,
  read: MessageState.MESSAGE_STATE_READ,
  played: MessageState.MESSAGE_STATE_PLAYED,
  failed: MessageState.MESSAGE_STATE_FAILED,
  refused: MessageState.MESSAGE_STATE_REFUSED,
  unknown: MessageState.MESSAGE_STATE_UNKNOWN,
  expired: MessageState.MESSAGE_STATE_EXPIRED,
} as const satisfies Record<State, MessageState>;

const stateOfProto = new Map(Object.entries(stateToProto).map(([state, proto]) => [proto, state as State]));

/** Undefined for states that no message has. */
export const stateFromProto = (state: MessageState): State | undefined => stateOfProto.get(state as never);

export const addressToProto = ({ phone, userId, parentUserId }: Address): Party => ({
  ...(phone !== undefined && { phone }),
  ...(userId !== undefined && { userId }),
  ...(parentUserId !== undefined && { parentUserId }),
});

export const addressFromProto = (party: Party | undefined): Address => ({
  ...(party?.phone && { phone: party.phone }),
  ...(party?.userId && { userId: party.userId }),
  ...(party?.parentUserId && { parentUserId: party.parentUserId }),
});

export const pricingToProto = (pricing: Pricing | undefined): PricingProto | undefined => pricing && { ...pricing };

export const pricingFromProto = ({ billable, model, type, category }: PricingProto): Pricing => ({
  ...(billable !== undefined && { billable }),
  model,
  type,
  category,
});

export const errorToProto = (error: MetaError): MetaErrorProto => ({ ...error });

export const errorFromProto = ({ code, title, message, details, href }: MetaErrorProto): MetaError => ({
  code,
  title,
  message,
  details,
  href,
});
