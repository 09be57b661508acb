import { type Content } from '../content.js';
import { type Refusal } from './refusal.js';

export const MAX_TEXT_LENGTH = 4_096;
const MAX_CHOICES = 10;

export function refusedByContent(content: Content): Refusal | undefined {
  switch (content.kind) {
    case 'text':
      if (content.text.trim() === '') return empty;
      return content.text.length > MAX_TEXT_LENGTH ? tooLong : undefined;
    case 'list':
      return content.choices.length >= 1 && content.choices.length <= MAX_CHOICES ? undefined : wrongList;
    case 'template':
      return undefined;
    case 'unsupported':
      return unsupported;
  }
}

const unsupported: Refusal = {
  code: 'egress.content-unsupported',
  reason: 'messages of this kind cannot be sent yet',
  remedy: 'send text, a template or a list',
  field: 'content',
};

const wrongList: Refusal = {
  code: 'egress.list-wrong',
  reason: `a list has 1 to ${MAX_CHOICES} choices`,
  remedy: 'offer as many as that',
  field: 'content',
};

const empty: Refusal = {
  code: 'egress.text-empty',
  reason: 'the text is empty',
  remedy: `write 1 to ${MAX_TEXT_LENGTH} characters`,
  field: 'content.text.body',
};

const tooLong: Refusal = {
  code: 'egress.text-too-long',
  reason: `the text is longer than ${MAX_TEXT_LENGTH} characters`,
  remedy: 'shorten it, or send it in parts',
  field: 'content.text.body',
};
