import { type NumberState } from '@switchboard/contracts/account/v1/events';
import { type GraphClient } from '@switchboard/graph-api';
import { type Table } from '@switchboard/kafka';
import { type MongoComponent } from '@switchboard/mongo';
import { createPlaces } from './adapters/kafka/numbers.js';
import { createMetaNumbers } from './adapters/meta/allowances.js';
import { createPaces } from './adapters/mongo/paces.js';
import { createReach } from './adapters/mongo/reach.js';

export { reachIndexes } from './adapters/mongo/reach.js';

/** What says when a message goes: what was learnt of numbers, who was reached, and Meta itself. */
export const createPaceParts = (of: {
  connection: MongoComponent['connection'];
  numbers: Pick<Table<NumberState>, 'get' | 'values'>;
  graph: Pick<GraphClient, 'getPhoneNumber'>;
  now: () => Date;
}) => ({
  paces: createPaces(of.connection),
  reach: createReach(of.connection, of.now),
  places: createPlaces(of.numbers),
  metaNumbers: createMetaNumbers(of.graph),
});
