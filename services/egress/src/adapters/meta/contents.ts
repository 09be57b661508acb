/** What a message says, as Meta documents it: `type` and the object of that name. */
import { type Sendable } from '../../domain/content.js';
import { type ContactCard } from '../../domain/content/contacts.js';
import { interactiveToBody } from './interactive.js';
import { type Json, locationToBody, mediaToBody } from './parts.js';
import { templateToBody } from './template.js';

export function contentToBody(content: Sendable): Json {
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: { body: content.text, preview_url: content.previewUrl } };
    case 'media':
      return { type: content.media.kind, [content.media.kind]: mediaToBody(content.media) };
    case 'location':
      return { type: 'location', location: locationToBody(content.location) };
    case 'contacts':
      return { type: 'contacts', contacts: content.cards.map(cardToBody) };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: content.messageId, emoji: content.emoji } };
    case 'interactive':
      return { type: 'interactive', interactive: interactiveToBody(content) };
    case 'template':
      return { type: 'template', template: templateToBody(content) };
  }
}

function cardToBody(card: ContactCard): Json {
  const { formattedName, firstName, lastName, phones, email, organisation, url } = card;
  return {
    name: {
      formatted_name: formattedName,
      ...(firstName !== undefined && { first_name: firstName }),
      ...(lastName !== undefined && { last_name: lastName }),
    },
    ...(phones.length > 0 && {
      phones: phones.map(({ phone, waId, type }) => ({
        phone,
        ...(waId !== undefined && { wa_id: waId }),
        ...(type !== '' && { type }),
      })),
    }),
    ...(email !== undefined && { emails: [{ email }] }),
    ...(organisation !== undefined && { org: { company: organisation } }),
    ...(url !== undefined && { urls: [{ url }] }),
  };
}
