import { isDuplicate, type IndexSpec, translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import { type Customer, isIdentity, isOpen } from '../../domain/customer.js';
import type { Customers } from '../../use-cases/ports.js';

type CustomerDocument = Omit<Customer, 'id' | 'version'> & {
  _id: string;
  v: number;
  /** Open names, with the number: unique over all customers, so no two can hold one. */
  keys: string[];
  /** All names ever, for finding. */
  names: string[];
};

const CUSTOMERS = 'customers';

export const customersIndexes: readonly IndexSpec[] = [
  {
    collection: CUSTOMERS,
    key: { keys: 1 },
    // An empty list is a key like any other to an index: of those without an open name there may be many.
    options: { unique: true, partialFilterExpression: { 'keys.0': { $exists: true } } },
  },
  { collection: CUSTOMERS, key: { names: 1 } },
];

export function createCustomers(connection: Connection): Customers {
  const collection = connection.collection<CustomerDocument>(CUSTOMERS);
  const read = (filter: object) =>
    translated(async () => {
      const found = await collection.find(filter, { readConcern: 'majority' }).toArray();
      return found.map(fromDocument);
    });
  return {
    having: (names) =>
      read({ names: { $in: [...new Set(names.map(({ number, kind, value }) => nameOf(number, kind, value)))] } }),
    find: (ids) => read({ _id: { $in: [...ids] } }),
    save: (changed) =>
      translated(async () => {
        if (changed.length === 0) return true;
        const stored = changed.filter(({ version }) => version > 0);
        try {
          if (stored.length > 0) await collection.bulkWrite(stored.map(release), { ordered: false });
          await collection.bulkWrite(changed.map(toOperation), { ordered: true });
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
  };
}

/**
 * First step of a change: closed names leave `keys`, on the version that was read and without raising it. Names that the
 * customer keeps stay, so in between nobody else can take them.
 */
function release(customer: Customer) {
  return {
    updateOne: {
      filter: { _id: customer.id, v: customer.version },
      update: { $pull: { keys: { $nin: openNames(customer) } } },
    },
  };
}

function toOperation(customer: Customer) {
  const { _id, ...fields } = toDocument(customer);
  return { updateOne: { filter: { _id, v: customer.version }, update: { $set: fields }, upsert: true } };
}

const nameOf = (number: string, kind: string, value: string): string => `${number}|${kind}|${value}`;

const openNames = ({ aliases, number }: Customer): string[] =>
  aliases.filter((alias) => isOpen(alias) && isIdentity(alias)).map(({ kind, value }) => nameOf(number, kind, value));

function toDocument(customer: Customer): CustomerDocument {
  const { id, version, ...rest } = customer;
  const names = customer.aliases.map(({ kind, value }) => nameOf(customer.number, kind, value));
  return { _id: id, v: version + 1, ...rest, keys: openNames(customer), names: [...new Set(names)] };
}

function fromDocument(document: CustomerDocument): Customer {
  const { _id: id, v: version, number, aliases, party, flags, joined, absorbed, undone, createdAt } = document;
  return { id, version, number, aliases, party, flags, joined, absorbed, undone, createdAt };
}
