import type { Content } from './thread.js';

/** What the brand's settings say, as the contracts have it: a text. */
export const textContent = (body: string): Content => ({ kind: { $case: 'text', value: { body } } });

/** A list to choose from. */
export const choiceContent = (
  body: string,
  button: string,
  choices: readonly { readonly id: string; readonly title: string }[],
): Content => {
  const rows = choices.map((choice) => ({ ...choice, description: '' }));
  const action = { $case: 'list', value: { button, sections: [{ title: '', rows }] } };
  return { kind: { $case: 'interactive', value: { body, footer: '', action } } };
};
