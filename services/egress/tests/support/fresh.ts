let made = 0;
/** A name that no other test has. */
export const fresh = (label: string): string => `${label}${(made += 1)}`;

export const at = (second: number): Date => new Date(Date.UTC(2026, 10, 2, 10, 0, second));
