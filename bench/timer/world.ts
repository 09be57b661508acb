import { timerCommands } from '@switchboard/contracts/topics';
import { eventRecord, type OutgoingRecord, partitionOf, type Producer } from '@switchboard/kafka';
import { type Connection, type mongo } from 'mongoose';
import { type Subject } from '../harness.ts';
import { PARTITIONS } from '../infrastructure.ts';

export const OWNER = 'bench';

/** As the service keeps them. */
export interface TimerRow {
  readonly _id: string;
  readonly s: number;
  readonly ix: Date;
  readonly due: Date;
  readonly v: number;
  readonly ep: number;
  readonly f: string;
  readonly p: Uint8Array;
  readonly h: null;
  readonly x: false;
}

/** A key as routing has them: number, connection, customer. */
export const keyOf = (index: number): string => `15550140077.1.c${String(index).padStart(8, '0')}:idle`;
export const idOf = (index: number): string => `${OWNER}/${keyOf(index)}`;
const NUMBER = '15550140077';
const payload = Buffer.from('chat:17');

export function armed(index: number, version: number, due: number, topic = timerCommands.name): OutgoingRecord {
  const key = keyOf(index);
  const value = {
    owner: OWNER,
    timerKey: key,
    version: BigInt(version),
    command: { $case: 'arm' as const, value: { dueAt: new Date(due), firedKey: NUMBER, payload } },
  };
  const about = { key, id: `${OWNER}/${key}:${version}`, time: new Date() };
  return { ...eventRecord(timerCommands, value, about), topic };
}

/** A document as the service would have written it, for very many at once. */
export const row = (index: number, due: number): TimerRow => ({
  _id: idOf(index),
  s: partitionOf(keyOf(index), PARTITIONS),
  ix: new Date(due),
  due: new Date(due),
  v: 1,
  ep: 0,
  f: NUMBER,
  p: payload,
  h: null,
  x: false,
});

/** What the parts of the suite share. */
export interface World {
  readonly start: (name: string, ...more: string[]) => Promise<Subject>;
  readonly producer: Producer;
  readonly connection: Connection;
}

export const rowsOf = (connection: Connection, database: string): mongo.Collection<TimerRow> =>
  connection.useDb(database).collection<TimerRow>('timers');
