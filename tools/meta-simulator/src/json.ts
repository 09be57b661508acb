/** An object of JSON whose keys nobody promised. */
export type Json = Record<string, unknown>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text, where there is one. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The keys that have a value; Meta leaves a key out rather than writing null. */
export function present<T extends object>(given: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

/** Meta's timestamps: seconds, as a string. */
export const seconds = (ms: number): string => String(Math.floor(ms / 1000));
