import { isClosedHost } from '@switchboard/public-addresses';
import type { MayBeCalled } from '../../use-cases/bots/ports.js';

/** By the host alone, before its name is looked up: names are looked at when they are called. */
export const mayBeCalled =
  (allowsPrivate: boolean): MayBeCalled =>
  (host) =>
    allowsPrivate || !isClosedHost(host);
