import { MessageKind, type MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import { fileKinds } from '../../domain/media/formats.js';
import { type InboundMedia } from '../../use-cases/media/expect-inbound.js';

/** The file of an item; undefined where it has none, or only the place of one. */
export function readInboundMedia(event: MessageReceived, partition: number): InboundMedia | undefined {
  const { content, kind, phoneNumberId: number, sentAt } = event;
  if (kind === MessageKind.MESSAGE_KIND_STANDBY || content?.kind?.$case !== 'media') return undefined;
  const { mediaId, kind: said, mimeType, sha256, filename = '', placeholder } = content.kind.value;
  const known = fileKinds.find((each) => each === said);
  if (mediaId === '' || placeholder || !known) return undefined;
  return { number, mediaId, partition, kind: known, mimeType, filename, sha256, sentAt };
}
