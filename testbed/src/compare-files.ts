import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Throws unless both files hold the same bytes. */
export async function assertSameFile(a: string, b: string): Promise<void> {
  await run('cmp', [a, b]).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`files differ: ${error.stdout ?? ''}${error.stderr ?? ''}`);
  });
}

/** What `diff -r` says of two trees, symbolic links compared as links: the empty string when they are equal. */
export async function differences(a: string, b: string): Promise<string> {
  try {
    await run('diff', ['-r', '--no-dereference', a, b], { maxBuffer: 64 * 2 ** 20 });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}
