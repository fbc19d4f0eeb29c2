import nodemailer from 'nodemailer';
import type { Mailer } from './mailer.ts';
import { messageOf } from './message.ts';

/** Sends by SMTP, over at most two connections. `url` is `smtp://` (STARTTLS where offered) or `smtps://user:password@host:port`. */
export function createSmtpMailer(url: string, from: string): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      await transport.sendMail(messageOf(from, mail));
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}
