import { translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { type MediaPolicy } from '../../domain/media/policy.js';
import { type Policies } from '../../use-cases/media/ports.js';

interface PolicyDocument {
  /** Brand empty: the organisation's. */
  readonly _id: { readonly organisation: string; readonly brand: string };
  readonly rules: MediaPolicy['rules'];
}

export function createPolicies(connection: Connection): Policies {
  const collection: mongo.Collection<PolicyDocument> = connection.collection<PolicyDocument>('media_policies');
  const idOf = (organisation: string, brand: string): PolicyDocument['_id'] => ({ organisation, brand });
  return {
    find: (organisation, brand) =>
      translated(async () => {
        const ids = [...new Set([brand, ''])].map((each) => idOf(organisation, each));
        const found = await collection.find({ _id: { $in: ids } }).toArray();
        const best = found.find(({ _id }) => _id.brand === brand) ?? found[0];
        if (!best) return undefined;
        const { _id, rules } = best;
        return { policy: { rules }, source: _id.brand === '' ? 'organisation' : 'brand' };
      }),
    put: (organisation, brand, policy) =>
      translated(async () => {
        const _id = idOf(organisation, brand);
        if (policy) await collection.updateOne({ _id }, { $set: { rules: policy.rules } }, { upsert: true });
        else await collection.deleteOne({ _id });
      }),
  };
}
