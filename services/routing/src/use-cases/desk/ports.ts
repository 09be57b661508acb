import type { Aggregates } from '@switchboard/aggregates';
import type { Desk } from '../../domain/desk/desk.js';
import type { DeskInput } from '../../domain/desk/desk-inputs.js';
import type { DeskResult } from '../../domain/desk/fold.js';
import type { Ask, Standing, Waiting } from '../../domain/desk/want.js';

export type Desks = Aggregates<Desk, DeskInput, DeskResult>;

/** Chats of a department that wait for a person. */
export interface DepartmentQueue {
  readonly departmentId: string;
  readonly waiting: number;
  /** Since when the first of them waits. */
  readonly oldestSince: Date;
}

/** What threads last said to the desk, wherever they stand in its lines. Reads what a majority has. */
export interface Asks {
  /** Of these threads; none of one that never said anything. */
  readonly of: (threadIds: readonly string[]) => Promise<ReadonlyMap<string, Ask>>;
  /** Those that have stood longest in a line, oldest first. */
  readonly oldest: (organisationId: string, line: string, limit: number) => Promise<readonly Waiting[]>;
  /** Departments in which somebody waits. */
  readonly queues: (organisationId: string) => Promise<readonly DepartmentQueue[]>;
}

/** What a desk is compared with when somebody takes it over. Reads what a majority has. */
export interface DeskIndex {
  /** Organisations that have a desk, or in which a chat waits, in pages; one may be named twice. */
  readonly organisations: () => AsyncIterable<readonly string[]>;
  /** Lines in which somebody waits. */
  readonly lines: (organisationId: string) => Promise<readonly string[]>;
  /** How these threads stand, of those that had a chat. */
  readonly standing: (threadIds: readonly string[]) => Promise<ReadonlyMap<string, Standing>>;
}

/** Asks for a check of these desks, in the chain of each; resolves when every replica in sync has it. */
export type TellChecks = (organisationIds: readonly string[], at: Date) => Promise<void>;

/** How long an operator of these departments is there without a sign of life, in milliseconds. */
export type AwayAfter = (organisationId: string, departmentIds: readonly string[]) => Promise<number>;
