import { defineConfig } from './config.ts';

/** Where mails go, and what they say of where the cell is: rows that the tables of services that send mails include. */
export const mailSettings = defineConfig({
  DRIFTBOX_PUBLIC_URL: { type: 'string', optional: true, description: 'Where people reach the cell, for links in mails' },
  DRIFTBOX_MAIL_FROM: { type: 'string', default: 'DriftBox <noreply@localhost>', description: 'Sender of mails' },
  DRIFTBOX_MAIL_FOLDER: {
    type: 'string',
    optional: true,
    description: 'Folder that mails are written to while there is no mail server',
  },
  DRIFTBOX_SMTP_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Mail server, for example smtps://user:password@mail.example.com',
  },
});
