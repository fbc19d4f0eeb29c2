import { expect, test } from '@jest/globals';
import { invitationMail, resetPasswordMail, verifyEmailMail } from './texts.ts';

test('an invitation says how to join on a command line, too', () => {
  const textAt = (url: string | undefined) => invitationMail('a@example.com', 'Acme', 'Ada', 'SECRET', url).text;
  expect(textAt('https://acme.example.com')).toContain('driftbox signup --invitation SECRET --server https://acme.example.com\n');
  expect(textAt(undefined)).toContain('driftbox signup --invitation SECRET --server ADDRESS\n');
});

test('what is mailed is taken by a command', () => {
  for (const [make, command] of [
    [verifyEmailMail, 'confirm'],
    [resetPasswordMail, 'password reset'],
  ] as const) {
    expect(make('a@example.com', 'Acme', 'SECRET', 'https://acme.example.com').text).toContain(
      `\ndriftbox ${command} SECRET --server https://acme.example.com\n`,
    );
    expect(make('a@example.com', 'Acme', 'SECRET', undefined).text).toContain(`\ndriftbox ${command} SECRET --server ADDRESS\n`);
  }
});
