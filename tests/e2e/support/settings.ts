/** What a longer run may set. */
export const settings = {
  /** How often owners of timers are killed; each time takes the session of the group, some ten seconds. */
  timerKills: Number(process.env['TIMER_KILLS'] ?? 10),
  /** How often owners of numbers are killed, and the messages that wait meanwhile; each kill takes some twenty seconds. */
  sendingKills: Number(process.env['SENDING_KILLS'] ?? 5),
  sendingBacklog: Number(process.env['SENDING_BACKLOG'] ?? 1_000),
};
