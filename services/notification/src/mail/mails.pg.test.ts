import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createClient } from '@driftbox/api-client';
import { parseDriveId, type UserId } from '@driftbox/domain';
import { createSmtpMailer } from '@driftbox/mail';
import { routes, type SentBody, type Routes } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { newUser, queueOf, startWorld, type World } from '../testing/world.ts';

const [ada, bob, eve] = [newUser(), newUser(), newUser()];
const drive = newId(parseDriveId);
type Got = { readonly from: string; readonly to: string; readonly message: string };
const got: Got[] = [];
/** What the mail server answers to recipients, by address. */
const refusals = new Map<string, number>();
let tries = 0;
const sink = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onRcptTo: ({ address }, _session, done) => {
    tries += 1;
    const code = refusals.get(address);
    done(code === undefined ? undefined : Object.assign(new Error('no'), { responseCode: code }));
  },
  onData: (stream, { envelope }, done) => {
    let message = '';
    stream.on('data', (piece: Buffer) => (message += piece.toString()));
    stream.once('end', () => {
      const { mailFrom, rcptTo } = envelope;
      // Lines of quoted-printable are broken where they are long.
      got.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo[0]?.address ?? '',
        message: message.replaceAll('=\r\n', ''),
      });
      done();
    });
  },
});

let world: World;
beforeAll(async () => {
  const listener = sink.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  world = await startWorld({
    mailer: createSmtpMailer(`smtp://127.0.0.1:${port}`, 'DriftBox <noreply@example.com>'),
    publicUrl: () => 'https://files.example.com',
  });
}, 60_000);
afterAll(async () => {
  await world.close();
  await new Promise<void>((resolve) => sink.close(() => resolve()));
});
beforeEach(() => {
  world.fresh();
  got.length = 0;
  tries = 0;
  refusals.clear();
  world.addresses.clear();
  world.addresses.set(bob, 'bob@example.com').set(eve, 'eve@example.com');
});

const grant = (people: readonly UserId[], driveName = 'Plans') =>
  world.tell('driftbox.files', 'grant.changed', { drive, driveName, role: 'viewer', people, by: ada });
const prefer = (who: UserId, body: SentBody<Routes['updatePreferences']>) => world.as(who).call(routes.updatePreferences, { body });
/** Sends what is due so much later. */
const later = async (minutes: number) => {
  world.nowMs += minutes * 60_000;
  await world.notification.sendMails();
};
const unsubscribeUrl = ({ message }: Got) => /^List-Unsubscribe:\s*<([^>]+)>/im.exec(message.replaceAll(/\r\n[ \t]+/g, ''))?.[1] ?? '';

test('one is mailed once, in text and HTML, and only at an address that is proven', async () => {
  world.addresses.delete(eve);
  const event = await grant([bob, eve, ada], 'Plans & <b>more</b>');
  await world.again('driftbox.files', event);
  await world.notification.sendMails();
  expect(got).toEqual([]);
  await later(2);
  await later(2);
  expect(got.map(({ to }) => to)).toEqual(['bob@example.com']);
  const { message, from } = got[0]!;
  // Nobody is told that it did not arrive, and no program answers it.
  expect(from).toBe('');
  expect(message).toMatch(/^Auto-Submitted: auto-generated/m);
  expect(message).toMatch(/multipart\/alternative/);
  expect(message).toContain('- You may read "Plans & <b>more</b>" now');
  expect(message).toMatch(/<li>You may read &quot;Plans &amp; &lt;b&gt;more&lt;\/b&gt;&quot; now<\/li>/);
});

test('what comes within a minute, or a digest\u2019s time, is one mail', async () => {
  await prefer(eve, { email: { digest: 'daily', timeZone: 'UTC' } });
  for (const name of ['One', 'Two', 'Three']) await grant([bob, eve], name);
  await later(2);
  await grant([bob, eve], 'Four');
  await later(2);
  expect(got.map(({ to }) => to)).toEqual(['bob@example.com', 'bob@example.com']);
  expect(got[0]!.message).toMatch(/^Subject: 3 notifications/m);
  await later(8 * 60);
  expect(got.slice(2).map(({ to }) => to)).toEqual(['eve@example.com']);
  for (const name of ['One', 'Two', 'Three', 'Four']) expect(got[2]!.message).toContain(`"${name}"`);
});

test('nothing is mailed in quiet hours, nor what one does not want', async () => {
  await prefer(bob, { email: { quiet: { from: '23:00', to: '06:00' }, timeZone: 'UTC' } });
  await prefer(eve, { kinds: { role: { email: false } } });
  await grant([bob, eve]);
  await later(5 * 60);
  expect(got).toEqual([]);
  await later(61);
  expect(got.map(({ to }) => to)).toEqual(['bob@example.com']);
  expect((await world.as(eve).call(routes.listInbox)).items).toHaveLength(1);
});

test('one click ends mails of that kind, without a sign-in, and what waits of them', async () => {
  await grant([bob]);
  await later(2);
  expect(got[0]!.message).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im);
  const { pathname, origin } = new URL(unsubscribeUrl(got[0]!));
  expect(origin).toBe('https://files.example.com');
  const nobody = createClient({ transport: world.notification.service.transport });
  const click = (unsubscribeToken: string) =>
    nobody.stream(routes.unsubscribe, { params: { unsubscribeToken }, body: [Buffer.from('List-Unsubscribe=One-Click')] });
  const token = pathname.split('/').at(-1)!;
  await expect(click(`${token.slice(0, -2)}xx`)).rejects.toMatchObject({ code: 'not_found' });
  await grant([bob]);
  await click(token);
  await click(token);
  await grant([bob]);
  await later(5);
  expect(got).toHaveLength(1);
  expect((await world.as(bob).call(routes.getPreferences)).kinds.role).toEqual({ inApp: true, email: false });
});

test('what the mail server takes later is tried later, what it never takes is not', async () => {
  refusals.set('bob@example.com', 451).set('eve@example.com', 550);
  await grant([bob, eve]);
  await later(2);
  expect(tries).toBe(2);
  await later(2);
  expect(tries).toBe(3);
  // It was to go after a minute, whenever it is tried again.
  expect(await queueOf(world, 'notification_mails')).toEqual({ waiting: 1, oldestSeconds: 180 });
  refusals.clear();
  await later(10);
  await waitFor(() => got.length === 1);
  expect(await queueOf(world, 'notification_mails')).toEqual({ waiting: 0, oldestSeconds: 0 });
  expect(got.map(({ to }) => to)).toEqual(['bob@example.com']);
});
