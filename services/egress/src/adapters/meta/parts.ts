/** Parts that several kinds of messages have. */
import { type Location } from '../../domain/content/location.js';
import { type Media } from '../../domain/content/media.js';

export type Json = Readonly<Record<string, unknown>>;

/** A file of ours has got its id at Meta by now. */
export const mediaToBody = ({ mediaId, link, caption, filename, voice }: Media): Json => ({
  ...(mediaId !== undefined ? { id: mediaId } : { link }),
  ...(caption !== undefined && { caption }),
  ...(filename !== undefined && { filename }),
  ...(voice && { voice }),
});

export const locationToBody = ({ latitude, longitude, name, address }: Location): Json => ({
  latitude,
  longitude,
  ...(name !== undefined && { name }),
  ...(address !== undefined && { address }),
});
