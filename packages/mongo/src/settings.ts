export interface MongoSettings {
  readonly url: string;
  /** Used instead of the one in the address, where it is given. */
  readonly database?: string;
}

/** Reads `MONGO_URL` and `MONGO_DATABASE`. Throws when the address is none. */
export function readMongoSettings(env: NodeJS.ProcessEnv): MongoSettings {
  const { MONGO_URL: url = '', MONGO_DATABASE: database } = env;
  if (!/^mongodb(\+srv)?:\/\//.test(url)) {
    throw new Error('invalid configuration\nMONGO_URL must begin with mongodb:// or mongodb+srv://');
  }
  return { url, ...(database && { database }) };
}
