import { connect } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { startSmtpSink } from './smtp.ts';

test('the sink keeps what it is sent, and writes it down for people', async () => {
  await using folder = await temporaryFolder();
  const sink = await startSmtpSink(path.join(folder.path, 'mails'));
  const socket = connect(Number(new URL(sink.addresses['url'] ?? '').port), '127.0.0.1');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const expectCode = async (code: string): Promise<void> => {
    for (;;) {
      const { value } = (await lines.next()) as { value: string };
      expect(value.slice(0, 3)).toBe(code);
      if (value[3] === ' ') return;
    }
  };
  await expectCode('220');
  const dialogue = [
    ['EHLO me', '250'],
    ['MAIL FROM:<ada@example.com>', '250'],
    ['RCPT TO:<bob@example.com>', '250'],
    ['DATA', '354'],
    ['Subject: hello\r\n\r\nText\r\n.', '250'],
    ['QUIT', '221'],
  ] as const;
  for (const [line, code] of dialogue) {
    socket.write(`${line}\r\n`);
    await expectCode(code);
  }
  expect(sink.mails).toEqual([{ from: 'ada@example.com', to: ['bob@example.com'], message: expect.stringContaining('Subject: hello') }]);
  expect(await readFile(path.join(sink.addresses['mails'] ?? '', '0.eml'), 'utf8')).toBe(sink.mails[0]?.message);
  if (!socket.destroyed) await once(socket.end(), 'close');
  await sink.stop();
});
