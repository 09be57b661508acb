import { type Content, contentProblems, sendableKinds } from '../content.js';
import { type Refusal } from './refusal.js';

/** The first thing that is wrong with it. */
export function refusedByContent(content: Content): Refusal | undefined {
  if (content.kind === 'unsupported') return unsupported(content.of);
  const [first] = contentProblems(content);
  return (
    first && {
      code: 'egress.content-invalid',
      reason: `${first.field} ${first.rule}`,
      remedy: first.remedy,
      field: first.field,
    }
  );
}

const unsupported = (kind: string): Refusal => ({
  code: 'egress.content-unsupported',
  reason: kind === '' ? 'the message says nothing' : `${kind} cannot be sent: it comes from customers alone`,
  remedy: `send ${sendableKinds.slice(0, -1).join(', ')} or ${sendableKinds.at(-1) ?? ''}`,
  field: 'content',
});
