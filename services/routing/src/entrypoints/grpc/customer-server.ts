import {
  type Customer as CustomerProto,
  type CustomerServiceServer,
  CustomerServiceService,
  type ResolveBatchRequest,
} from '@switchboard/contracts/routing/v1/customer_service';
import { type ServedService, unary } from '@switchboard/grpc';
import type { Customer } from '../../domain/customer.js';
import type { CustomerUseCases } from '../../use-cases/customers/customers.js';
import { partyToProto } from './chat-view.js';
import { aCustomerId, anAlias, aNumber, aPhone, aUserId, demand } from './requests.js';

/** Who is it: customers of a number, their aliases, joins. */
export function customerServer(useCases: CustomerUseCases): ServedService {
  const implementation: CustomerServiceServer = {
    resolveBatch: unary(async (request: ResolveBatchRequest, { caller }) => {
      const { phoneNumberId, recipients } = request;
      demand(
        aNumber('phone_number_id', phoneNumberId),
        recipients.length >= 1 && recipients.length <= 500
          ? undefined
          : { field: 'recipients', description: 'must be 1 to 500; split larger lists' },
        ...recipients.map((recipient, index) => recipientIsSound(recipient, `recipients[${index}]`)),
      );
      const asked = recipients.map(({ phone, userId }) =>
        userId === '' ? { phone: phone.replace(/\D/g, '') } : { userId },
      );
      const resolved = await useCases.resolveBatch(caller.organisationId, phoneNumberId, asked);
      return {
        recipients: resolved.map(({ customer, threadId, address, head }) => ({
          customerId: customer.id,
          threadId,
          address: partyToProto(address),
          lastInbound: head?.last
            ? { whatsappMessageId: head.last.wamid, sentAt: head.last.at, freeEntryUntil: head.freeUntil ?? undefined }
            : undefined,
          openChatId: head?.openChatId ?? '',
        })),
      };
    }),
    getCustomer: unary(async ({ customerId }, { caller }) => {
      demand(aCustomerId('customer_id', customerId));
      return { customer: toProto(await useCases.getCustomer(caller.organisationId, customerId)) };
    }),
    findCustomers: unary(async ({ phoneNumberId, alias }, { caller }) => {
      demand(aNumber('phone_number_id', phoneNumberId), anAlias('alias', alias));
      const found = await useCases.findCustomers(caller.organisationId, phoneNumberId, alias);
      return { customers: found.map(toProto) };
    }),
    joinCustomers: unary(async ({ customerId, intoCustomerId }, { caller }) => {
      demand(
        aCustomerId('customer_id', customerId),
        aCustomerId('into_customer_id', intoCustomerId),
        customerId !== '' && customerId === intoCustomerId
          ? { field: 'into_customer_id', description: 'must be another customer; name the one that goes on' }
          : undefined,
      );
      return { eventId: await useCases.joinCustomers(caller.organisationId, customerId, intoCustomerId) };
    }),
    undoJoin: unary(async ({ customerId }, { caller }) => {
      demand(aCustomerId('customer_id', customerId));
      return { eventId: await useCases.undoJoin(caller.organisationId, customerId) };
    }),
  };
  return {
    definition: CustomerServiceService,
    implementation,
    scopes: {
      resolveBatch: 'routing.customers:write',
      getCustomer: 'routing.customers:read',
      findCustomers: 'routing.customers:read',
      joinCustomers: 'routing.customers:write',
      undoJoin: 'routing.customers:write',
    },
  };
}

function recipientIsSound({ phone, userId }: { phone: string; userId: string }, field: string) {
  if ((phone === '') === (userId === '')) {
    return { field, description: 'must have either phone or user_id; give exactly one' };
  }
  return userId === '' ? aPhone(`${field}.phone`, phone) : aUserId(`${field}.user_id`, userId);
}

const toProto = (customer: Customer): CustomerProto => ({
  customerId: customer.id,
  phoneNumberId: customer.number,
  party: partyToProto(customer.party),
  aliases: customer.aliases.map(({ kind, value, since, until }) => ({ kind, value, since, until: until ?? undefined })),
  joinedIntoCustomerId: customer.joined?.into ?? '',
  flags: [...customer.flags],
  createdAt: customer.createdAt,
});
