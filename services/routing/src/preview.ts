/** What lists show of a message, for entry points and adapters alike. */
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';

/** What it says, or in brackets what kind it is. */
export function previewOfContent(content: Content | undefined): string {
  const kind = content?.kind;
  switch (kind?.$case) {
    case 'text':
      return cut(kind.value.body);
    case 'media':
      return or(kind.value.caption, kind.value.kind || 'media');
    case 'interactiveReply':
      return cut(kind.value.title);
    case 'templateReply':
      return cut(kind.value.text);
    case 'location':
      return or(kind.value.name, 'location');
    case 'order':
      return or(kind.value.text, 'order');
    case 'interactive':
      return or(kind.value.body, 'interactive');
    case 'reaction':
      return kind.value.emoji || '[reaction]';
    case 'template':
      return cut(`[template ${kind.value.name}]`);
    default:
      return `[${kind?.$case ?? 'message'}]`;
  }
}

/** In contracts an empty text and none are the same. */
const or = (text = '', what: string): string => cut(text === '' ? `[${what}]` : text);

const cut = (text: string): string => Array.from(text).slice(0, 200).join('');
