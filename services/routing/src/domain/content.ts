import type { Content } from './thread.js';

/** What the brand's settings say, as the contracts have it: a text. */
export const textContent = (body: string): Content => ({ kind: { $case: 'text', value: { body } } });

/** A list to choose from. */
export const choiceContent = (
  body: string,
  button: string,
  choices: readonly { readonly id: string; readonly title: string }[],
): Content => ({ kind: { $case: 'choiceList', value: { body, button, choices } } });
