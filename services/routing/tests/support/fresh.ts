/** Ids that no other test has, also where a store outlives a test. */

let made = 0;

export const fresh = (label: string): string => `${label}-${process.pid}-${(made += 1)}`;

export const newNumber = (): string => `${process.pid}000${(made += 1)}`;
