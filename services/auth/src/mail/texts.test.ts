import { expect, test } from '@jest/globals';
import { resetPasswordMail, verifyEmailMail } from './texts.ts';

test('a link carries its secret in the fragment, which no server sees', () => {
  for (const make of [verifyEmailMail, resetPasswordMail]) {
    expect(make('a@example.com', 'Acme', 'SECRET', 'https://acme.example.com').text).toMatch(
      /https:\/\/acme\.example\.com\/[a-z]+#SECRET\n/,
    );
    expect(make('a@example.com', 'Acme', 'SECRET', undefined).text).toContain('Your code:\nSECRET');
  }
});
