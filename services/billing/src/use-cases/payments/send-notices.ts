import { decimalOf, type Micros } from '../../domain/money.js';
import { type Wallets } from '../ports.js';
import { type Mailer } from './ports.js';

/** What people are told of a wallet. */
export type Notice =
  | { readonly kind: 'low'; readonly available: Micros; readonly mark: Micros }
  | { readonly kind: 'empty' }
  | { readonly kind: 'budget-spent'; readonly brand: string; readonly budget: Micros; readonly month: string }
  | { readonly kind: 'recharge-failed'; readonly reason: string }
  | { readonly kind: 'recharge-limit' };

/** Writes to those whom the wallet names (BL-9). `id` is of the event, so that a repeated notice is known as such. */
export function createSendNotice({ wallets, mailer }: { wallets: Pick<Wallets, 'read'>; mailer: Mailer | undefined }) {
  return async function sendNotice(walletId: string, id: string, notice: Notice): Promise<boolean> {
    const found = await wallets.read(walletId);
    const to = found?.state.noticeEmails ?? [];
    if (!found || !mailer || to.length === 0) return false;
    const { subject, lines } = wordsOf(found.state.name, notice);
    const text = [...lines, '', `Wallet: ${found.state.name} (${walletId})`, ''].join('\n');
    await mailer.send({ id, to, subject, text });
    return true;
  };
}

export type SendNotice = ReturnType<typeof createSendNotice>;

const usd = (micros: Micros): string => `${decimalOf(micros).replace(/(\.\d\d)0{4}$/, '$1')} USD`;

function wordsOf(name: string, notice: Notice): { readonly subject: string; readonly lines: readonly string[] } {
  switch (notice.kind) {
    case 'low':
      return {
        subject: `Credits of ${name} are running low`,
        lines: [
          `${usd(notice.available)} can still be spent, less than the mark of ${usd(notice.mark)}.`,
          'Buy credits before they are used up: messages that cost are refused without them. What is free goes on.',
        ],
      };
    case 'empty':
      return {
        subject: `Credits of ${name} are used up`,
        lines: ['Messages that cost are refused until credits are bought. Receiving, and what is free, go on.'],
      };
    case 'budget-spent':
      return {
        subject: `Budget of ${notice.brand} for ${notice.month} is spent`,
        lines: [
          `The brand has spent its budget of ${usd(notice.budget)}.`,
          'Its messages that cost are refused until next month, or until the budget is raised.',
        ],
      };
    case 'recharge-failed':
      return {
        subject: `Credits of ${name} could not be bought`,
        lines: [
          `The wallet is low and tried to buy by itself. The provider said: ${notice.reason}`,
          'Mend the means of payment, then buy credits.',
        ],
      };
    case 'recharge-limit':
      return {
        subject: `Credits of ${name} are low, and were bought as often as may be this month`,
        lines: ['Raise max_per_month of its recharge, or buy credits.'],
      };
  }
}
