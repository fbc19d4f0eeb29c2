import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { RunningComponent } from '../component.ts';

/** A mail as it came in. */
export type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly message: string };

/** An SMTP server that takes every mail and keeps it. */
export type SmtpSink = RunningComponent & { readonly mails: readonly ReceivedMail[] };

/** The newest that are kept. */
const maxMails = 1_000;

/** Starts the sink inside this process; in `folder` it also keeps them as files, for people. It wants no password and offers no TLS. */
export async function startSmtpSink(folder?: string): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  let count = 0;
  const keep = async (mail: ReceivedMail): Promise<void> => {
    mails.push(mail);
    if (mails.length > maxMails) mails.shift();
    if (folder !== undefined) await writeFile(path.join(folder, `${count++ % maxMails}.eml`), mail.message, { mode: 0o600 });
  };
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, answer) => {
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      text(stream)
        .then((message) => keep({ from, to: rcptTo.map(({ address }) => address), message }))
        .then(
          () => answer(),
          (error: Error) => answer(error),
        );
    },
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const stop = (): Promise<void> => new Promise((resolve) => server.close(resolve));
  const addresses = { url: `smtp://127.0.0.1:${port}`, ...(folder === undefined ? {} : { mails: folder }) };
  return { mails, addresses, pids: [], logFiles: [], stop };
}
