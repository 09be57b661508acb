import { type Written } from '@switchboard/aggregates';
import { type PreferenceNews } from '../domain/preferences.js';
import { errorOf, type Message, type Unwritten } from '../domain/message.js';
import { type Preferences } from './preference-ports.js';

export type NoteStops = ReturnType<typeof createNoteStops>;

/** Meta: the customer has stopped marketing of this business. */
const STOPPED = 131_050;

/** Whoever Meta says has stopped marketing gets none any more, though no webhook told of it. */
export function createNoteStops({ preferences }: { preferences: Preferences }) {
  return async function noteStops(written: readonly Written<Message | Unwritten>[]): Promise<void> {
    const stops = written.flatMap(({ state }) => (state.state === undefined ? [] : stopsIn(state)));
    if (stops.length > 0) await preferences.note(stops);
  };
}

const stopsIn = ({ number, recipient, attempts }: Message): PreferenceNews[] =>
  attempts.flatMap((attempt) => {
    if (errorOf(attempt)?.code !== STOPPED) return [];
    const at = attempt.answeredAt ?? attempt.startedAt;
    return [{ kind: 'marketing', number, recipient, no: true, at } as const];
  });
