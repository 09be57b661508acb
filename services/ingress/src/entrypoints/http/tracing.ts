import { randomBytes } from 'node:crypto';
import { isTracing, readTraceParent, traceParent, withSpan } from '@switchboard/service-kit';

/** Does work inside the trace that a request belongs to, told as the header `traceparent`. */
export type InTrace = <T>(header: unknown, work: (parent: string) => Promise<T>) => Promise<T>;

/**
 * A trace begins at the webhook, unless a gateway before us began it. Where no traces are collected it has an id all the
 * same, so that what follows from a body can be found together; a span that goes nowhere is not made.
 */
export function createTracing(): InTrace {
  const newTraceParent = createTraceParents();
  return (header, work) => {
    const given = readTraceParent(header);
    if (!isTracing()) return work(given ?? newTraceParent());
    return withSpan('webhook', { kind: 'server', parent: given }, () =>
      work(traceParent() ?? given ?? newTraceParent()),
    );
  };
}

const IDS_AT_ONCE = 256;
const ID_BYTES = 24;

/** Contexts of our own. Randomness is drawn for many at once: drawing costs more than everything else here. */
function createTraceParents(): () => string {
  let drawn = '';
  let at = 0;
  return () => {
    if (at >= drawn.length) [drawn, at] = [randomBytes(ID_BYTES * IDS_AT_ONCE).toString('hex'), 0];
    const [trace, span] = [drawn.slice(at, at + 32), drawn.slice(at + 32, at + 48)];
    at += ID_BYTES * 2;
    return `00-${trace}-${span}-01`;
  };
}
