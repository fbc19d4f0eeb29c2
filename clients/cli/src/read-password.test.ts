import { expect, test } from '@jest/globals';
import { onTerminal } from './testing/on-terminal.ts';

const typed = (...lines: readonly string[]): Promise<string> =>
  onTerminal('read-password.ts', 'readNewPassword', 'readNewPassword(undefined, "New: ")', lines);

test('a new password is typed twice, and shown neither time', async () => {
  expect(await typed('correct horse', 'correct horse')).toMatch(/^New: \s+The same again: \s+<correct horse>\s+$/);
});

test.each([
  [['correct horse', 'correct hours'], 'what was typed is not the same twice'],
  [['', ''], 'an empty password; pipe it in, or give --password-file FILE'],
  [['\u0004'], 'an empty password; pipe it in, or give --password-file FILE'],
  [['\u0003'], 'interrupted'],
])('%j is none', async (lines, message) => {
  expect(await typed(...lines)).toContain(`<${message}>`);
});
