import { type Refusal } from './refusal.js';

/** What egress knows of a number. */
export interface NumberView {
  readonly organisation: string;
  /** Raised with every change; the token of Meta belongs to it. */
  readonly version: number;
  readonly sending: 'allowed' | 'not-connected' | 'no-token' | 'stopped';
  /** Its WhatsApp Business Account: templates belong to it. */
  readonly waba: string;
  /** Why Meta has stopped it, where account knows. */
  readonly stop?: { readonly code: string; readonly reason: string; readonly remedy: string };
}

export function refusedByNumber(number: NumberView | undefined, organisation: string | undefined): Refusal | undefined {
  const isTheirs = number && (organisation === undefined || organisation === number.organisation);
  if (!isTheirs || number.sending === 'not-connected') return notConnected;
  if (number.sending === 'allowed') return undefined;
  return number.sending === 'no-token' ? withoutToken : stopped(number);
}

/** It may go once the number has a token again: a message that was accepted waits for that. */
export const isMendable = ({ code }: Refusal): boolean => code === withoutToken.code;

const notConnected: Refusal = {
  code: 'egress.number-not-connected',
  reason: 'the number is not connected to this organisation',
  remedy: 'connect the number to a brand of the organisation, then send again',
};

export const withoutToken: Refusal = {
  code: 'egress.number-without-token',
  reason: 'no valid token of Meta is known for the number',
  remedy: 'connect the WhatsApp account again',
};

const stopped = ({ stop }: NumberView): Refusal => ({
  code: 'egress.number-stopped',
  reason: stop ? `Meta has stopped the number: ${stop.reason} (${stop.code})` : 'the number may not send at present',
  remedy: stop?.remedy
    ? `${stop.remedy}; then send again`
    : "look at the number's health for the cause, mend it, then send again",
});
