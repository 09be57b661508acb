import { Refused } from '../errors.js';
import { type Json, textOf } from '../json.js';
import { type Given, parametersOf } from './parameters.js';
import { fill } from './variables.js';

/** What a message may give for a kind of button, and with which type of parameter. */
const uses: Readonly<Record<string, { readonly subType: string; readonly parameter: string }>> = {
  QUICK_REPLY: { subType: 'quick_reply', parameter: 'payload' },
  URL: { subType: 'url', parameter: 'text' },
  COPY_CODE: { subType: 'copy_code', parameter: 'coupon_code' },
  FLOW: { subType: 'flow', parameter: 'action' },
  CATALOG: { subType: 'catalog', parameter: 'action' },
  MPM: { subType: 'mpm', parameter: 'action' },
  SPM: { subType: 'spm', parameter: 'action' },
  VOICE_CALL: { subType: 'voice_call', parameter: 'payload' },
  ORDER_DETAILS: { subType: 'order_details', parameter: 'action' },
};

const needsParameter = (button: Json): boolean =>
  button['type'] === 'COPY_CODE' ||
  button['type'] === 'MPM' ||
  button['type'] === 'ORDER_DETAILS' ||
  (button['type'] === 'URL' && textOf(button['url']).includes('{{'));

/** @throws Refused 131008 for what is missing, 132012 for another kind, 132018 for what the template has no place for */
export function checkButtonUse(buttons: readonly Json[], given: readonly Given[]): void {
  for (const each of given) {
    const button = each.index === undefined ? undefined : buttons[each.index];
    if (!button) throw new Refused(132018, { details: `buttons: there is no button at index ${String(each.index)}` });
    checkKind(button, each);
  }
  buttons.forEach((button, index) => {
    const its = given.find((each) => each.index === index);
    if (needsParameter(button) && parametersOf(its).length === 0) {
      const type = textOf(button['type']);
      throw new Refused(131008, { details: `buttons: Button at index ${index} of type ${type} requires a parameter` });
    }
  });
}

function checkKind(button: Json, given: Given): void {
  const type = textOf(button['type']);
  const use = uses[type];
  if (use?.subType !== given.subType) {
    throw new Refused(132012, {
      details: `buttons: Format mismatch at index ${String(given.index)}, expected ${type}, received ${given.subType.toUpperCase()}`,
    });
  }
  const [parameter] = given.parameters;
  if (!parameter) return;
  if (type === 'URL' && !needsParameter(button)) {
    throw new Refused(132018, { details: `buttons: Button at index ${String(given.index)} does not take a parameter` });
  }
  const received = textOf(parameter['type']).toLowerCase();
  if (received !== use.parameter) {
    throw new Refused(132012, {
      details: `buttons: Format mismatch at index ${String(given.index)}, expected ${use.parameter}, received ${received}`,
    });
  }
  if (type !== 'URL') return;
  const text = textOf(parameter['text']);
  if (text === '') throw new Refused(131008, { details: 'buttons: Parameter of type text is missing text value' });
  if (fill(textOf(button['url']), new Map([['1', text]])).length > 2000) {
    throw new Refused(132005, { details: 'buttons: the address is too long' });
  }
}
