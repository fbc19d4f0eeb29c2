import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { RunningComponent } from '../component.ts';

/** A mail as it came in. */
export type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly message: string };

/** An SMTP server that takes every mail and keeps it. */
export type SmtpSink = RunningComponent & { readonly mails: readonly ReceivedMail[] };

/** The newest that are kept. */
const maxMails = 1_000;

/** Starts the sink inside this process. It wants no password and offers no TLS. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, answer) => {
      text(stream).then(
        (message) => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), message });
          if (mails.length > maxMails) mails.shift();
          answer();
        },
        (error: Error) => answer(error),
      );
    },
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const stop = (): Promise<void> => new Promise((resolve) => server.close(resolve));
  return { mails, addresses: { url: `smtp://127.0.0.1:${port}` }, pids: [], logFiles: [], stop };
}
