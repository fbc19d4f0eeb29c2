/** A message to one person: plain text always, HTML beside it where there is some. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  /** More headers, such as `List-Unsubscribe` (RFC 2369); values are encoded, and cannot begin another header. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** Hands mails over for delivery. */
export type Mailer = {
  /** Resolves once the mail is handed over; throws when it was not. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
};
