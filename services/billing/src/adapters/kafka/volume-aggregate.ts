import { type AggregateDefinition } from '@switchboard/aggregates';
import { billingWake } from '@switchboard/contracts/topics';
import { foldVolume, type Input, type Result } from '../../domain/volume/fold.js';
import { noVolume, type Volume } from '../../domain/volume/volume.js';

/** The aggregate *volume* of a portfolio, market and category. It is asked, and says nothing. */
export const volumeAggregate: AggregateDefinition<Volume, Input, never, Result> = {
  name: 'volumes',
  topic: billingWake.name,
  empty: noVolume,
  isOwn: () => true,
  fold(state, input) {
    const { volume, result } = foldVolume(state, input);
    return { state: volume, events: [], result };
  },
  encode: (event) => event,
};
