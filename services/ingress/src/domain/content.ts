import type { ContactCard, Content, ContentKind, Context, MessageReceived, MetaError, Referral } from './events.js';
import { bytes, flag, int32, isRecord, type Json, list, number, optionalText, record, text } from './json.js';
import { party, partyAt } from './party.js';

const mediaKinds = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** What an item says, by its `type`; unknown kinds are named and left to the raw item. */
export function contentOf(item: Json): Content {
  const type = text(item['type']);
  return { kind: kindOf(type, item[type], item) };
}

/** The same event with what was read of it left to the raw item. */
export function withoutContent(event: MessageReceived): MessageReceived {
  const kind = event.content?.kind;
  const type = kind?.$case === 'unknown' ? kind.value.type : (kind?.$case ?? '');
  const content: Content = { kind: { $case: 'unknown', value: { type } } };
  return { ...event, content, context: undefined, referral: undefined, errors: [] };
}

/** What a message says since it was changed. An edit of an edit is none. */
function editedContentOf(message: unknown): Content | undefined {
  if (!isRecord(message)) return undefined;
  return message['type'] === 'edit' ? { kind: { $case: 'unknown', value: { type: 'edit' } } } : contentOf(message);
}

function kindOf(type: string, value: unknown, item: Json): ContentKind {
  const at = record(value);
  if (mediaKinds.has(type)) return media(type, at);
  switch (type) {
    case 'text':
      return { $case: 'text', value: { body: text(at['body']) } };
    case 'location':
      return {
        $case: 'location',
        value: {
          latitude: number(at['latitude']),
          longitude: number(at['longitude']),
          name: optionalText(at['name']),
          address: optionalText(at['address']),
          url: optionalText(at['url']),
        },
      };
    case 'contacts':
      return { $case: 'contacts', value: { cards: list(value).map((card) => contactCard(record(card), item)) } };
    case 'interactive':
      return interactiveReply(at);
    case 'button':
      return { $case: 'templateReply', value: { payload: text(at['payload']), text: text(at['text']) } };
    case 'reaction':
      return { $case: 'reaction', value: { messageId: text(at['message_id']), emoji: text(at['emoji']) } };
    case 'order':
      return order(at);
    case 'system':
      return system(at);
    case 'edit':
      return {
        $case: 'edit',
        value: {
          originalMessageId: text(at['original_message_id']),
          content: editedContentOf(at['message']),
        },
      };
    case 'revoke':
      return { $case: 'revocation', value: { originalMessageId: text(at['original_message_id']) } };
    case 'request_welcome':
      return { $case: 'welcome', value: {} };
    case 'media_placeholder':
      return media('', at, true);
    case 'unsupported':
      return { $case: 'unsupported', value: { type: text(at['type']) } };
    default:
      return { $case: 'unknown', value: { type } };
  }
}

const media = (kind: string, at: Json, placeholder = false): ContentKind => ({
  $case: 'media',
  value: {
    kind,
    mediaId: text(at['id']),
    mimeType: text(at['mime_type']),
    sha256: text(at['sha256']),
    url: optionalText(at['url']),
    caption: optionalText(at['caption']),
    filename: optionalText(at['filename']),
    voice: flag(at['voice']),
    animated: flag(at['animated']),
    placeholder,
  },
});

function contactCard(card: Json, item: Json): ContactCard {
  return {
    formattedName: text(record(card['name'])['formatted_name']),
    phones: list(card['phones'])
      .map(record)
      .map((each) => ({ phone: text(each['phone']), waId: optionalText(each['wa_id']), type: text(each['type']) })),
    // Older documentation had it one level higher.
    origin: text(card['origin']) || text(item['origin']),
    raw: bytes(card),
  };
}

function interactiveReply(at: Json): ContentKind {
  const type = text(at['type']);
  const reply = record(at[type]);
  return {
    $case: 'interactiveReply',
    value: {
      type,
      id: text(reply['id']),
      title: text(reply['title']) || text(reply['body']),
      description: optionalText(reply['description']),
      responseJson: optionalText(reply['response_json']),
      name: optionalText(reply['name']),
    },
  };
}

const order = (at: Json): ContentKind => ({
  $case: 'order',
  value: {
    catalogId: text(at['catalog_id']),
    text: text(at['text']),
    items: list(at['product_items'])
      .map(record)
      .map((line) => ({
        productRetailerId: text(line['product_retailer_id']),
        quantity: text(line['quantity']),
        itemPrice: text(line['item_price']),
        currency: text(line['currency']),
      })),
  },
});

const system = (at: Json): ContentKind => ({
  $case: 'system',
  value: {
    type: text(at['type']),
    body: text(at['body']),
    phone: optionalText(at['wa_id']) ?? optionalText(at['new_wa_id']),
    userId: optionalText(at['user_id']),
    previousUserId: optionalText(at['previous_user_id']),
    parentUserId: optionalText(at['parent_user_id']),
    previousParentUserId: optionalText(at['previous_parent_user_id']),
  },
});

/** What a message refers to; undefined when it refers to nothing. */
export function contextOf(value: unknown): Context | undefined {
  if (!isRecord(value)) return undefined;
  const product = record(value['referred_product']);
  return {
    messageId: optionalText(value['id']) ?? optionalText(value['message_id']),
    from: party(partyAt(value, 'from', 'from_user_id', 'from_parent_user_id')),
    forwarded: flag(value['forwarded']),
    frequentlyForwarded: flag(value['frequently_forwarded']),
    catalogId: optionalText(product['catalog_id']),
    productRetailerId: optionalText(product['product_retailer_id']),
  };
}

/** The advertisement a person came from; undefined when they came from none. */
export function referralOf(value: unknown): Referral | undefined {
  if (!isRecord(value)) return undefined;
  return {
    sourceType: text(value['source_type']),
    sourceId: text(value['source_id']),
    sourceUrl: text(value['source_url']),
    headline: text(value['headline']),
    body: text(value['body']),
    ctwaClid: optionalText(value['ctwa_clid']),
    mediaType: text(value['media_type']),
    mediaUrl: text(value['image_url']) || text(value['video_url']) || text(value['thumbnail_url']),
  };
}

/** Errors of an item. */
export function errorsOf(value: unknown): MetaError[] {
  return list(value)
    .map(record)
    .map((error) => ({
      code: int32(error['code']),
      title: text(error['title']),
      message: text(error['message']),
      details: text(record(error['error_data'])['details']) || text(error['details']),
      href: text(error['href']),
    }));
}
