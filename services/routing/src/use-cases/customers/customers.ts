import { Failure } from '@switchboard/errors';
import { addressOf, type Customer, whoHas } from '../../domain/customer.js';
import type { Party } from '../../domain/party.js';
import { currentSpan, type Span, threadIdOf } from '../../domain/spans.js';
import { phoneVariants } from '../../domain/variants.js';
import type { Tenant } from '../chats/read-chats.js';
import type {
  AliasOfNumber,
  Clock,
  Customers,
  NewId,
  NumberStore,
  TellJoins,
  ThreadHead,
  ThreadIndex,
} from '../ports.js';
import type { ResolveCustomers } from './resolve-customers.js';

export interface ResolvedRecipient {
  readonly customer: Customer;
  readonly threadId: string;
  readonly address: Party;
  readonly head: ThreadHead | undefined;
}

export type CustomerUseCases = ReturnType<typeof createCustomerUseCases>;

export function createCustomerUseCases(deps: {
  customers: Customers;
  numbers: NumberStore;
  index: ThreadIndex;
  resolveCustomers: ResolveCustomers;
  tellJoins: TellJoins;
  now: Clock;
  newId: NewId;
}) {
  const { customers, numbers, index, resolveCustomers, tellJoins, now, newId } = deps;

  /** The number, if the tenant has it now (SE-1). */
  async function ownNumber(tenant: Tenant, number: string): Promise<Span> {
    const span = currentSpan((await numbers.find([number])).get(number));
    if (tenant !== undefined && span.owner?.organisationId !== tenant) {
      throw new Failure('not-found', 'routing.number-not-found', 'no such number is connected to the organisation');
    }
    return span;
  }

  async function mustExist(tenant: Tenant, id: string): Promise<Customer> {
    const [customer] = await customers.find([id]);
    if (customer) await ownNumber(tenant, customer.number).catch(() => Promise.reject(notFound()));
    if (!customer) throw notFound();
    return customer;
  }

  async function tell(tenant: Tenant, ended: Customer, survivor: string, undone: boolean): Promise<string> {
    const { connection } = await ownNumber(tenant, ended.number);
    const eventId = `${undone ? 'undo' : 'join'}:${newId()}`;
    await tellJoins([{ eventId, number: ended.number, connection, ended: ended.id, survivor, undone, at: now() }]);
    return eventId;
  }

  return {
    /** Recipients as commands see them: by the names that are open now; those nobody has are made. */
    async resolveBatch(
      tenant: Tenant,
      number: string,
      recipients: readonly { phone?: string; userId?: string }[],
    ): Promise<ResolvedRecipient[]> {
      const { connection } = await ownNumber(tenant, number);
      // The position of whoever asks is the end of the log: names that are open now. New ones hold from the beginning.
      const names = recipients.map(({ phone, userId }): AliasOfNumber =>
        userId === undefined
          ? { number, kind: 'phone', value: phone ?? '' }
          : { number, kind: 'user_id', value: userId },
      );
      const known = await customers.having(names);
      const at = now();
      const unknown = names.filter(({ kind, value }) => !whoHas(known, kind, value, Number.MAX_SAFE_INTEGER));
      const made = await resolveCustomers(
        unknown.map((name) => ({
          number,
          offset: afterFormer(known, name),
          at,
          party: name.kind === 'phone' ? { phone: name.value } : { userId: name.value },
        })),
      );
      const all = [...known, ...made.customers.filter((customer) => customer !== undefined)];
      const found = names.map(({ kind, value }) => whoHas(all, kind, value, Number.MAX_SAFE_INTEGER));
      const threadOf = (customer: Customer): string => threadIdOf(number, connection, customer.id);
      const heads = await index.heads(found.flatMap((customer) => (customer ? [threadOf(customer)] : [])));
      const headOf = new Map(heads.map((head) => [head.threadId, head]));
      return found.map((customer) => {
        if (!customer)
          throw new Failure('unavailable', 'routing.customer-moved', 'the names are just changing; try again');
        const threadId = threadOf(customer);
        return { customer, threadId, address: addressOf(customer), head: headOf.get(threadId) };
      });
    },

    getCustomer: mustExist,

    async findCustomers(tenant: Tenant, number: string, alias: string): Promise<Customer[]> {
      await ownNumber(tenant, number);
      const names: AliasOfNumber[] = [
        { number, kind: 'user_id', value: alias },
        { number, kind: 'parent_user_id', value: alias },
        ...phoneVariants(alias).map((value): AliasOfNumber => ({ number, kind: 'phone', value })),
      ];
      const found = await customers.having(names);
      const isExact = (customer: Customer): boolean =>
        customer.aliases.some(({ value }) => value === alias || value === alias.replace(/\D/g, ''));
      return [...found].sort((a, b) => Number(isExact(b)) - Number(isExact(a)));
    },

    async joinCustomers(tenant: Tenant, endedId: string, survivorId: string): Promise<string> {
      const [ended, survivor] = [await mustExist(tenant, endedId), await mustExist(tenant, survivorId)];
      if (ended.number !== survivor.number) {
        throw new Failure(
          'conflict',
          'routing.other-number',
          'the customers are of different numbers; join those of one number',
        );
      }
      if (ended.joined || survivor.joined) {
        throw new Failure(
          'conflict',
          'routing.already-joined',
          'one of the customers is joined already; undo that first',
        );
      }
      return tell(tenant, ended, survivor.id, false);
    },

    async undoJoin(tenant: Tenant, endedId: string): Promise<string> {
      const ended = await mustExist(tenant, endedId);
      if (!ended.joined) throw new Failure('conflict', 'routing.not-joined', 'the customer is not joined into another');
      return tell(tenant, ended, ended.joined.into, true);
    },
  };
}

/** From where a name is free: the beginning, or after the last one who had it. */
const afterFormer = (known: readonly Customer[], { kind, value }: AliasOfNumber): number =>
  known
    .flatMap(({ aliases }) => aliases)
    .filter((alias) => alias.kind === kind && alias.value === value)
    .reduce((offset, { to }) => Math.max(offset, (to ?? -1) + 1), 0);

const notFound = (): Failure => new Failure('not-found', 'routing.customer-not-found', 'there is no such customer');
