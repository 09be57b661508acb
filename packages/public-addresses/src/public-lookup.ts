import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './is-public-address.js';

/** A name led to an address that is not of the public internet. */
export class ClosedHost extends Error {
  override readonly name = 'ClosedHost';
  readonly host: string;

  constructor(host: string) {
    super(host);
    this.host = host;
  }
}

/**
 * Looks a name up for a connection that is about to be made, so that no name can lead to a closed address, whatever it
 * said when it was looked at before. All addresses of a name have to be public: one that is not would be tried when the
 * others do not answer. Goes to an undici `Agent` as `connect.lookup`; addresses need no look-up, so ask `isClosedHost` too.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    // With an error there are none, whatever the types say.
    const [first] = error ? [] : addresses;
    if (error || !first) {
      callback(error ?? new Error(`${hostname} has no address`), '', 0);
    } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new ClosedHost(hostname), '', 0);
    } else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** The closed host that an error of a client is about, from wherever it sits in the chain of causes. */
export function closedHostOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ClosedHost) return at.host;
  return undefined;
}
