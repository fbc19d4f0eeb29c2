import { readdir, readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '@driftbox/service-kit';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { SMTPServer } from 'smtp-server';
import { createFileMailer } from './file-mailer.ts';
import { MailQueue } from './mail-queue.ts';
import type { Mail, Mailer } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';
import { invitationMail, resetPasswordMail, verifyEmailMail } from './texts.ts';

const log = createLogger({ service: 'test', level: 'silent' });
const mail = verifyEmailMail('ada@example.com', 'Acmé', 's'.repeat(43), undefined);

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('the folder', () => {
  test('gets one readable file per mail, for its owner only', async () => {
    const target = path.join(folder.path, 'mails');
    const mailer = createFileMailer(target, 'DriftBox <noreply@example.com>');
    await Promise.all([mailer.send(mail), mailer.send(mail)]);
    const names = await readdir(target);
    expect(names).toHaveLength(2);
    const file = path.join(target, names[0] ?? '');
    expect(file).toMatch(/\.eml$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('To: ada@example.com');
    expect(text).toContain('s'.repeat(43));
    await mailer.close();
  });

  test('a subject cannot smuggle headers in', async () => {
    const target = path.join(folder.path, 'smuggled');
    const mailer = createFileMailer(target, 'noreply@example.com');
    await mailer.send(invitationMail('ada@example.com', 'Acme\r\nBcc: all@example.com', 'Eve', 's'.repeat(43), undefined));
    const [name] = await readdir(target);
    const [head] = (await readFile(path.join(target, name ?? ''), 'utf8')).split('\n\n');
    expect(head).not.toMatch(/^Bcc:/m);
  });
});

test('SMTP delivers to a real server', async () => {
  const got: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (piece: Buffer) => (text += piece.toString()));
      stream.once('end', () => {
        got.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mailer = createSmtpMailer(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, 'noreply@example.com');
  await mailer.send(resetPasswordMail('ada@example.com', 'Acme', 's'.repeat(43), 'https://acme.example.com'));
  await mailer.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(got).toHaveLength(1);
  expect(got[0]).toMatch(/^To: ada@example\.com/m);
});

test('SMTP without a server fails', async () => {
  const mailer = createSmtpMailer('smtp://127.0.0.1:1', 'noreply@example.com');
  await expect(mailer.send(mail)).rejects.toThrow();
  await mailer.close();
});

describe('the queue', () => {
  function flaky(failures: number): Mailer & { sent: Mail[]; tries: () => number } {
    const sent: Mail[] = [];
    let tries = 0;
    return {
      sent,
      tries: () => tries,
      send(one) {
        tries += 1;
        if (tries <= failures) return Promise.reject(new Error('the mail server is away'));
        sent.push(one);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }

  test('tries again, and gives up in the end', async () => {
    const twice = flaky(2);
    const queue = new MailQueue(twice, log, { retryMs: 1 });
    queue.send(mail);
    await queue.flush();
    expect([twice.sent.length, twice.tries()]).toEqual([1, 3]);
    const never = flaky(99);
    const other = new MailQueue(never, log, { retryMs: 1, attempts: 2 });
    other.send(mail);
    await other.flush();
    expect([never.sent.length, never.tries()]).toEqual([0, 2]);
  });

  test('drops what does not fit, and sends what is queued when it closes', async () => {
    const mailer = flaky(0);
    const queue = new MailQueue(mailer, log, { maximum: 2 });
    for (let n = 0; n < 5; n += 1) queue.send(mail);
    await queue.close();
    expect(mailer.sent).toHaveLength(2);
    queue.send(mail);
    await queue.flush();
    expect(mailer.sent).toHaveLength(2);
  });

  test('closing does not wait for retries', async () => {
    const mailer = flaky(99);
    const queue = new MailQueue(mailer, log, { retryMs: 3_600_000 });
    queue.send(mail);
    await queue.close();
    expect(mailer.sent).toEqual([]);
  });
});

test('a link carries its secret in the fragment, which no server sees', () => {
  for (const make of [verifyEmailMail, resetPasswordMail]) {
    expect(make('a@example.com', 'Acme', 'SECRET', 'https://acme.example.com').text).toMatch(
      /https:\/\/acme\.example\.com\/[a-z]+#SECRET\n/,
    );
    expect(make('a@example.com', 'Acme', 'SECRET', undefined).text).toContain('Your code:\nSECRET');
  }
});
