import { Failure } from '@switchboard/errors';
import { createTransport } from 'nodemailer';
import { type Mailer } from '../../use-cases/payments/ports.js';

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps:`. */
  readonly url: string;
  /** For example `Switchboard <billing@example.com>`. */
  readonly from: string;
}

const TIMEOUT_MS = 10_000;

/** Mail over SMTP. */
export function createMailer({ url, from }: MailSettings): Mailer & { readonly close: () => void } {
  const address = new URL(url);
  const transport = createTransport({
    host: address.hostname,
    port: Number(address.port || (address.protocol === 'smtps:' ? 465 : 587)),
    secure: address.protocol === 'smtps:',
    ...(address.username !== '' && {
      auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) },
    }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'switchboard.invalid';
  return {
    async send({ id, to, subject, text }) {
      try {
        const messageId = `<${id.replaceAll(/[^\w.-]/g, '.')}@${domain}>`;
        await transport.sendMail({ from, to: [...to], subject, text, messageId });
      } catch (error) {
        throw new Failure('unavailable', 'billing.mail-away', 'the mail server took no notice', {
          cause: error,
          retryAfterMs: 5_000,
        });
      }
    },
    close: () => {
      transport.close();
    },
  };
}
