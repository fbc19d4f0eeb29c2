import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './mailer.ts';

/**
 * A mail as nodemailer takes it. Nobody is to answer it by a program, and what cannot be delivered comes back to nobody: it says
 * that it was made by one (RFC 3834), and its envelope names no sender, as that RFC wants of whatever is sent without being asked.
 */
export function messageOf(from: string, { to, subject, text, html, headers }: Mail): SendMailOptions {
  return {
    from,
    to,
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    headers: { 'Auto-Submitted': 'auto-generated', ...headers },
    envelope: { from: '', to: [addressOf(to)] },
  };
}

/** The address alone: the envelope takes no names. */
function addressOf(to: string): string {
  return /<([^<>]+)>\s*$/.exec(to)?.[1] ?? to;
}
