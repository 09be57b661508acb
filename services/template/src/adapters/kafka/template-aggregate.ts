import { type AggregateDefinition } from '@switchboard/aggregates';
import { templateWake } from '@switchboard/contracts/topics';
import { fold } from '../../domain/fold.js';
import { type Input } from '../../domain/inputs.js';
import { isMade, noTemplate, type Template } from '../../domain/template.js';
import { type Revised } from '../../use-cases/ports.js';

/** That there is something to publish. */
export interface Changed {
  readonly at: Date;
}

/** Each change is one revision, and wakes the partition's owner, who publishes the template whole. */
export const templateAggregate: AggregateDefinition<Template, Input, Changed, Revised> = {
  name: 'templates',
  topic: templateWake.name,
  empty: noTemplate,
  isOwn: () => true,
  fold(state, input, { nextSequence }) {
    const template = fold(state, input);
    if (template === state) {
      return { state, events: [], result: { revision: nextSequence - 1, template, became: 'the same' } };
    }
    const became = isMade(state) ? 'another' : 'made';
    return { state: template, events: [{ at: input.at }], result: { revision: nextSequence, template, became } };
  },
  encode: ({ at }, { aggregateId, sequence }) => ({
    topic: templateWake.name,
    key: aggregateId,
    type: templateWake.type,
    id: `${aggregateId}:${sequence}`,
    time: at,
    headers: {},
    value: templateWake.encode({ templateId: aggregateId, revision: BigInt(sequence) }),
  }),
};
