/**
 * The rules that can be switched off, by number (README). Only the simulation does, to show that it would notice.
 * In production the set is empty.
 */
export type RuntimeMutation =
  | '1 losers are skipped'
  | '2 old entries are dropped unseen'
  | '3 dropped inputs are silent'
  | '4 src without the partition'
  | '5 done before published'
  | '6 only own new entries are published'
  | '6 a failed send is passed'
  | '8 nothing is swept'
  | '11 holes are not kept'
  | '14 not read again after the send'
  | '14 no full publication at takeover'
  | '17 out is unbounded'
  | '18 sends are not cut'
  | '19 wiped once'
  | '20 steps out of order'
  | '21 a time-out is taken for success';

export type Mutations = ReadonlySet<RuntimeMutation>;

export const noMutations: Mutations = new Set();
