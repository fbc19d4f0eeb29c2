import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/** What a program says on a terminal that is asked for a new password, once these lines were typed after its first prompt. */
async function typed(...lines: readonly string[]): Promise<string> {
  const file = path.join(import.meta.dirname, 'read-password.ts');
  const program = `import { readNewPassword } from ${JSON.stringify(file)};
    const answer = await readNewPassword(undefined, "New: ").catch((error) => error.message);
    console.log("<" + answer + ">");`;
  const child = spawn('script', ['-qec', `'${process.execPath}' --no-warnings --input-type=module -e '${program}'`, '/dev/null']);
  let said = '';
  for await (const piece of child.stdout.setEncoding('utf8')) {
    if (said === '') child.stdin.write(lines.map((line) => `${line}\n`).join(''));
    said += String(piece);
    if (said.includes('>')) child.stdin.end();
  }
  return said;
}

test('a new password is typed twice, and shown neither time', async () => {
  expect(await typed('correct horse', 'correct horse')).toMatch(/^New: \s+The same again: \s+<correct horse>\s+$/);
});

test.each([
  [['correct horse', 'correct hours'], 'what was typed is not the same twice'],
  [['', ''], 'an empty password; pipe it in, or give --password-file FILE'],
])('%j is none', async (lines, message) => {
  expect(await typed(...lines)).toContain(`<${message}>`);
});
