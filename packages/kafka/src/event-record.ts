import { type Topic } from '@switchboard/contracts/topics';
import { type OutgoingRecord } from './record.js';

/** What is said of an event beside its value. */
export interface EventAbout {
  /** The record key; which one a topic takes is written next to it in the contracts. */
  readonly key: string;
  /** Derived from what happened, never random: a repeated event has the id it had. */
  readonly id: string;
  /** When it happened. */
  readonly time: Date;
  readonly org?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** An event that is encoded already, as aggregates keep it. */
export interface EncodedEvent {
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly id: string;
  readonly time: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** The record of an event, with the headers every event carries. */
export function eventRecord<T>(
  topic: Pick<Topic<T>, 'name' | 'type' | 'encode'>,
  value: T,
  { key, id, time, org, traceparent }: EventAbout,
): OutgoingRecord {
  const headers = { ...(org !== undefined && { org }), ...(traceparent !== undefined && { traceparent }) };
  return encodedRecord({ topic: topic.name, key, type: topic.type, id, time, headers, value: topic.encode(value) });
}

/** The record of an encoded event. Its own timestamp is when it is sent, never the event's time. */
export function encodedRecord({ topic, key, type, id, time, headers, value }: EncodedEvent): OutgoingRecord {
  return { topic, key, value, headers: { ...headers, id, type, time: time.toISOString() } };
}
