import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server that keeps what it gets. */
export async function startMailbox() {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, callback) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        // Quoted-printable breaks long lines.
        mails.push(Buffer.concat(parts).toString().replaceAll('=\r\n', ''));
        callback();
      });
    },
  });
  const inner = server.listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const url = `smtp://127.0.0.1:${(inner.address() as AddressInfo).port}`;
  return {
    env: { SMTP_URL: url, MAIL_FROM: 'Switchboard <billing@example.com>' },
    mails,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}
