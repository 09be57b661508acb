import { beginSpan, isTracing, readTraceParent } from '@switchboard/service-kit';
import { type HandleChunk } from '../group/types.js';

/**
 * Where traces are collected, a span per record that came with one: from the begin of its chunk until what it caused is
 * published. Elsewhere the handler itself, so that nothing is paid for.
 */
export function traced(group: string, handle: HandleChunk): HandleChunk {
  if (!isTracing()) return handle;
  return async (chunk, context) => {
    const { topic, partition } = chunk;
    const ends = chunk.records.flatMap(({ headers, offset }) => {
      const parent = readTraceParent(headers['traceparent']);
      if (parent === undefined) return [];
      const attributes = {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': String(partition),
        'messaging.kafka.offset': offset,
        'messaging.consumer.group.name': group,
      };
      return [beginSpan(`process ${topic}`, { parent, kind: 'consumer', attributes })];
    });
    const end = (failure?: unknown): void => {
      for (const each of ends)
        each(failure instanceof Error ? failure.name : failure === undefined ? undefined : 'unknown');
    };
    try {
      const handled = await handle(chunk, context);
      handled.done.then(() => {
        end();
      }, end);
      return handled;
    } catch (error) {
      end(error);
      throw error;
    }
  };
}
