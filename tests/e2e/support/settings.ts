/** What a longer run may set. */
export const settings = {
  /** How often owners of timers are killed; each time takes the session of the group, some ten seconds. */
  timerKills: Number(process.env['TIMER_KILLS'] ?? 10),
};
