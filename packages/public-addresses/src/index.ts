export { isClosedHost, isPublicAddress } from './is-public-address.js';
export { closedHostOf, ClosedHost, publicLookup } from './public-lookup.js';
