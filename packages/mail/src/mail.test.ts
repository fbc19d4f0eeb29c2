import { readdir, readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { SMTPServer } from 'smtp-server';
import { createFileMailer } from './file-mailer.ts';
import { MailQueue } from './mail-queue.ts';
import type { Mail, Mailer } from './mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

const log = { error: () => {}, warn: () => {} };
const secret = 's'.repeat(43);
const mail: Mail = { to: 'ada@example.com', subject: 'Confirm your address for Acmé', text: `Your code:\n${secret}\n` };

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
    expect(text).toContain(secret);
    expect(text).toContain('Auto-Submitted: auto-generated');
    await mailer.close();
  });

  test('a subject cannot smuggle headers in', async () => {
    const target = path.join(folder.path, 'smuggled');
    const mailer = createFileMailer(target, 'noreply@example.com');
    await mailer.send({ ...mail, subject: 'Acme\r\nBcc: all@example.com', headers: { 'X-Kind': 'a\r\nBcc: all@example.com' } });
    const [name] = await readdir(target);
    const [head] = (await readFile(path.join(target, name ?? ''), 'utf8')).split('\n\n');
    expect(head).not.toMatch(/^Bcc:/m);
  });
});

test('SMTP delivers to a real server', async () => {
  const got: string[] = [];
  const senders: unknown[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      senders.push(session.envelope.mailFrom);
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
  await mailer.send({ ...mail, html: '<p>Hello</p>', headers: { 'List-Id': '<driftbox>' } });
  await mailer.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(got).toHaveLength(1);
  expect(got[0]).toMatch(/^To: ada@example\.com/m);
  for (const part of ['List-ID: <driftbox>', 'multipart/alternative', '<p>Hello</p>', secret]) expect(got[0]).toContain(part);
  // Nobody is told that a mail did not arrive, so nothing answers anything.
  expect(senders).toMatchObject([{ address: '' }]);
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
    const levels: string[] = [];
    const loud = { error: () => void levels.push('error'), warn: () => void levels.push('warn') };
    const other = new MailQueue(never, loud, { retryMs: 1, attempts: 2 });
    other.send(mail);
    await other.flush();
    expect([never.sent.length, never.tries()]).toEqual([0, 2]);
    expect(levels).toEqual(['warn', 'error']);
  });

  test('drops what does not fit, and sends what is queued when it closes', async () => {
    const mailer = flaky(0);
    const queue = new MailQueue(mailer, log, { maximum: 2 });
    for (let n = 0; n < 5; n += 1) queue.send(mail);
    expect(queue.backlog()).toEqual({ waiting: 2, oldestMs: expect.any(Number) });
    await queue.close();
    expect(queue.backlog()).toEqual({ waiting: 0, oldestMs: 0 });
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
