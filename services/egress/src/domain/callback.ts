/** What rides through Meta with each call and comes back in its statuses (`biz_opaque_callback_data`). */

export interface AttemptId {
  readonly messageId: string;
  readonly attempt: number;
}

export const callbackData = ({ messageId, attempt }: AttemptId): string => `${messageId}:${attempt}`;

/**
 * Split at the last colon, since ids of replies have one themselves. Undefined for what others attached: a reply's id
 * begins with its number, that of any other message is `out-` and a hash.
 */
export function readCallbackData(data: string, number: string): AttemptId | undefined {
  const colon = data.lastIndexOf(':');
  const messageId = data.slice(0, Math.max(colon, 0));
  const attempt = data.slice(colon + 1);
  if (!/^[1-9]\d{0,8}$/.test(attempt)) return undefined;
  const isReply = messageId.startsWith(`${number}.`) && /:\d+$/.test(messageId);
  return isReply || /^out-[0-9a-f]{40}$/.test(messageId) ? { messageId, attempt: Number(attempt) } : undefined;
}

/** The id of a message that is no reply: the same for the same organisation and idempotency key (TX-2). */
export const messageIdOf = (organisation: string, key: string, hash: (text: string) => string): string =>
  `out-${hash(JSON.stringify([organisation, key])).slice(0, 40)}`;

/** Of what was asked for, not of what it was resolved to: a customer may get another address in between. */
export const contentHashOf = (number: string, fingerprint: string, hash: (text: string) => string): string =>
  hash(JSON.stringify([number, fingerprint]));
