import { randomUUID } from 'node:crypto';

const shape = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A W3C trace context from outside; undefined when it is none. */
export const readTraceParent = (header: unknown): string | undefined =>
  typeof header === 'string' && shape.test(header) ? header : undefined;

/**
 * One of our own, so that what follows from a body can be found together even where no traces are collected. Made of
 * UUIDs because Node draws the randomness of many at once, and this is asked for at every request.
 */
export function newTraceParent(): string {
  const [trace, span] = [randomUUID().replaceAll('-', ''), randomUUID().replaceAll('-', '')];
  return `00-${trace}-${span.slice(16)}-01`;
}
