/** A message to one person, in plain text. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

/** Hands mails over for delivery. */
export type Mailer = {
  /** Resolves once the mail is handed over; throws when it was not. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
};
