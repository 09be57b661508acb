import { eventually as withinTime } from '@switchboard/testing';

/** Up to a minute: a broker that was killed needs a while until its group works again. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => withinTime(check, { timeoutMs: 60_000 });
