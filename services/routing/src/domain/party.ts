/** A person, by whatever Meta told us. */
export interface Party {
  readonly phone?: string | undefined;
  readonly userId?: string | undefined;
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
  readonly profileName?: string | undefined;
}

/** The newer word on each field wins; what is not said stays. */
export function mergeParty(known: Party, news: Party | undefined): Party {
  if (!news) return known;
  const changes = Object.entries(news).filter(
    ([name, value]) => value !== undefined && known[name as keyof Party] !== value,
  );
  return changes.length === 0 ? known : { ...known, ...Object.fromEntries(changes) };
}
