import { spawn } from 'node:child_process';
import path from 'node:path';

/**
 * What stands on a terminal after a program has asked something on it and got these lines typed: an expression over `imports`, which are
 * names of a file of this folder's parent. Its value, or what it throws, is shown in angle brackets.
 */
export async function onTerminal(file: string, imports: string, expression: string, lines: readonly string[]): Promise<string> {
  const program = `import { ${imports} } from ${JSON.stringify(path.join(import.meta.dirname, '..', file))};
    const answer = await ${expression}.catch((error) => error.message);
    console.log("<" + answer + ">");`;
  const command = `'${process.execPath}' --no-warnings --input-type=module -e '${program}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  for await (const piece of child.stdout.setEncoding('utf8')) {
    // Not before the program asks: what is typed ahead would be shown by the terminal itself.
    if (shown === '') child.stdin.write(lines.map((line) => `${line}\n`).join(''));
    shown += String(piece);
    if (shown.includes('>')) child.stdin.end();
  }
  return shown;
}
