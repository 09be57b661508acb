import type { Manner, Target } from '../flow/settings.js';

/** A chat that waits for a person, as its thread asked. */
export interface Want {
  readonly brandId: string;
  /** Who answers. */
  readonly departmentId: string;
  readonly target: Pick<Target, 'kind' | 'operatorIds'>;
  readonly manner: Manner;
  /** How long one who is asked alone may take. */
  readonly offerTimeoutMs: number;
  /** Who served the customer last; empty = nobody. */
  readonly lastOperatorId: string;
  /** Who is not asked, for example because they just gave it away. */
  readonly exceptIds: readonly string[];
  /** Chats that operators without a limit of their own may have. */
  readonly concurrentLimit: number;
  readonly since: Date;
  /** The line it stands in: chats that the same operators can take. */
  readonly line: string;
}

/**
 * What a thread last said to the desk (`deskCount`, `want`). It stands in the thread, so that the desk can look up who waits, and can tell a
 * repetition from something new: only the thread knows what became of a chat that the desk has forgotten.
 */
export interface Ask {
  /**
   * 1, 2, 3 … within the thread, raised whenever its chat begins to wait, is held or is released. An offer
   * carries the count of the request it answers: an assignment that answers an earlier one is released by that count.
   */
  readonly count: number;
  readonly chatId: string;
  /** Null = it does not wait for a person. */
  readonly want: Want | null;
}

/** How a thread stands, as far as its desk is concerned. */
export interface Standing extends Ask {
  /** False = the chat is completed. */
  readonly isOpen: boolean;
  /** Who has it; empty = nobody. */
  readonly operatorId: string;
}

/** A want with what names it. */
export interface Waiting {
  readonly chatId: string;
  readonly count: number;
  readonly want: Want;
}

/**
 * Chats that different operators answer do not stand in one line: those that nobody can take now would hide those behind
 * them. Empty = nobody is asked, and the chat stands in no line.
 */
export function lineOf(departmentId: string, target: Want['target']): string {
  switch (target.kind) {
    case 'nobody':
      return '';
    case 'operators':
      return `${departmentId}~${hash([...target.operatorIds].sort().join(' '))}`;
    case 'everyone':
    case 'last-operator':
    case 'lead-owner':
      return `${departmentId}~all`;
  }
}

export const wantOf = (want: Omit<Want, 'line'>): Want => ({ ...want, line: lineOf(want.departmentId, want.target) });

/** FNV-1a: two sets of operators that meet in one line by accident only share its length. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (value >>> 0).toString(36);
}
