import { type Content } from '../domain/content.js';
import { gate, later, type Verdict } from '../domain/gate.js';
import { type Clock, type Numbers, type Windows } from './ports.js';

export interface MessageToCheck {
  /** Whose; undefined = whosever the number is. */
  readonly organisation: string | undefined;
  readonly number: string;
  /** Empty where not known. */
  readonly customer: string;
  /** As the caller knows it. */
  readonly lastInboundAt: Date | undefined;
  readonly content: Content;
}

export type CheckMessage = ReturnType<typeof createCheckMessage>;

/** The gate's verdict without sending (TX-1). */
export function createCheckMessage({ windows, numbers, clock }: { windows: Windows; numbers: Numbers; clock: Clock }) {
  return async function checkMessage(message: MessageToCheck): Promise<Verdict> {
    const { organisation, number, customer, lastInboundAt, content } = message;
    const [seen] = customer === '' ? [] : await windows.lastInbound([{ number, customer }]);
    return gate(
      { number: numbers.view(number), lastInboundAt: later(lastInboundAt, seen), now: clock.now() },
      { organisation, content },
    );
  };
}
