import { expect, test } from '@jest/globals';
import { invitationMail, resetPasswordMail, verifyEmailMail } from './texts.ts';

test('an invitation says how to join on a command line, too', () => {
  const textAt = (url: string | undefined) => invitationMail('a@example.com', 'Acme', 'Ada', 'SECRET', url).text;
  expect(textAt('https://acme.example.com')).toContain('driftbox signup --server https://acme.example.com --invitation SECRET\n');
  expect(textAt(undefined)).toContain('driftbox signup --server ADDRESS --invitation SECRET\n');
});

test('a link carries its secret in the fragment, which no server sees', () => {
  for (const make of [verifyEmailMail, resetPasswordMail]) {
    expect(make('a@example.com', 'Acme', 'SECRET', 'https://acme.example.com').text).toMatch(
      /https:\/\/acme\.example\.com\/[a-z]+#SECRET\n/,
    );
    expect(make('a@example.com', 'Acme', 'SECRET', undefined).text).toContain('Your code:\nSECRET');
  }
});
