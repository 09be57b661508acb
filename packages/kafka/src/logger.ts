import { logLevel, type logCreator } from 'kafkajs';

/** What this package needs of a logger; pino is one. */
export interface Logger {
  readonly debug: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

const ignore = () => undefined;

export const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * kafkajs calls an error what it is about to try again. Here an error means that somebody must act, so what it says
 * is taken one level down; what is final reaches us as a rejection or a crash and is logged by us.
 */
export function kafkajsLog(logger: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, ...fields } }) => {
      const about = { ...fields, namespace, timestamp: undefined };
      if (level === logLevel.ERROR) logger.warn(about, message);
      else logger.debug(about, message);
    };
}
