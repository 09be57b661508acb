import { type Project } from '@switchboard/aggregates';
import { type Thread } from '../../../src/domain/thread.js';
import { type ChatRows, type Transcript } from '../../../src/use-cases/ports.js';

/** What is shown of threads, with the projection that fills it. */
export interface Projected {
  readonly project: Project<Thread>;
  readonly transcript: Transcript;
  readonly chatRows: ChatRows;
}
