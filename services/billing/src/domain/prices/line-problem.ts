/** What is wrong with a line of a card (BL-2). */
export interface LineProblem {
  /** From 1, the header included. */
  readonly line: number;
  readonly column: string;
  /** The rule and the remedy. */
  readonly rule: string;
}
